import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** How far a load into one target has come: Bundles done without a gap, by file name. */
export interface LoadState {
  /** Bundles of this file that need not be sent again. */
  done(file: string): number;
  /** Remembers; written at most once a second, and by {@link save}. */
  record(file: string, done: number): void;
  save(): void;
  /** The load is complete: the next one starts over. */
  clear(): void;
}

interface Saved {
  readonly target: string;
  readonly files: Record<string, number>;
}

function read(path: string, target: string): Record<string, number> {
  try {
    const saved = JSON.parse(readFileSync(path, 'utf8')) as Saved;
    return saved.target === target ? saved.files : {};
  } catch {
    // No load was interrupted here, or its note is damaged: all is sent (again), which stores nothing twice.
    return {};
  }
}

/** The state of a load, kept in a file; one of another target counts for nothing. */
export function loadState(path: string, target: string, startOver: boolean): LoadState {
  const files = startOver ? {} : read(path, target);
  let written = 0;
  const save = (): void => {
    written = Date.now();
    writeFileSync(path, `${JSON.stringify({ target, files } satisfies Saved)}\n`);
  };
  return {
    done: (file) => files[file] ?? 0,
    record: (file, done) => {
      files[file] = done;
      if (Date.now() - written > 1000) save();
    },
    save,
    clear: () => rmSync(path, { force: true }),
  };
}
