import pg from 'pg';

/** A statement with $1, $2 …; a named one is prepared once a connection. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly name?: string | undefined;
}

/** What pg's connection keeps of the statements that are prepared on it. */
interface WireConnection {
  readonly stream: { cork?(): void; uncork?(): void };
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(message: { text: string; name: string | undefined; types: undefined }): void;
  bind(message: { statement: string | undefined; values: readonly WireValue[] }): void;
  describe(message: { type: 'P'; name: '' }): void;
  execute(message: { portal: '' }): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}

type WireValue = string | Buffer | null;

interface WireResult {
  readonly rows: object[];
  addFields(fields: unknown): void;
  parseRow(fields: unknown): object;
}

type Settle = (error: Error | undefined, rows: readonly object[][]) => void;

const { Result, utils } = pg as unknown as {
  Result: new (rowMode: undefined, types: pg.CustomTypesConfig) => WireResult;
  utils: { prepareValue(value: unknown): WireValue };
};

/**
 * Several statements as one exchange of messages (the submittable of pg's client): one packet out and one back, with
 * a single Sync at the end. PostgreSQL skips everything behind the first statement that fails, so a COMMIT or a write
 * never runs when what it builds upon did not.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class Exchange implements pg.Submittable {
  readonly statements: (Statement & { readonly values: readonly WireValue[] })[];
  readonly #types: pg.CustomTypesConfig;
  readonly #settle: Settle;
  readonly #results: object[][] = [];
  #result: WireResult | undefined;
  #failed = false;
  /** A value that cannot be parsed; the exchange goes on to its end all the same. */
  #unreadable: Error | undefined;

  constructor(statements: readonly Statement[], types: pg.CustomTypesConfig, settle: Settle) {
    // Before anything is sent: what cannot be a value must not leave half an exchange on the wire.
    this.statements = statements.map(({ text, values, name }) => ({
      text,
      values: values.map((value) => utils.prepareValue(value)),
      name,
    }));
    this.#types = types;
    this.#settle = settle;
  }

  /** Name and text of the statement that is being answered: the client notes by them what is prepared. */
  get name(): string | undefined {
    return this.statements[this.#results.length]?.name;
  }

  get text(): string | undefined {
    return this.statements[this.#results.length]?.text;
  }

  submit(given: unknown): void {
    const connection = given as WireConnection;
    const { stream, parsedStatements, submittedNamedStatements } = connection;
    stream.cork?.();
    for (const { text, values, name } of this.statements) {
      const known =
        name === undefined ? undefined : (parsedStatements[name] ?? submittedNamedStatements[name]);
      if (known === undefined) {
        connection.parse({ text, name, types: undefined });
        if (name !== undefined) {
          submittedNamedStatements[name] = text;
        }
      }
      connection.bind({ statement: name, values });
      connection.describe({ type: 'P', name: '' });
      connection.execute({ portal: '' });
    }
    connection.sync();
    stream.uncork?.();
  }

  handleRowDescription({ fields }: { fields: unknown }): void {
    this.#result = new Result(undefined, this.#types);
    this.#result.addFields(fields);
  }

  handleDataRow({ fields }: { fields: unknown }): void {
    const result = this.#result as WireResult;
    try {
      result.rows.push(result.parseRow(fields));
    } catch (error) {
      this.#unreadable ??= error as Error;
    }
  }

  handleCommandComplete(): void {
    this.#results.push(this.#result?.rows ?? []);
    this.#result = undefined;
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete();
  }

  handlePortalSuspended(): void {
    // All rows are asked for: a portal never suspends.
  }

  handleCopyInResponse(connection: unknown): void {
    (connection as WireConnection).sendCopyFail('Nothing is copied here');
  }

  handleError(error: Error, connection: unknown): void {
    this.#fail(error, connection as WireConnection);
  }

  handleReadyForQuery(): void {
    if (!this.#failed) {
      this.#settle(this.#unreadable, this.#results);
    }
  }

  #fail(error: Error, { submittedNamedStatements }: WireConnection): void {
    // What stands behind the failed statement was skipped, its preparation too.
    for (const { name } of this.statements.slice(this.#results.length)) {
      if (name !== undefined) {
        delete submittedNamedStatements[name];
      }
    }
    if (!this.#failed) {
      this.#failed = true;
      this.#settle(error, this.#results);
    }
  }
}

/**
 * Sends statements in one packet and resolves with the rows of each.
 * @throws the database's error of the first that fails; those behind it did not run
 */
export function exchange(
  client: Pick<pg.ClientBase, 'query'>,
  statements: readonly Statement[],
  types: pg.CustomTypesConfig,
): Promise<readonly object[][]> {
  return new Promise((resolve, reject) => {
    client.query(
      new Exchange(statements, types, (error, rows) => {
        if (error === undefined) {
          resolve(rows);
        } else {
          reject(error);
        }
      }),
    );
  });
}
