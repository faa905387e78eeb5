import type { Run } from '../run.ts';
import { checkItem, enterItem, leaveItem } from './check-profile.ts';
import { belongsTo } from './discriminate.ts';
import type { Item } from './item.ts';
import type { ProfileElement, Slice, Slicing } from './node.ts';

/** Gives each item to the first slice it belongs to, holds it to that slice, and counts. */
export function checkSlicing(
  run: Run,
  element: ProfileElement,
  slicing: Slicing,
  items: readonly Item[],
): void {
  const taken = new Map<Slice, Item[]>();
  for (const item of items) {
    const slice = slicing.slices.find((candidate) => belongsTo(run, candidate, item));
    if (slice !== undefined) {
      const others = taken.get(slice);
      if (others === undefined) {
        taken.set(slice, [item]);
      } else {
        others.push(item);
      }
    }
    enterItem(run, element, item);
    if (slice !== undefined) {
      checkItem(run, slice.element, item);
    } else if (slicing.closed && slicing.slices.every(({ decidable }) => decidable)) {
      run.error(
        'structure',
        `fits none of the slices that the profile allows: ${slicing.slices.map(({ name }) => name).join(', ')}`,
      );
    }
    leaveItem(run, item);
    if (slice?.element.slicing !== undefined) {
      checkSlicing(run, element, slice.element.slicing, [item]);
    }
  }
  run.enter(element.name);
  for (const slice of slicing.slices) {
    countSlice(run, slice, taken.get(slice)?.length ?? 0);
  }
  run.leave();
}

function countSlice(run: Run, slice: Slice, count: number): void {
  if (!slice.decidable) {
    return;
  }
  if (count < slice.min) {
    run.error(
      'required',
      `must have ${slice.min === 1 ? 'an item' : `${slice.min} items`} of the slice "${slice.name}"${marks(slice)}`,
    );
  }
  if (count > slice.max) {
    run.error(
      'structure',
      `has ${count} items of the slice "${slice.name}"; the profile allows at most ${slice.max}`,
    );
  }
}

/** By what such an item is known, for a text that says how to mend. */
function marks(slice: Slice): string {
  const known = slice.discriminators.flatMap(({ path, expected }) =>
    expected.flatMap(({ depth, fixed, pattern }) => {
      const names = path.slice(0, depth).flatMap((step) => (step.kind === 'child' ? [step.name] : []));
      const value = fixed ?? pattern;
      return value === undefined
        ? []
        : [`${names.join('.') || 'itself'} ${JSON.stringify(value).slice(0, 200)}`];
    }),
  );
  return known.length === 0 ? '' : `, known by ${known.join(' and ')}`;
}
