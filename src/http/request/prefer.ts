/** What the client would like (RFC 7240, R4 http.html#return); unknown preferences are ignored, as the RFC says. */
export interface Preferences {
  readonly return: 'representation' | 'minimal' | 'OperationOutcome';
  /** Whether `return` was said by the client. */
  readonly returnAsked: boolean;
  readonly handling: 'strict' | 'lenient';
  readonly respondAsync: boolean;
}

/** Defaults: `return=representation`, `handling=strict`. */
export function parsePrefer(header: string | undefined): Preferences {
  const asked = new Map<string, string>();
  for (const part of (header ?? '').split(/[,;]/)) {
    const [name, value] = part.split('=', 2).map((side) => side.trim().replace(/^"(.*)"$/, '$1'));
    if (name !== undefined && !asked.has(name.toLowerCase())) asked.set(name.toLowerCase(), value ?? '');
  }
  const wanted = asked.get('return');
  const known = wanted === 'minimal' || wanted === 'OperationOutcome' || wanted === 'representation';
  return {
    return: known ? wanted : 'representation',
    returnAsked: known,
    handling: asked.get('handling') === 'lenient' ? 'lenient' : 'strict',
    respondAsync: asked.has('respond-async'),
  };
}
