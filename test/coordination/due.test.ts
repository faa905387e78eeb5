import { describe, expect, it } from '@jest/globals';
import type { PlanDefinitionAction } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { type Anchors, dueTime } from '../../src/coordination/due.ts';
import { EXTENSION } from '../../src/fhir/canonical.ts';
import { slowBusinessDeadline, slowEndOfDay } from './support/slow-calendar.ts';

type Offset = readonly [value: number, code: string];

function action(anchor: string, rule: string, offset?: Offset): PlanDefinitionAction {
  return {
    extension: [
      {
        url: EXTENSION.deadline,
        extension: [
          { url: 'anchor', valueCode: anchor },
          { url: 'rule', valueCode: rule },
          ...(offset === undefined
            ? []
            : [
                {
                  url: 'offset',
                  valueDuration: { value: offset[0], code: offset[1], system: 'http://unitsofmeasure.org' },
                },
              ]),
        ],
      },
    ],
  };
}

const ROWS: readonly (readonly [
  fact: string,
  rule: string,
  anchor: string,
  due: string | undefined,
  offset?: Offset,
])[] = [
  ['24 hours are elapsed hours', 'after', '2026-03-12T14:30:00+01:00', '2026-03-13T13:30:00.000Z', [24, 'h']],
  [
    '24 hours over the spring night end an hour later by the clock',
    'after',
    '2026-03-28T14:00:00+01:00',
    '2026-03-29T13:00:00.000Z',
    [24, 'h'],
  ],
  [
    '24 hours over the autumn night end an hour earlier by the clock',
    'after',
    '2026-10-24T14:00:00+02:00',
    '2026-10-25T12:00:00.000Z',
    [24, 'h'],
  ],
  [
    'one day over the spring night keeps the clock',
    'after',
    '2026-03-28T14:00:00+01:00',
    '2026-03-29T12:00:00.000Z',
    [1, 'd'],
  ],
  ['half an hour may be asked', 'after', '2026-03-12T14:00:00Z', '2026-03-12T14:30:00.000Z', [0.5, 'h']],
  ['before 14:00 is 13:59:59.999', 'before', '2026-03-12T14:00:00+01:00', '2026-03-12T12:59:59.999Z'],
  ['end of day is the local one', 'end-of-day', '2026-03-12T23:30:00Z', '2026-03-13T22:59:59.999Z'],
  ['end of the 25-hour day', 'end-of-day', '2026-10-25T00:15:00+02:00', '2026-10-25T22:59:59.999Z'],
  ['end of the day before', 'end-of-day-before', '2026-03-12T00:00:00+01:00', '2026-03-11T22:59:59.999Z'],
  [
    'end of the day before the 23-hour day',
    'end-of-day-before',
    '2026-03-29T12:00:00+02:00',
    '2026-03-28T22:59:59.999Z',
  ],
  [
    'end of two days before',
    'end-of-day-before',
    '2026-03-12T12:00:00Z',
    '2026-03-10T22:59:59.999Z',
    [2, 'd'],
  ],
  [
    'three business days after a Thursday',
    'business-days',
    '2026-03-12T14:00:00+01:00',
    '2026-03-17T22:59:59.999Z',
    [3, 'd'],
  ],
  [
    'three business days after a Saturday',
    'business-days',
    '2026-03-14T14:00:00+01:00',
    '2026-03-18T22:59:59.999Z',
    [3, 'd'],
  ],
  [
    'three business days over Easter',
    'business-days',
    '2026-04-01T14:00:00+02:00',
    '2026-04-09T21:59:59.999Z',
    [3, 'd'],
  ],
  [
    'three business days over Christmas',
    'business-days',
    '2025-12-23T14:00:00+01:00',
    '2025-12-30T22:59:59.999Z',
    [3, 'd'],
  ],
  [
    'a day without time counts to its last instant',
    'after',
    '2026-03-12',
    '2026-03-13T22:59:59.999Z',
    [24, 'h'],
  ],
  [
    'before a day without time is any time of that day but its last millisecond',
    'before',
    '2026-03-12',
    '2026-03-12T22:59:59.998Z',
  ],
  ['end of a day without time is that day', 'end-of-day', '2026-03-12', '2026-03-12T22:59:59.999Z'],
  ['a month is no anchor', 'end-of-day', '2026-03', undefined],
  ['a year is no anchor', 'end-of-day', '2026', undefined],
  ['a leap second is the second after', 'before', '2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
  ['a time that does not exist is no anchor', 'before', '2026-02-30T14:00:00Z', undefined],
  ['a time without offset is no anchor', 'before', '2026-03-12T14:00:00', undefined],
];

describe('a due time', () => {
  it.each(ROWS.map((row) => ({ fact: row[0], row })))('$fact', ({ row: [, rule, anchor, due, offset] }) => {
    expect(dueTime(action('discharge', rule, offset), { discharge: anchor })).toBe(due);
  });

  it('is not known before its anchor is', () => {
    const anchors: Anchors = { admission: '2026-03-10T08:00:00Z' };
    expect(dueTime(action('discharge', 'before'), anchors)).toBeUndefined();
    expect(dueTime(action('end-of-treatment', 'end-of-day'), anchors)).toBeUndefined();
    expect(dueTime(action('admission', 'end-of-day'), anchors)).toBe('2026-03-10T22:59:59.999Z');
  });

  it('follows the zone and the extra days of the calendar given', () => {
    const christmas = createCalendar({ extraNonBusinessDays: ['--12-24', '--12-31'] });
    const rule = action('discharge', 'business-days', [1, 'd']);
    expect(dueTime(rule, { discharge: '2025-12-23T14:00:00+01:00' }, christmas)).toBe(
      '2025-12-29T22:59:59.999Z',
    );
    const utc = createCalendar({ timeZone: 'UTC' });
    expect(dueTime(action('admission', 'end-of-day'), { admission: '2026-03-12T23:30:00Z' }, utc)).toBe(
      '2026-03-12T23:59:59.999Z',
    );
  });

  it('is the one that an independent calendar finds step by step', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse('2010-01-01'), max: Date.parse('2040-01-01') }),
        fc.integer({ min: 1, max: 10 }),
        (instant, count) => {
          const discharge = new Date(instant).toISOString();
          const due = (rule: string, offset?: Offset) =>
            Date.parse(dueTime(action('discharge', rule, offset), { discharge }) as string);
          expect(due('business-days', [count, 'd'])).toBe(slowBusinessDeadline(instant, count));
          expect(due('end-of-day')).toBe(slowEndOfDay(instant));
          expect(slowEndOfDay(due('end-of-day-before') + 1)).toBe(slowEndOfDay(instant));
          expect(due('before')).toBe(instant - 1);
          expect(due('after', [count, 'h'])).toBe(instant + count * 3_600_000);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never moves back when the anchor moves on', () => {
    const rules: readonly (readonly [string, Offset?])[] = [
      ['after', [3, 'd']],
      ['after', [24, 'h']],
      ['before'],
      ['end-of-day'],
      ['end-of-day-before'],
      ['business-days', [3, 'd']],
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') }),
        fc.integer({ min: 0, max: 400_000_000 }),
        fc.constantFrom(...rules),
        (first, later, [rule, offset]) => {
          const due = (instant: number) =>
            dueTime(action('discharge', rule, offset), {
              discharge: new Date(instant).toISOString(),
            }) as string;
          // A calendar day over the spring night may fold the skipped hour onto the next: equal, never less.
          expect(due(first + later) >= due(first)).toBe(true);
        },
      ),
    );
  });
});

