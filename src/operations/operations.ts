import { evaluateMeasureOperation } from './evaluate-measure.ts';
import type { Operation } from './operation.ts';
import { processMessageOperation } from './process-message.ts';

/** Every operation that is served. A new one is one file and one line here. */
export const OPERATIONS: readonly Operation[] = [processMessageOperation, evaluateMeasureOperation];
