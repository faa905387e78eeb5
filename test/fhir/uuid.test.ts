import { expect, it } from '@jest/globals';
import { isUuid, URL_NAMESPACE, uuidV5 } from '../../src/fhir/uuid.ts';

it('a version 5 UUID is the one of RFC 9562, appendix A.4', () => {
  expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
});

it('the same name gives the same UUID, another name another', () => {
  expect(uuidV5(URL_NAMESPACE, 'æøå')).toBe(uuidV5(URL_NAMESPACE, 'æøå'));
  expect(uuidV5(URL_NAMESPACE, 'æøå')).not.toBe(uuidV5(URL_NAMESPACE, 'æø'));
  expect(isUuid(uuidV5(URL_NAMESPACE, ''))).toBe(true);
});

it('a name-space that is no UUID is refused', () => {
  expect(() => uuidV5('example', 'a')).toThrow(TypeError);
});
