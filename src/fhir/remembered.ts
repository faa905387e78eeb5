/**
 * A function that remembers what it made: the same few keys are asked for again and again. When it knows `most` it
 * forgets all of them, which costs less than to know which was used last.
 * @param make must depend on the key alone, and never make undefined
 */
export function remembered<Key extends string | number, Value extends NonNullable<unknown>>(
  most: number,
  make: (key: Key) => Value,
): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      if (known.size >= most) {
        known.clear();
      }
      known.set(key, value);
    }
    return value;
  };
}
