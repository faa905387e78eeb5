/** A piece of HTML or SVG whose texts are escaped. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

/** Builds markup: whatever is put in is escaped, unless it is markup itself. */
export function html(texts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return {
    markup: texts.map((text, index) => (index === 0 ? text : render(contents[index - 1]) + text)).join(''),
  };
}

function render(content: Content): string {
  if (content === undefined || content === false) return '';
  if (typeof content === 'string') return escapeText(content);
  if (typeof content === 'number') return String(content);
  if ('markup' in content) return content.markup;
  return content.map(render).join('');
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
