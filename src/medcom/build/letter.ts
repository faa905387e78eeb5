import type { LetterFacts, LetterSection, LetterType } from '../letter/letter-facts.ts';
import { LETTER_KINDS } from '../letter/letter-kinds.ts';
import {
  dateTime,
  itemNode,
  letterHead,
  listNode,
  patientNode,
  practiceNode,
  receiverNode,
  sectionOf,
  senderNode,
  textNode,
} from './letter-parts.ts';
import { branch, leaf, writeXml, type XmlNode } from './xml-writer.ts';

type Nodes = readonly (XmlNode | undefined)[];

const SCHEMA_2005 = 'http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2005/08/07/';
const SCHEMA_2007 = 'http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2007/02/01/';
/** Today's package of the municipal letters ("National Sygehus-Kommunesamarbejde"). */
const PACKAGE_103 = 'urn:oio:medcom:municipality:1.0.3';

/** The version that a letter of this type is written in: its published schema, unless its sections need the package. */
export function letterVersion(type: LetterType, sections: readonly LetterSection[]): string {
  const structured = sections.some((section) => section.code === 'nursing-areas');
  switch (type) {
    case 'XDIS16':
      return structured ? 'XD1634C' : 'XD1630C';
    case 'XDIS18':
      return structured ? 'XD1834C' : 'XD1830C';
    case 'XDIS19':
      return 'XD1930C';
    case 'XDIS21':
      return 'XD2134C';
    case 'XDIS01':
      return 'XD0133L';
    case 'XDIS20':
      return 'XD2030C';
    case 'XDIS17':
      return 'XD1730C';
    case 'XDIS14':
      return 'XD1431C';
    case 'XDIS91':
      return 'XD9133L';
  }
}

/**
 * One letter as an OIOXML Emessage (UTF-8). `letter.version` decides the package: 34 and later is the 1.0.3 one,
 * else the schema of 2005 or 2007, in whose element order and lengths it is written.
 */
export function buildLetter(letter: LetterFacts): string {
  const modern = /3[4-9]C$/.test(letter.version);
  const body = modern ? packageBody(letter) : schemaBody(letter);
  const head = letterHead(letter, !modern);
  return writeXml(
    branch('Emessage', [
      branch('Envelope', [
        dateTime('Sent', letter.sent ?? letter.authorised),
        leaf('Identifier', letter.envelope.slice(0, 14)),
        leaf('AcknowledgementCode', 'pluspositivkvitt'),
      ]),
      branch(LETTER_KINDS[letter.type].root, [head, ...body]),
    ])!,
    modern ? PACKAGE_103 : letter.type === 'XDIS16' || letter.type === 'XDIS18' ? SCHEMA_2007 : SCHEMA_2005,
  );
}

const CONTACT_2007 = [
  ['ContactNamePrimary', 35],
  ['ContactNameSecondary', 35],
  ['TelephoneSubscriberIdentifier', 25],
  ['TelefaxSubscriberIdentifier', 25],
  ['EmailAddressIdentifier', 35],
  ['ContactTimeText', 35],
] as const;
const DRUG = [
  ['NameOfDrug', 35],
  ['DosageForm', 35],
  ['DrugStrength', 70],
  ['Dosage', 70],
  ['Indication', 70],
] as const;
const SERVICE = [
  ['ServiceHeadline', 70],
  ['ServiceText', 10_000],
] as const;
const AUXILIARY = [
  ['AuxiliaryCode', 14],
  ['Identifier', 3],
  ['IdentifierCode', 3],
  ['AuxiliaryText', 70],
] as const;

/** How both reports of 2007 begin: parties, citizen, relatives. */
function reportHead(letter: LetterFacts): Nodes {
  return [
    senderNode(letter, 'SignedBy', contacts(letter, CONTACT_2007)),
    receiverNode('Receiver', letter.receiver),
    receiverNode('CCReceiver', letter.copyTo),
    practiceNode('Practitioner', letter.practice),
    patientNode(letter.citizen, undefined),
    relatives(letter),
  ];
}

