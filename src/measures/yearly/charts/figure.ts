import { type Content, html, type Markup } from '../markup.ts';

/** A picture that a screen reader can tell: a name, and what it shows in words. */
export function picture(
  options: {
    readonly id: string;
    readonly width: number;
    readonly height: number;
    readonly title: string;
    readonly describe: string;
  },
  content: Content,
): Markup {
  const { id, width, height, title, describe } = options;
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t ${id}-d" xmlns="http://www.w3.org/2000/svg"><title id="${id}-t">${title}</title><desc id="${id}-d">${describe}</desc>${content}</svg>`;
}

export function figure(chart: Markup, caption: Content, className = ''): Markup {
  return html`<figure class="${className}">${chart}<figcaption>${caption}</figcaption></figure>`;
}

/** What stands where a chart cannot be drawn. */
export function noPicture(reason: string): Markup {
  return html`<p class="no-picture">${reason}</p>`;
}
