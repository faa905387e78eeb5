import type { CommunicationPayload, Extension } from '@medplum/fhirtypes';
import { EXTENSION } from '../../fhir/canonical.ts';
import { LETTER_EXTENSION } from '../vocabulary.ts';
import { itemCodings, scoreCoding } from './functional-codes.ts';
import { type LetterSection, SECTION_CODES, type SectionCode } from './letter-facts.ts';

/** One payload a section (docs/model.md, "Exchange"); the letter's own fields and their codes ride along. */
export function sectionPayload(section: LetterSection): CommunicationPayload {
  const items = (section.items ?? []).map((item): Extension => {
    const score = scoreCoding(item);
    return {
      url: LETTER_EXTENSION.item,
      extension: [
        ...Object.entries(item).map(([url, valueString]): Extension => ({ url, valueString })),
        ...itemCodings(item).map((valueCoding): Extension => ({ url: 'coding', valueCoding })),
        ...(score === undefined ? [] : [{ url: 'score', valueCoding: score }]),
      ],
    };
  });
  return {
    extension: [{ url: EXTENSION.section, valueCode: section.code }, ...items],
    contentString: section.text,
  };
}

/** The sections of a Communication, whether it came as a letter or as plain FHIR. */
export function sectionsOf(payloads: readonly CommunicationPayload[] | undefined): readonly LetterSection[] {
  return (payloads ?? []).flatMap((payload): LetterSection[] => {
    const code = payload.extension?.find((extension) => extension.url === EXTENSION.section)?.valueCode;
    if (code === undefined || payload.contentString === undefined || !isSection(code)) return [];
    const items = (payload.extension ?? [])
      .filter((extension) => extension.url === LETTER_EXTENSION.item)
      .map((item) =>
        Object.fromEntries(
          (item.extension ?? []).flatMap((field) =>
            field.valueString === undefined ? [] : [[field.url, field.valueString] as const],
          ),
        ),
      );
    return [{ code, text: payload.contentString, ...(items.length === 0 ? {} : { items }) }];
  });
}

function isSection(code: string): code is SectionCode {
  return (SECTION_CODES as readonly string[]).includes(code);
}
