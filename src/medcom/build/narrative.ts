import type { Narrative, Resource } from '@medplum/fhirtypes';

/** The resource with these words as its narrative, which MedCom's profiles ask of every resource in a message. */
export function withNarrative<T extends Resource & { text?: Narrative }>(resource: T, words: string): T {
  const { resourceType, id, meta, ...rest } = resource;
  return { resourceType, id, meta, text: narrative(words), ...rest } as T;
}

function narrative(words: string): Narrative {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const lines = escaped.split('\n').join('<br/>');
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml" lang="da"><p>${lines}</p></div>`,
  };
}
