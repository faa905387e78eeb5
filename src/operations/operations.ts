import { asLetterOperation } from './as-letter.ts';
import { lookupOperation, subsumesOperation } from './code-systems.ts';
import { evaluateMeasureOperation } from './evaluate-measure.ts';
import { courseEverything, patientEverything } from './everything.ts';
import { expandOperation } from './expand.ts';
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