function schemaBody(letter: LetterFacts): Nodes {
  switch (letter.type) {
    case 'XDIS16':
      return [
        ...reportHead(letter),
        listNode('Auxiliaries', 'Auxiliary', sectionOf(letter, 'aids'), AUXILIARY),
        listNode('Services', 'Service', sectionOf(letter, 'services'), SERVICE),
        listNode('Medicine', 'Drug', sectionOf(letter, 'medicine'), DRUG),
        textNode('MotionEvaluation', sectionOf(letter, 'functional-ability')),
        textNode('PatientHealthSummary', sectionOf(letter, 'health-summary')),
        textNode('CauseOfAdmission', sectionOf(letter, 'cause')),
        relativesText(letter),
      ];
    case 'XDIS18':
      return [
        ...reportHead(letter),
        dateTime('Admission', letter.admission),
        dateTime('Discharge', letter.discharge),
        treatments(sectionOf(letter, 'treatment')),
        listNode('Auxiliaries', 'Auxiliary', sectionOf(letter, 'aids'), AUXILIARY),
        listNode('Medicine', 'Drug', sectionOf(letter, 'medicine'), DRUG),
        ...[
          'functional-ability',
          'diagnoses',
          'clinical-information',
          'coordination',
          'services',
          'cause',
        ].map((code) =>
          textNode(
            'ClinicalInformation',
            letter.sections.find((section) => section.code === code),
          ),
        ),
      ];
    case 'XDIS19':
      return [
        senderNode(letter, 'Signatur', []),
        receiverNode('Receiver', letter.receiver),
        receiverNode('CCReceiver', letter.copyTo),
        patientNode(letter.citizen, letter.citizen.statusCode ?? 'indlagt'),
        practiceNode('FamilyDoctor', letter.practice),
        dateTime('Admission', letter.admission),
        dateTime('PlanConference', letter.conference),
        dateTime('EndOfTreatment', letter.endOfTreatment),
        dateTime(
          'PlannedDischarge',
          letter.plannedDischarge ?? letter.agreedDischarge ?? letter.endOfTreatment,
        ),
        branch('CareDescription', [textNode('CommentsText', sectionOf(letter, 'coordination'))]),
      ];
    case 'XDIS01':
      return [
        senderNode(letter, undefined, []),
        receiverNode('Receiver', letter.receiver),
        receiverNode('CCReceiver', letter.copyTo),
        patientNode(letter.citizen, letter.citizen.statusCode ?? 'inaktiv'),
        dateTime('Admission', letter.admission),
        dateTime('Discharge', letter.discharge),
        mainDiagnosis(sectionOf(letter, 'diagnoses')),
        ...clinicalTexts(letter),
      ];
    case 'XDIS91':
      return [
        senderNode(letter, undefined, []),
        receiverNode('Receiver', letter.receiver),
        patientNode(letter.citizen, letter.citizen.statusCode ?? 'inaktiv'),
        ...clinicalTexts(letter),
      ];
    case 'XDIS14':
      return [
        senderNode(letter, undefined, contacts(letter, undefined)),
        receiverNode('Receiver', letter.receiver),
        branch('Patient', [leaf('CivilRegistrationNumber', letter.citizen.cpr)]),
      ];
    default:
      return [
        senderNode(letter, undefined, []),
        receiverNode('Receiver', letter.receiver),
        branch('Patient', [
          leaf('CivilRegistrationNumber', letter.citizen.cpr),
          leaf('EpisodeOfCareStatusCode', letter.citizen.statusCode),
        ]),
        letter.type === 'XDIS20'
          ? dateTime('Admission', letter.admission)
          : dateTime('Discharge', letter.discharge),
      ];
  }
}

