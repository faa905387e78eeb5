import { evaluateMeasureOperation } from './evaluate-measure.ts';
import { courseEverything, patientEverything } from './everything.ts';
import { metaAddOperation, metaDeleteOperation, metaOperation } from './meta.ts';
import type { Operation } from './operation.ts';
import { processMessageOperation } from './process-message.ts';
import { validateOperation } from './validate.ts';

/** Every operation that is served. A new one is one file and one line here. */
export const OPERATIONS: readonly Operation[] = [
  processMessageOperation,
  evaluateMeasureOperation,
  validateOperation,
  patientEverything,
  courseEverything,
  metaOperation,
  metaAddOperation,
  metaDeleteOperation,
];
