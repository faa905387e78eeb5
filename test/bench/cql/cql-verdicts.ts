import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Bundle } from '@medplum/fhirtypes';
import { translate } from './translate.ts';

const require = createRequire(import.meta.url);

/** National parameter → Measure id, in the order of the groups. */
const PARAMETERS: Readonly<Record<string, string>> = {
  P1: 'admission-report',
  P2: 'discharge-plan',
  P3: 'care-pathway-plan',
  P4: 'ready-for-discharge',
  P5: 'discharge-report',
  P6: 'discharge-letter',
};

const POPULATIONS: Readonly<Record<string, string>> = {
  'initial-population': 'initial population',
  denominator: 'denominator',
  'denominator-exclusion': 'excluded',
  numerator: 'numerator',
  'denominator-exception': 'pending',
};

/** Times as CQL writes them, with milliseconds and offset. */
export interface CqlPeriod {
  readonly from: string;
  readonly until: string;
  readonly asOf: string;
}

/** One Measure with a group a parameter, so that a patient's data is read once for all six. */
function measureOf(library: string): object {
  return {
    resourceType: 'Measure',
    id: 'six',
    url: 'http://example.org/Measure/six',
    status: 'active',
    library: [library],
    scoring: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-scoring', code: 'proportion' }],
    },
    group: Object.keys(PARAMETERS).map((parameter) => ({
      id: parameter,
      extension: [
        {
          url: 'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-populationBasis',
          valueCode: 'Encounter',
        },
      ],
      population: Object.entries(POPULATIONS).map(([code, name]) => ({
        id: `${parameter}-${code}`,
        code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-population', code }] },
        criteria: { language: 'text/cql-identifier', expression: `${parameter} ${name}` },
      })),
    })),
  };
}

/** The Measure and its translated library in the Bundle that fqm-execution reads. */
export async function measureBundle(period: CqlPeriod): Promise<object> {
  const text = readFileSync(new URL('six-parameters.cql', import.meta.url), 'utf8')
    .replace('@AS_OF@', `@${period.asOf}`)
    .replace('@FROM@', `@${period.from}`)
    .replace('@UNTIL@', `@${period.until}`);
  const elm = await translate(text);
  const url = 'http://example.org/Library/SixParameters';
  const library = {
    resourceType: 'Library',
    id: 'SixParameters',
    url,
    version: '1.0.0',
    name: 'SixParameters',
    status: 'active',
    type: { coding: [{ code: 'logic-library' }] },
    content: [
      {
        contentType: 'application/elm+json',
        data: Buffer.from(JSON.stringify({ library: elm })).toString('base64'),
      },
    ],
  };
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: measureOf(url) }, { resource: library }],
  };
}

interface GroupResult {
  readonly groupId: string;
  readonly episodeResults?: readonly {
    readonly episodeId: string;
    readonly populationResults: readonly { readonly populationType: string; readonly result: boolean }[];
  }[];
}

/**
 * Evaluates patients with fqm-execution. @returns the verdict by `[stay id] [measure]` for every stay whose anchor lies
 * in the period; `not-applicable` outside the denominator
 */
export async function cqlVerdicts(
  measure: object,
  patients: readonly Bundle[],
  period: CqlPeriod,
): Promise<Map<string, string>> {
  const { Calculator } = require('fqm-execution');
  const { results } = await Calculator.calculate(measure, patients, {
    measurementPeriodStart: period.from.slice(0, 10),
    measurementPeriodEnd: period.until.slice(0, 10),
    trustMetaProfile: false,
    calculateSDEs: false,
    calculateHTML: false,
    calculateClauseCoverage: false,
    useElmJsonsCaching: true,
  });
  const found = new Map<string, string>();
  for (const patient of results as { readonly detailedResults: readonly GroupResult[] }[]) {
    for (const group of patient.detailedResults) {
      for (const { episodeId, populationResults } of group.episodeResults ?? []) {
        const within = new Set(
          populationResults.filter(({ result }) => result).map(({ populationType }) => populationType),
        );
        found.set(`${episodeId} ${PARAMETERS[group.groupId]}`, verdictOf(within));
      }
    }
  }
  return found;
}

function verdictOf(within: ReadonlySet<string>): string {
  if (!within.has('denominator')) return 'not-applicable';
  if (within.has('denominator-exclusion')) return 'excluded';
  if (within.has('numerator')) return 'met';
  return within.has('denominator-exception') ? 'pending' : 'not-met';
}