describe('a malformed deadline', () => {
  const BAD: readonly (readonly [fact: string, action: PlanDefinitionAction, expression: string])[] = [
    ['is missing', {}, 'extension('],
    ['has an unknown anchor', action('birth', 'before'), "extension('anchor').value"],
    ['has an unknown rule', action('discharge', 'soon'), "extension('rule').value"],
    ['lacks its offset', action('discharge', 'after'), "extension('offset').value"],
    ['has an offset it cannot use', action('discharge', 'before', [1, 'h']), "extension('offset').value"],
    [
      'counts business hours',
      action('discharge', 'business-days', [3, 'h']),
      "extension('offset').value.code",
    ],
    ['counts in weeks', action('discharge', 'after', [1, 'wk']), "extension('offset').value.code"],
    ['counts half days', action('discharge', 'after', [1.5, 'd']), "extension('offset').value.value"],
    ['counts backwards', action('discharge', 'after', [-1, 'h']), "extension('offset').value.value"],
    ['is zero days before', action('discharge', 'end-of-day-before', [0, 'd']), "extension('offset').value"],
  ];

  it.each(BAD)('that %s is refused with its place', (_fact, wrong, expression) => {
    let error: unknown;
    try {
      dueTime(wrong, { discharge: '2026-03-12T14:00:00Z' });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ status: 422 });
    expect(JSON.stringify((error as { outcome: unknown }).outcome)).toContain(expression);
  });
});
