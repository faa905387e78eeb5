import type { XmlElement } from '../../fhir/xml/reader.ts';
import { child, childrenNamed, leaves, textAt, tidy } from './elements.ts';
import type { LetterSection, SectionCode } from './letter-facts.ts';

type Items = readonly Readonly<Record<string, string>>[];
type Finder = (letter: XmlElement) => { readonly items?: Items; readonly text?: string };

/** Where each section stands in a letter, in any of the packages (danish-domain C.3). */
const FINDERS: readonly (readonly [SectionCode, Finder])[] = [
  [
    'relatives',
    (letter) => {
      const container = child(letter, 'Relatives') ?? letter;
      const own =
        container === letter ? [] : [textAt(container, 'Comment'), textAt(letter, 'InformedRelative')];
      return {
        items: itemsOf(container, 'Relative'),
        text: joined([...own, container === letter ? textAt(letter, 'InformedRelative') : undefined]),
      };
    },
  ],
  ['services', list('Services', 'Service')],
  ['medicine', list('Medicine', 'Drug')],
  [
    'functional-ability',
    (letter) => {
      const container = letter.children.find((each) => /AbilityToFunction/.test(each.name));
      if (container === undefined) return { text: textAt(letter, 'MotionEvaluation') ?? '' };
      const elements = child(container, 'AbilityToFunctionElements') ?? container;
      const relevance = textAt(container, 'AbilityToFunctionRelevance');
      return {
        items: itemsOf(elements, 'AbilityToFunctionElement'),
        text: joined([
          relevance === 'ikke_relevant' ? 'Ikke relevant' : undefined,
          textAt(container, 'Comment'),
        ]),
      };
    },
  ],
  ['nursing-areas', list('NursingProblemAreas', 'NursingProblemArea')],
  ['cause', plain('CauseOfAdmission')],
  ['contact', (letter) => ({ items: itemsOf(child(letter, 'Sender'), 'ContactInformation') })],
  [
    'diagnoses',
    (letter) => {
      const container = child(letter, 'Diagnoses') ?? child(letter, 'Diagnose');
      const names = ['Main', 'Other', 'Diagnosis', 'Diagnose'];
      return {
        items: (container?.children ?? [])
          .filter((each) => names.includes(each.name))
          .map((each) => ({ ...(each.name === 'Main' ? { role: 'Main' } : {}), ...leaves(each) })),
      };
    },
  ],
  ['treatment', list('Treatments', 'Treatment')],
  ['aids', list('Auxiliaries', 'Auxiliary')],
  ['diet', whole('DietFirst24Hours')],
  ['infection-risk', plain('RiskOfContagion')],
  ['health-summary', plain('PatientHealthSummary')],
  [
    'coordination',
    (letter) => {
      const { items = [], text = '' } = whole('FurtherCoordination')(letter);
      const around = pick(letter, ['ExpectedCourseOfAdmission', 'AgreedDischargeComment']);
      return {
        items: [{ ...around, ...items[0] }],
        text: joined([text, textAt(letter, 'CareDescription', 'CommentsText')]),
      };
    },
  ],
  [
    'clinical-information',
    (letter) => ({
      text: joined(
        childrenNamed(letter, 'ClinicalInformation').map((each) =>
          joined([tidy(each.text), ...each.children.map((part) => tidy(part.text))]),
        ),
      ),
    }),
  ],
];

/** The sections that a letter fills; empty ones are left out. */
export function readSections(letter: XmlElement): readonly LetterSection[] {
  return FINDERS.flatMap(([code, find]) => {
    const { items = [], text = '' } = find(letter);
    const filled = items.filter((item) => Object.keys(item).length > 0);
    const shown = joined([...filled.map(itemText), text]);
    if (shown === '') return [];
    return [{ code, text: shown, ...(filled.length === 0 ? {} : { items: filled }) }];
  });
}

function list(container: string, item: string): Finder {
  return (letter) => ({
    items: itemsOf(child(letter, container), item),
    text: textAt(letter, container, 'Comment') ?? '',
  });
}

function plain(name: string): Finder {
  return (letter) => ({ text: textAt(letter, name) ?? '' });
}

function whole(name: string): Finder {
  return (letter) => {
    const element = child(letter, name);
    if (element === undefined) return {};
    return element.children.length === 0 ? { text: tidy(element.text) ?? '' } : { items: [leaves(element)] };
  };
}

function pick(letter: XmlElement, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = textAt(letter, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function itemsOf(container: XmlElement | undefined, name: string): Items {
  return childrenNamed(container, name).map((element) => leaves(element));
}

/** One line a field set: codes in parentheses after what they mean are left to the items. */
function itemText(item: Readonly<Record<string, string>>): string {
  return Object.entries(item)
    .filter(([name]) => !/(CodeSystem|TypeCode|IdentifierCode|role)$/.test(name))
    .map(([, value]) => value)
    .join(', ');
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n');
}
