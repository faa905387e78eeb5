import { randomUUID } from 'node:crypto';
import type { Shot } from './fire.ts';
import { observation, patientsFor } from './observations.ts';
import type { RawRows } from './raw-rows.ts';

/** A request, and the same by hand. */
export interface Workload {
  shot(): Shot;
  raw(rows: RawRows): Promise<unknown>;
}

/** Reads and writes of a store of Observations `o0` … */
export function crudOf(size: number) {
  const patients = patientsFor(size);
  let turn = 0;
  const next = () => {
    turn += 1;
    return turn;
  };
  /** The last tenth is there to be deleted; the others are read and updated. */
  const living = Math.floor(size * 0.9);
  const some = () => (next() * 7919) % living;
  let deleted = 0;
  const doomed = () => {
    deleted += 1;
    return `o${living + (deleted % (size - living))}`;
  };

  const read = {
    shot: (): Shot => ({ method: 'GET', path: `/Observation/o${some()}` }),
    raw: (rows: RawRows) => rows.read(`o${some()}`),
  };
  const fresh = () => JSON.stringify(observation(size + next(), patients));
  const create = {
    shot: (): Shot => ({ method: 'POST', path: '/Observation', body: fresh() }),
    raw: (rows: RawRows) => rows.insert([{ id: randomUUID(), content: fresh() }]),
  };
  /** A remark is added: a new version, nothing new to find it by. */
  const changed = (number: number) =>
    JSON.stringify({
      ...observation(number, patients),
      id: `o${number}`,
      note: [{ text: `Remark ${next()}` }],
    });
  const update = {
    shot: (): Shot => {
      const number = some();
      return { method: 'PUT', path: `/Observation/o${number}`, body: changed(number) };
    },
    raw: (rows: RawRows) => {
      const number = some();
      return rows.update(`o${number}`, changed(number));
    },
  };
  const remove = {
    shot: (): Shot => ({ method: 'DELETE', path: `/Observation/${doomed()}` }),
    raw: (rows: RawRows) => rows.delete(doomed()),
  };
  /** 10 % create, 60 % read, 25 % update, 5 % delete, always in the same order. */
  const MIX = [read, update, read, create, read, update, read, read, update, read, remove, read].concat([
    read,
    update,
    read,
    create,
    read,
    update,
    read,
    read,
  ]);
  let place = 0;
  const mixed = () => {
    place += 1;
    return MIX[place % MIX.length] ?? read;
  };
  return {
    read,
    create,
    update,
    mixed: { shot: () => mixed().shot(), raw: (rows: RawRows) => mixed().raw(rows) },
    next,
    some,
  };
}
