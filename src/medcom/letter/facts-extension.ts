import type { Extension } from '@medplum/fhirtypes';
import { LETTER_EXTENSION } from '../vocabulary.ts';
import type { LetterFacts, LetterParty } from './letter-facts.ts';

const PARTIES = ['sender', 'receiver', 'copyTo', 'practice'] as const;
const TEXTS = ['type', 'version', 'identifier', 'envelope', 'status', 'episode', 'notification'] as const;
const INSTANTS = [
  'authorised',
  'sent',
  'admission',
  'discharge',
  'endOfTreatment',
  'expectedEndOfTreatment',
  'agreedDischarge',
  'plannedDischarge',
  'conference',
] as const;

/** What a letter says that has no element of its own in FHIR; the citizen stays in the Patient. */
export function factsExtension(letter: LetterFacts): Extension {
  const nested: Extension[] = [];
  for (const name of TEXTS) addText(nested, name, letter[name]);
  for (const name of INSTANTS) {
    const value = letter[name];
    if (value !== undefined) nested.push({ url: name, valueDateTime: value });
  }
  for (const party of PARTIES) addParty(nested, party, letter[party]);
  addText(nested, 'citizen.statusCode', letter.citizen.statusCode);
  return { url: LETTER_EXTENSION.facts, extension: nested };
}

function addParty(nested: Extension[], prefix: string, party: LetterParty | undefined): void {
  for (const [name, value] of Object.entries(party ?? {}) as [string, string | Record<string, string>][]) {
    if (typeof value === 'string') addText(nested, `${prefix}.${name}`, value);
    else for (const [part, text] of Object.entries(value)) addText(nested, `${prefix}.${name}.${part}`, text);
  }
}

function addText(nested: Extension[], url: string, value: string | undefined): void {
  if (value !== undefined && value !== '') nested.push({ url, valueString: value });
}

/** The facts kept by {@link factsExtension}, as a flat map of their names. */
export function keptFacts(extensions: readonly Extension[] | undefined): ReadonlyMap<string, string> {
  const facts = extensions?.find((extension) => extension.url === LETTER_EXTENSION.facts)?.extension;
  if (facts === undefined) return NOTHING;
  let kept = read.get(facts);
  if (kept === undefined) {
    kept = new Map(
      facts.flatMap((each): [string, string][] => {
        const value = each.valueString ?? each.valueDateTime;
        return value === undefined ? [] : [[each.url, value]];
      }),
    );
    read.set(facts, kept);
  }
  return kept;
}

const NOTHING: ReadonlyMap<string, string> = new Map();
/** Each new letter of a citizen asks for the facts of all before it, which never change. */
const read = new WeakMap<readonly Extension[], ReadonlyMap<string, string>>();

/** A party as it was kept, or undefined when it was not. */
export function keptParty(
  facts: ReadonlyMap<string, string>,
  prefix: (typeof PARTIES)[number],
): LetterParty | undefined {
  const own: Record<string, unknown> = {};
  for (const [name, value] of facts) {
    const [party, property, part] = name.split('.');
    if (party !== prefix || property === undefined) continue;
    if (part === undefined) own[property] = value;
    else
      own[property] = {
        given: '',
        family: '',
        title: '',
        ...(own[property] as object | undefined),
        [part]: value,
      };
  }
  return Object.keys(own).length === 0 ? undefined : (own as LetterParty);
}
