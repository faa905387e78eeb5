/** An example of a page: a request, and the status that the page promises. */
export interface DocExample {
  readonly line: number;
  readonly method: string;
  /** From the root of the server: `/fhir/Patient`. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly status: number;
}

/**
 * Reads the fenced `http` blocks of a page: a request line, headers, an empty line and a body where there is one,
 * and at the end `→ 201`, the status of the answer. Blocks without it are no examples to run.
 */
export function docExamples(markdown: string): DocExample[] {
  const examples: DocExample[] = [];
  for (const match of markdown.matchAll(/^```http\n([\s\S]*?)^```/gm)) {
    const text = (match[1] as string).trimEnd();
    const status = /\n→ (\d{3})[^\n]*$/.exec(text);
    if (status === null) continue;
    const [head = '', ...rest] = text.slice(0, status.index).split('\n\n');
    const [requestLine = '', ...headerLines] = head.split('\n');
    const [method = '', path = ''] = requestLine.split(' ');
    examples.push({
      line: markdown.slice(0, match.index).split('\n').length,
      method,
      path,
      headers: Object.fromEntries(
        headerLines
          .filter(Boolean)
          .map((line) => [
            line.slice(0, line.indexOf(':')).toLowerCase(),
            line.slice(line.indexOf(':') + 1).trim(),
          ]),
      ),
      body: rest.length === 0 ? undefined : rest.join('\n\n').trim(),
      status: Number(status[1]),
    });
  }
  return examples;
}
