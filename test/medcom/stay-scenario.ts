import type { EventKind, StayEvent } from '../../src/medcom/stay/stay-event.ts';

const SYSTEM = 'https://sor2.sum.dsdn.dk/#id=265161000016000';
let counter = 0;

/** One event told at the time it happened, in March 2026, UTC: `at('02T10')`. */
export function event(kind: EventKind, at: string, overrides: Partial<StayEvent> = {}): StayEvent {
  counter += 1;
  const instant = when(at);
  return {
    source: `m${String(counter).padStart(4, '0')}`,
    mode: 'new',
    kind,
    at: instant,
    sent: instant,
    class: kind === 'admit-emergency' ? 'EMER' : 'IMP',
    start: instant,
    episodes: [episode('a')],
    provider: 'Organization/1',
    predecessors: [],
    ...(kind === 'death' ? { deceased: true } : {}),
    ...overrides,
  };
}

export function when(at: string): string {
  return `2026-03-${at.includes(':') ? at : `${at}:00`}:00Z`;
}

export function episode(key: string): StayEvent['episodes'][number] {
  return { system: SYSTEM, value: key, key, national: false };
}

export function national(key: string): StayEvent['episodes'][number] {
  return {
    system: 'https://www.esundhed.dk/Registre/Landspatientregisteret',
    value: key,
    key,
    national: true,
  };
}
