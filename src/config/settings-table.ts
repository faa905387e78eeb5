import { SETTINGS } from './settings.ts';

/** The Markdown table of docs/configuration.md and the README; a test holds them to it. */
export function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(
    ([name, { default: standard, purpose }]) =>
      `| \`${name}\` | ${standard === undefined ? '' : `\`${standard}\``} | ${purpose} |`,
  );
  return ['| Setting | Default | Purpose |', '|---|---|---|', ...rows].join('\n');
}