/** The shape that the municipal letters of the 1.0.3 package share. */
function packageBody(letter: LetterFacts): Nodes {
  const isPlan = letter.type === 'XDIS21';
  const ability = sectionOf(letter, 'functional-ability');
  const around = sectionOf(letter, 'coordination')?.items?.[0] ?? {};
  return [
    senderNode(letter, 'SignedBy', contacts(letter, undefined)),
    receiverNode('Receiver', letter.receiver),
    receiverNode('CCReceiver', letter.copyTo),
    practiceNode('Practitioner', letter.practice),
    patientNode(letter.citizen, undefined),
    listNode('Relatives', 'Relative', sectionOf(letter, 'relatives')),
    dateTime('Admission', letter.admission),
    dateTime('ExpectedEndOfTreatment', letter.expectedEndOfTreatment),
    dateTime('EndOfTreatment', letter.endOfTreatment),
    dateTime('AgreedDischarge', letter.agreedDischarge),
    leaf('AgreedDischargeComment', around.AgreedDischargeComment, true),
    dateTime('Discharge', letter.discharge),
    listNode('Auxiliaries', 'Auxiliary', sectionOf(letter, 'aids')),
    listNode('Services', 'Service', sectionOf(letter, 'services')),
    listNode('Medicine', 'Drug', sectionOf(letter, 'medicine')),
    textNode('PatientHealthSummary', sectionOf(letter, 'health-summary')),
    textNode('CauseOfAdmission', sectionOf(letter, 'cause')),
    leaf('ExpectedCourseOfAdmission', around.ExpectedCourseOfAdmission, true),
    textNode('RiskOfContagion', sectionOf(letter, 'infection-risk')),
    whole('DietFirst24Hours', sectionOf(letter, 'diet')),
    coordination(letter),
    listNode('NursingProblemAreas', 'NursingProblemArea', sectionOf(letter, 'nursing-areas')),
    diagnoses(sectionOf(letter, 'diagnoses')),
    listNode('Treatments', 'Treatment', sectionOf(letter, 'treatment')),
    abilityNode(isPlan ? 'ExpectedAbilityToFunctionAtDischarge' : 'AbilityToFunctionAtDischarge', ability),
    ...clinicalTexts(letter),
  ];
}

function contacts(letter: LetterFacts, fields: readonly (readonly [string, number])[] | undefined): Nodes {
  const section = sectionOf(letter, 'contact');
  if (section === undefined) return [];
  const items = section.items ?? [
    { [fields === undefined ? 'ContactName' : 'ContactNamePrimary']: section.text },
  ];
  return items
    .slice(0, 5)
    .map((item) => itemNode('ContactInformation', fields === undefined ? item : named2007(item), fields));
}

/** The 2007 schema says ContactNamePrimary and EmailAddressIdentifier for what others call ContactName and EmailIdentifier. */
function named2007(item: Readonly<Record<string, string>>): Record<string, string> {
  const { ContactName, EmailIdentifier, ...rest } = item;
  return {
    ...(ContactName === undefined ? {} : { ContactNamePrimary: ContactName }),
    ...(EmailIdentifier === undefined ? {} : { EmailAddressIdentifier: EmailIdentifier }),
    ...rest,
  };
}

function relatives(letter: LetterFacts): XmlNode | undefined {
  const section = sectionOf(letter, 'relatives');
  const fields = [
    ['RelationCode', 20],
    ['PersonSurnameName', 70],
    ['PersonGivenName', 70],
    ['StreetName', 35],
    ['SuburbName', 35],
    ['DistrictName', 35],
    ['PostCodeIdentifier', 4],
  ] as const;
  return branch(
    'Relatives',
    (section?.items ?? []).slice(0, 5).map((item) => itemNode('Relative', item, fields)),
  );
}

