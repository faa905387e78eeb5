import { describe, expect, it } from '@jest/globals';
import type { FhirError } from '../../src/fhir/outcome.ts';
import type { Method } from '../../src/http/request/exchange.ts';
import { MethodNotAllowed, route } from '../../src/http/request/route.ts';

function statusOf(method: Method, path: string): number {
  try {
    route(method, path);
  } catch (error) {
    return (error as FhirError).status;
  }
  return 200;
}

describe('the routes', () => {
  it.each([
    ['GET', '', 'search-system'],
    ['POST', '', 'batch'],
    ['GET', 'metadata', 'capabilities'],
    ['GET', '_history', 'history-system'],
    ['POST', '_search', 'search-system'],
    ['POST', '$process-message', 'operation'],
    ['GET', 'Patient', 'search-type'],
    ['POST', 'Patient', 'create'],
    ['PUT', 'Patient', 'update-conditional'],
    ['PATCH', 'Patient', 'patch-conditional'],
    ['DELETE', 'Patient', 'delete-conditional'],
    ['POST', 'Patient/_search', 'search-type'],
    ['GET', 'Patient/_history', 'history-type'],
    ['GET', 'Patient/a-1', 'read'],
    ['HEAD', 'Patient/a-1', 'read'],
    ['PUT', 'Patient/a-1', 'update'],
    ['PATCH', 'Patient/a-1', 'patch'],
    ['DELETE', 'Patient/a-1', 'delete'],
    ['GET', 'Patient/a-1/_history', 'history-instance'],
    ['GET', 'Patient/a-1/_history/3', 'vread'],
    ['GET', 'Patient/a-1/Task', 'search-compartment'],
    ['GET', 'Patient/a-1/*', 'search-compartment'],
    ['POST', 'Patient/a-1/Task/_search', 'search-compartment'],
    ['POST', 'Patient/a-1/$everything', 'operation'],
    ['OPTIONS', 'Patient', 'options'],
  ] as const)('%s /%s is %s', (method, path, interaction) => {
    expect(route(method, path).interaction).toBe(interaction);
  });

  it.each([
    ['GET', 'patient', 404],
    ['GET', 'Starship/1', 404],
    ['GET', 'Patient/1/2/3/4', 404],
    ['GET', 'Patient/1/name', 404],
    ['GET', 'Patient//', 400],
    ['GET', 'Patient/a_b', 400],
    ['GET', 'Patient/..%2F..', 400],
    ['GET', `Patient/${'x'.repeat(65)}`, 400],
    ['POST', 'metadata', 405],
    ['DELETE', 'Patient/1/_history/1', 405],
    ['POST', 'Patient/1', 405],
  ] as const)('%s /%s is refused with %i', (method, path, status) => {
    expect(statusOf(method, path)).toBe(status);
  });

  it('a refused method names those that are allowed', () => {
    expect(() => route('POST', 'Patient/1')).toThrow(MethodNotAllowed);
    try {
      route('POST', 'Patient/1');
    } catch (error) {
      expect((error as MethodNotAllowed).allow).toBe('GET, PUT, PATCH, DELETE, HEAD, OPTIONS');
    }
  });
});
