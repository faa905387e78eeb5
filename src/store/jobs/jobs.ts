import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';

/** A job that this server has taken. */
export interface TakenJob {
  /** UUID */
  readonly id: string;
  /** JSON text, as it was put in. */
  readonly request: string;
  /** 1 for the first; settles and beats of an earlier attempt are void. */
  readonly attempts: number;
}

/** How a job stands. */
export interface JobStatus {
  readonly state: 'waiting' | 'running' | 'done';
  /** Seconds since it was put in; since it was begun, when it runs. */
  readonly age: number;
  readonly running: number | null;
  /** Jobs that were put in earlier and are not done. */
  readonly before: number;
  /** When it is done: what is answered, and the instant at which it is forgotten. */
  readonly answer: string | null;
  readonly expires: string | null;
}

/** Puts a job in; undefined, and nothing put in, when `most` are not done already. */
export async function addJob(
  reader: Reader,
  id: string,
  request: string,
  most: number,
): Promise<string | undefined> {
  const [added] = await sqlOf(reader).query<{ id: string }>(
    `INSERT INTO async_job (id, request) SELECT $1::uuid, $2
      WHERE (SELECT count(*) FROM async_job WHERE state <> 'done') < $3 RETURNING id`,
    [id, request, most],
  );
  return added?.id;
}

/**
 * Takes the oldest job that waits, or whose server has given no sign of life for `lease` seconds. Several servers may
 * take at once; each gets another job.
 */
export async function takeJob(reader: Reader, lease: number): Promise<TakenJob | undefined> {
  const [taken] = await sqlOf(reader).query<TakenJob>(
    `UPDATE async_job SET state = 'running', started = now(), beat = now(), attempts = attempts + 1
      WHERE id = (SELECT id FROM async_job
                   WHERE state = 'waiting' OR (state = 'running' AND beat < now() - make_interval(secs => $1))
                   ORDER BY created LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, request, attempts`,
    [lease],
  );
  return taken;
}

/** A sign of life. False when the job is this server's no longer: cancelled, or taken by another one. */
export async function beatJob(reader: Reader, { id, attempts }: TakenJob): Promise<boolean> {
  const rows = await sqlOf(reader).query(
    "UPDATE async_job SET beat = now() WHERE id = $1 AND attempts = $2 AND state = 'running' RETURNING id",
    [id, attempts],
  );
  return rows.length > 0;
}

/** Notes the answer, kept for `keep` seconds. Nothing happens when the job was cancelled or taken by another. */
export async function settleJob(
  reader: Reader,
  { id, attempts }: TakenJob,
  answer: string,
  keep: number,
): Promise<void> {
  await sqlOf(reader).query(
    `UPDATE async_job SET state = 'done', answer = $3, expires = now() + make_interval(secs => $4)
      WHERE id = $1 AND attempts = $2 AND state = 'running'`,
    [id, attempts, answer, keep],
  );
}

/** Gives a job back, as if it had not been taken: the server stops. */
export async function releaseJob(reader: Reader, { id, attempts }: TakenJob): Promise<void> {
  await sqlOf(reader).query(
    `UPDATE async_job SET state = 'waiting', attempts = attempts - 1
      WHERE id = $1 AND attempts = $2 AND state = 'running'`,
    [id, attempts],
  );
}

export async function jobStatus(reader: Reader, id: string): Promise<JobStatus | undefined> {
  const [found] = await sqlOf(reader).query<JobStatus>(
    `SELECT state, answer, expires,
            extract(epoch FROM now() - created)::float8 AS age,
            extract(epoch FROM now() - started)::float8 AS running,
            (SELECT count(*)::integer FROM async_job o WHERE o.state <> 'done' AND o.created < j.created) AS before
       FROM async_job j WHERE id = $1 AND (expires IS NULL OR expires > now())`,
    [id],
  );
  return found;
}

/** Forgets a job, whatever its state; false when there is none. */
export async function forgetJob(reader: Reader, id: string): Promise<boolean> {
  const rows = await sqlOf(reader).query('DELETE FROM async_job WHERE id = $1 RETURNING id', [id]);
  return rows.length > 0;
}

/** Forgets the answers whose time is over. */
export async function forgetExpired(reader: Reader): Promise<void> {
  await sqlOf(reader).query("DELETE FROM async_job WHERE state = 'done' AND expires <= now()");
}
