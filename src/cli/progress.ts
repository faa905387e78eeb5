import cliProgress from 'cli-progress';
import type { Io } from './io.ts';

export interface Progress {
  advance(): void;
  end(): void;
}

const SILENT: Progress = { advance: () => {}, end: () => {} };

/** A bar for a person; for a program that reads the output, one line at every tenth. */
export function showProgress(io: Io, label: string, total: number): Progress {
  if (total === 0) return SILENT;
  if (!io.interactive) {
    let done = 0;
    return {
      advance: () => {
        done += 1;
        const tenth = (count: number): number => Math.floor((10 * count) / total);
        if (tenth(done) > tenth(done - 1)) io.err(`${label}: ${done} of ${total}\n`);
      },
      end: () => {},
    };
  }
  const bar = new cliProgress.SingleBar({
    format: `  ${label} {bar} {value}/{total}  {eta_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: false,
  });
  bar.start(total, 0);
  return { advance: () => bar.increment(), end: () => bar.stop() };
}
