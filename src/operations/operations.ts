import { asLetterOperation } from './as-letter.ts';
import { careGapsOperation } from './care-gaps.ts';
import { lookupOperation, subsumesOperation } from './code-systems.ts';
import { dataRequirementsOperation } from './data-requirements.ts';
import { evaluateMeasureOperation } from './evaluate-measure.ts';
import { courseEverything, patientEverything } from './everything.ts';
import { expandOperation } from './expand.ts';
import { explainOperation } from './explain.ts';
import { metaAddOperation, metaDeleteOperation, metaOperation } from './meta.ts';
import type { Operation } from './operation.ts';
import { processMessageOperation } from './process-message.ts';
import { translateOperation } from './translate.ts';
import { validateOperation } from './validate.ts';
import { validateCodeInCodeSystem, validateCodeInValueSet } from './validate-code.ts';

/** Every operation that is served. A new one is one file and one line here. */
export const OPERATIONS: readonly Operation[] = [
  processMessageOperation,
  evaluateMeasureOperation,
  explainOperation,
  careGapsOperation,
  dataRequirementsOperation,
  validateOperation,
  expandOperation,
  validateCodeInValueSet,
  validateCodeInCodeSystem,
  lookupOperation,
  subsumesOperation,
  translateOperation,
  asLetterOperation,
  patientEverything,
  courseEverything,
  metaOperation,
  metaAddOperation,
  metaDeleteOperation,
];
