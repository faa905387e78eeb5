import type { Measure } from '@medplum/fhirtypes';
import { canonicalOf } from '../compile/measure-elements.ts';
import type { TaskMeasure } from './messages.ts';

const texts = new WeakMap<Measure, TaskMeasure>();

/** A Measure as a thread is given it; its text is written once. */
export function taskMeasure(measure: Measure): TaskMeasure {
  let given = texts.get(measure);
  if (given === undefined) {
    given = { canonical: canonicalOf(measure), text: JSON.stringify(measure) };
    texts.set(measure, given);
  }
  return given;
}
