import { asLetterOperation } from './as-letter.ts';
import { assessInclusionOperation } from './assess-inclusion.ts';
import { lookupOperation, subsumesOperation } from './code-systems.ts';
import { courseEverything, patientEverything } from './everything.ts';
import { expandOperation } from './expand.ts';
import { graphqlOperation } from './graphql.ts';
import { indexStatusOperation } from './index-status.ts';
import { collectDataOperation, submitDataOperation } from './measure-data.ts';
import {
  careGapsOperation,
  dataRequirementsOperation,
  evaluateMeasureOperation,
  evaluationStatusOperation,
  explainOperation,
} from './measure-operations.ts';
import { metaAddOperation, metaDeleteOperation, metaOperation } from './meta.ts';
import type { Operation } from './operation.ts';
import { processMessageOperation } from './process-message.ts';
import { sendOperation } from './send.ts';
import { translateOperation } from './translate.ts';
import { validateOperation } from './validate.ts';
import { validateCodeInCodeSystem, validateCodeInValueSet } from './validate-code.ts';
import { yearlyReportOperation } from './yearly-report.ts';

/** Every operation that is served. A new one is one file and one line here. */
export const OPERATIONS: readonly Operation[] = [
  processMessageOperation,
  asLetterOperation,
  sendOperation,
  assessInclusionOperation,
  evaluateMeasureOperation,
  careGapsOperation,
  dataRequirementsOperation,
  collectDataOperation,
  submitDataOperation,
  explainOperation,
  evaluationStatusOperation,
  yearlyReportOperation,
  validateOperation,
  patientEverything,
  courseEverything,
  metaOperation,
  metaAddOperation,
  metaDeleteOperation,
  expandOperation,
  validateCodeInValueSet,
  validateCodeInCodeSystem,
  lookupOperation,
  subsumesOperation,
  translateOperation,
  graphqlOperation,
  indexStatusOperation,
];
