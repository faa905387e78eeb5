import type { Parameters } from '@medplum/fhirtypes';
import type { ContentsReader } from '../../coordination/stay-facts.ts';
import type { Layout } from '../../store/verdicts/layout.ts';
import type { ReasonRow } from '../../store/verdicts/rows.ts';
import type { TextRow } from '../kept/packed-rows.ts';
import type { Frame } from '../masking/frame.ts';
import type { MarkedRows } from '../masking/marks.ts';
import type { MeasurementPeriod } from '../report/period.ts';
import type { Verdict } from '../stays/verdict.ts';
import type { PublishedRow } from '../suppression/suppress.ts';
import type { CountTable } from '../suppression/table.ts';
import type { ReportUnit } from '../yearly/model.ts';

/** A Measure as a thread is given it: it remembers texts that it has compiled. */
export interface TaskMeasure {
  /** `url|version` */
  readonly canonical: string;
  /** The resource as JSON. */
  readonly text: string;
}

/** What a thread can be asked to do. Its Measures are those that the pulse counts, by their index. */
export type Task =
  /** The verdicts of all Measures on the stays, to be kept; answers {@link Judged}[]. */
  | {
      readonly kind: 'judge';
      readonly measures: readonly TaskMeasure[];
      /** Of each of the Measures. */
      readonly layouts: readonly Layout[];
      readonly ids: readonly string[];
    }
  /** The verdicts of one Measure on the stays of a request, by and by: emits Verdict[]. */
  | {
      readonly kind: 'stays';
      readonly measures: readonly [TaskMeasure];
      readonly period: MeasurementPeriod;
      readonly asOf: string;
      readonly subject?: string;
      readonly practitioner?: string;
    }
  /** The verdicts of one Measure on subjects, for each of the periods: emits {@link InPeriod}[]. */
  | {
      readonly kind: 'subjects';
      readonly measures: readonly [TaskMeasure];
      readonly periods: readonly MeasurementPeriod[];
      readonly asOf: string;
      readonly subject?: string;
    }
  /** Why a Measure says what it says of a stay; answers Parameters, or undefined when the stay is not there. */
  | {
      readonly kind: 'explain';
      readonly measures: readonly [TaskMeasure];
      readonly stay: string;
      readonly asOf: string;
    }
  /** What may be shown of the Measures' counts of a year (docs/suppression.md); reads nothing. */
  | {
      readonly kind: 'hide';
      readonly measures: readonly TaskMeasure[];
      readonly frame: Frame;
      readonly places: readonly ReportUnit[];
      readonly threshold: number;
    }

  /** What may be shown of a table of counts that is published as a whole (docs/suppression.md); reads nothing. */
  | {
      readonly kind: 'suppress';
      readonly measures: readonly [];
      readonly table: CountTable;
      readonly threshold: number;
    };

/** The verdicts of a stay worth keeping, as they are stored. */
export interface Judged {
  readonly rows: readonly TextRow[];
  readonly reason: ReasonRow;
}

export interface InPeriod {
  /** Index into the periods. */
  readonly period: number;
  readonly verdict: Verdict;
}

export interface Answers {
  readonly judge: readonly Judged[];
  readonly stays: undefined;
  readonly subjects: undefined;
  readonly explain: Parameters | undefined;
  readonly hide: MarkedRows;
  readonly suppress: readonly PublishedRow[];
}

export interface Emitted {
  readonly judge: never;
  readonly stays: readonly Verdict[];
  readonly subjects: readonly InPeriod[];
  readonly explain: never;
  readonly hide: never;
  readonly suppress: never;
}

/** The questions to the store that a thread passes on. */
export type Question = keyof ContentsReader;

export type FromThread =
  | {
      readonly kind: 'ask';
      readonly call: number;
      readonly question: Question;
      readonly given: readonly unknown[];
    }
  /** Part of the result; the thread goes on when it is told that somebody took it. */
  | { readonly kind: 'emit'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'done'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly message: string };

export type ToThread =
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'reply'; readonly call: number; readonly value: unknown }
  /** The store could not answer; whoever gave the task knows why. */
  | { readonly kind: 'refused'; readonly call: number };