/** Words about the relatives that no item holds. */
function relativesText(letter: LetterFacts): XmlNode | undefined {
  const section = sectionOf(letter, 'relatives');
  const text = section?.text
    .split('\n')
    .slice(section.items?.length ?? 0)
    .join('\n');
  return leaf('InformedRelative', text, true);
}

function treatments(section: LetterSection | undefined): XmlNode | undefined {
  const items = section?.items ?? (section === undefined ? [] : [{ TreatmentText: section.text }]);
  const fields = [
    ['TreatmentCode', 14],
    ['Identifier', 3],
    ['IdentifierCode', 3],
    ['TreatmentText', 70],
  ] as const;
  return branch(
    'Treatments',
    items.slice(0, 28).map((item) => itemNode('Treatment', item, fields)),
  );
}

function mainDiagnosis(section: LetterSection | undefined): XmlNode | undefined {
  const items = section?.items ?? [];
  return branch(
    'Diagnose',
    items.map(({ role, ...item }) => itemNode(role === 'Main' ? 'Main' : 'Other', item)),
  );
}

function diagnoses(section: LetterSection | undefined): XmlNode | undefined {
  const items = section?.items ?? (section === undefined ? [] : [{ Text: section.text }]);
  return branch(
    'Diagnoses',
    items.map((item) => itemNode('Diagnosis', item)),
  );
}

function clinicalTexts(letter: LetterFacts): Nodes {
  const codes =
    letter.type === 'XDIS01'
      ? [
          'clinical-information',
          'cause',
          'treatment',
          'medicine',
          'functional-ability',
          'coordination',
          'health-summary',
        ]
      : ['clinical-information'];
  const texts = codes.flatMap((code) => {
    const text = letter.sections.find((section) => section.code === code)?.text;
    return text === undefined ? [] : [branch('ClinicalInformation', [leaf('Text01', text, true)])];
  });
  // A discharge letter has no list of diagnoses without codes: words stand with the other words.
  const words = letter.type === 'XDIS01' ? sectionOf(letter, 'diagnoses') : undefined;
  const plain =
    words !== undefined && words.items === undefined
      ? [branch('ClinicalInformation', [leaf('Text01', words.text, true)])]
      : [];
  return [...texts, ...plain];
}

function whole(name: string, section: LetterSection | undefined): XmlNode | undefined {
  const [item] = section?.items ?? [];
  return item === undefined ? leaf(name, section?.text, true) : itemNode(name, item);
}

/** FurtherCoordination, with the conference when hospital and municipality agreed on one. */
function coordination(letter: LetterFacts): XmlNode | undefined {
  const section = sectionOf(letter, 'coordination');
  const [told] = section?.items ?? [];
  const { ExpectedCourseOfAdmission: _course, AgreedDischargeComment: _comment, ...item } = told ?? {};
  const known = Object.keys(item).some((name) => name.startsWith('DischargeConference'));
  const conference =
    known || letter.conference === undefined ? undefined : dateTime('DischargeConference', letter.conference);
  const agreed =
    conference === undefined
      ? undefined
      : {
          ...conference,
          children: [{ name: 'DischargeDateCode', text: 'aftalt' }, ...(conference.children ?? [])],
        };
  const fields =
    told === undefined
      ? [branch('OtherMunicipalWorkNeeded', [leaf('Comment', section?.text, true)])]
      : (itemNode('FurtherCoordination', item)?.children ?? []);
  return branch('FurtherCoordination', [...fields, agreed]);
}

function abilityNode(name: string, section: LetterSection | undefined): XmlNode | undefined {
  if (section === undefined) return undefined;
  const items = (section.items ?? []).map((item) => itemNode('AbilityToFunctionElement', item));
  if (items.length > 0) return branch(name, [branch('AbilityToFunctionElements', items)]);
  return branch(name, [
    section.text === 'Ikke relevant'
      ? leaf('AbilityToFunctionRelevance', 'ikke_relevant')
      : leaf('Comment', section.text, true),
  ]);
}
