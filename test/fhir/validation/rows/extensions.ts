import { patient, type Row, row, task } from './row.ts';

const HL7 = 'http://hl7.org/fhir/StructureDefinition';
export const EXTENSION_ROWS: readonly Row[] = [
  row(
    'an extension has a URL',
    patient({ extension: [{ valueString: 'a' }] }),
    'Patient.extension[0].url',
    'required',
  ),
  row(
    'the URL of an extension is absolute',
    patient({ extension: [{ url: 'nickname', valueString: 'a' }] }),
    'Patient.extension[0].url',
    'value',
  ),
  row(
    'the URL of an extension is a URI',
    patient({ extension: [{ url: 'http://example.org/a b', valueString: 'a' }] }),
    'Patient.extension[0].url',
    'value',
  ),
  row(
    'an unknown modifier cannot be ignored',
    patient({ modifierExtension: [{ url: 'http://example.org/not', valueBoolean: true }] }),
    'Patient.modifierExtension[0]',
    'extension',
  ),
  {
    ...row(
      'a core extension in a new place is told, not refused',
      task({ extension: [{ url: `${HL7}/patient-birthPlace`, valueAddress: { city: 'A' } }] }),
      'Task.extension[0]',
      'extension',
    ),
    severity: 'warning',
  },
  row(
    'a known extension has its type',
    patient({ extension: [{ url: `${HL7}/patient-birthPlace`, valueString: 'A' }] }),
    'Patient.extension[0].value.ofType(string)',
    'structure',
  ),
  row(
    'a known extension refers to what it may',
    {
      resourceType: 'CarePlan',
      status: 'active',
      intent: 'plan',
      subject: { reference: 'Patient/1' },
      extension: [{ url: `${HL7}/workflow-episodeOfCare`, valueReference: { reference: 'Encounter/1' } }],
    },
    'CarePlan.extension[0].value.ofType(Reference).reference',
    'value',
  ),
  row(
    'a modifier is a modifier',
    patient({ modifierExtension: [{ url: `${HL7}/patient-birthPlace`, valueAddress: { city: 'A' } }] }),
    'Patient.modifierExtension[0]',
    'extension',
  ),
  row(
    'extensions of an extension are those it defines',
    patient({
      extension: [{ url: `${HL7}/patient-nationality`, extension: [{ url: 'code', valueString: 'DK' }] }],
    }),
    'Patient.extension[0].extension[0].value.ofType(string)',
    'structure',
  ),
  row(
    'a part of an extension is required where it is',
    patient({
      extension: [
        {
          url: `${HL7}/patient-citizenship`,
          extension: [{ url: 'code', valuePeriod: { start: '2026-01-01' } }],
        },
      ],
    }),
    'Patient.extension[0].extension[0].value.ofType(Period)',
    'structure',
  ),
  row(
    'an extension beside a primitive is checked',
    patient({
      birthDate: '1940-01-01',
      _birthDate: { extension: [{ url: `${HL7}/patient-birthTime`, valueDate: '1940-01-01' }] },
    }),
    'Patient.birthDate.extension[0].value.ofType(date)',
    'structure',
  ),
];
