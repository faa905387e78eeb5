import type { Markup } from '../markup.ts';

/** The look: one column for the screen, A4 for paper. No external font, file or script. */
export const STYLE: Markup = {
  markup: `
:root{--ink:#14252b;--soft:#4f626a;--line:#d5dfe2;--paper:#fff;--tint:#f2f7f7;--main:#0a6264;--main-soft:#8fc1bd;--alert:#b3500b;--bad:#9d2235}
*{box-sizing:border-box}
html{color-scheme:light}
body{margin:0;background:#e9eff0;color:var(--ink);font:16px/1.5 Inter,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:820px;margin:0 auto;background:var(--paper);padding:0 56px 48px;box-shadow:0 0 24px rgba(20,37,43,.08)}
.cover{max-width:820px;margin:0 auto;background:var(--main);color:#fff;padding:56px 56px 40px}
.cover .over{margin:0;text-transform:uppercase;letter-spacing:.09em;font-size:.8rem;opacity:.9}
.cover h1{font-size:2.5rem;line-height:1.12;margin:.35em 0 .4em;font-weight:700;letter-spacing:-.01em;max-width:17em}
.cover .sub{font-size:1.15rem;margin:0 0 1.6em;max-width:36em}
.cover dl{display:flex;flex-wrap:wrap;gap:.6em 2.4em;margin:0;font-size:.9rem}
.cover dt{opacity:.85}.cover dd{margin:0;font-weight:600}
nav{border-bottom:1px solid var(--line);padding:20px 0 16px;font-size:.92rem}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.3em 1.4em;margin:0;padding:0}
a{color:var(--main)}a:focus-visible{outline:3px solid var(--alert);outline-offset:2px}
h2{font-size:1.65rem;line-height:1.2;margin:2.2em 0 .6em;letter-spacing:-.01em}
h3{font-size:1.1rem;margin:1.7em 0 .4em}
p{margin:.4em 0 .8em}.lead{font-size:1.12rem}.note,.soft{color:var(--soft)}.note{font-size:.88rem}
.tag{display:inline-block;background:var(--main);color:#fff;border-radius:4px;padding:.02em .42em;font-size:.78em;font-weight:700;letter-spacing:.02em}
.tiles{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(3,1fr);gap:14px}
.tile{border:1px solid var(--line);border-radius:8px;padding:14px 14px 8px;display:flex;flex-direction:column}
.tile h3{margin:0 0 .3em;font-size:.98rem;line-height:1.3;min-height:3.9em}.tile h3 a{color:inherit;text-decoration:none}.tile h3 a:hover{text-decoration:underline}
.tile p{margin:0 0 .3em;font-size:.86rem}.tile .big{font-size:2rem;line-height:1.1;margin:0}
.big{font-weight:700;letter-spacing:-.02em}.headline{display:flex;gap:24px;align-items:center;margin-bottom:1em}.headline .big{font-size:3rem;line-height:1;margin:0;white-space:nowrap}.headline p{margin:0}
.change{font-weight:600}.change.better{color:var(--main)}.change.worse{color:var(--bad)}.change.same{color:var(--soft)}
.definition{background:var(--tint);border-left:4px solid var(--main);padding:12px 18px;font-size:.92rem}
.definition dl{display:grid;grid-template-columns:6.5em 1fr;gap:.15em .8em;margin:.4em 0 0}.definition dt{font-weight:600}.definition dd{margin:0}
.code{font-family:ui-monospace,"Cascadia Mono",Consolas,"DejaVu Sans Mono",monospace;font-size:.82em;overflow-wrap:anywhere}
figure{margin:.4em 0 1em}figcaption{font-size:.86rem;color:var(--soft);margin-top:.3em}
.with-signal figcaption{border-left:4px solid var(--alert);padding-left:10px;color:var(--ink)}
.no-picture{border:1px dashed var(--line);padding:16px;color:var(--soft)}
table{border-collapse:collapse;width:100%;margin:.8em 0 1.4em;font-size:.9rem}caption{text-align:left;font-weight:600;padding-bottom:.35em}
th,td{padding:.32em .5em;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}thead th{border-bottom:2px solid var(--ink);vertical-align:bottom}
tbody th{font-weight:400;white-space:nowrap}.number{text-align:right;white-space:nowrap}.total th,.total td{font-weight:700;background:var(--tint)}
table.narrow{max-width:320px}.masked{text-decoration:none;font-weight:700;color:var(--alert);cursor:help}
.dense{font-size:.8rem}.dense th,.dense td{padding:.22em .4em}.dense .under{color:var(--soft);font-size:.86em;display:inline-block;min-width:4.2em}.group th{background:var(--tint);font-weight:700;color:var(--main)}
.chart{display:block;width:100%;height:auto;font-size:12px}
.chart text{fill:var(--ink)}.chart .tick,.chart .axis{fill:var(--soft);font-size:11px}.chart .axis{font-size:12px}.chart .strong{font-weight:700;fill:var(--ink)}
.grid{stroke:var(--line);stroke-width:1}.band{fill:none}.band.latest{fill:var(--tint)}
.median{stroke:var(--soft);stroke-width:1.4;stroke-dasharray:6 4}.median.signal{stroke:var(--alert);stroke-width:2}.chart .label{font-size:11.5px;fill:var(--soft)}.chart .label.signal{fill:var(--alert);font-weight:700}.chart .label.strong{fill:var(--main)}
.series{fill:none;stroke:var(--main);stroke-width:1.8;stroke-linejoin:round}.point{fill:var(--main);stroke:#fff;stroke-width:1}.point.signal{fill:var(--alert)}
.chart .hidden-mark{fill:var(--alert);font-weight:700;font-size:14px}
.bar{fill:var(--main-soft)}.bar.strong{fill:var(--main)}.whisker{fill:none;stroke:var(--ink);stroke-width:1.5}.chart .value{font-size:12.5px}.chart .row-name{font-size:12.5px}
.target{stroke:var(--alert);stroke-width:2;stroke-dasharray:2 3}
.limit{fill:none;stroke:var(--soft);stroke-width:1.2}.limit.inner{stroke-dasharray:4 4}
.unit{fill:var(--main-soft);stroke:var(--main);stroke-width:1}.unit.alert{fill:#f3c79b;stroke:var(--alert)}.unit.alarm{fill:var(--alert);stroke:#fff}.chart .name{font-size:11px}
.spark{width:100%;height:36px;margin:.2em 0 .3em}
footer{border-top:1px solid var(--line);margin-top:3em;padding-top:1em;font-size:.85rem;color:var(--soft)}
@media (max-width:720px){main,.cover{padding-left:20px;padding-right:20px}.tiles{grid-template-columns:1fr}.tile h3{min-height:0}.headline{display:block}section{overflow-x:auto}}
@page{size:A4;margin:17mm 16mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#4f626a}@bottom-left{content:"God fælles koordination: årsrapport";font:9pt sans-serif;color:#4f626a}}
@page:first{@bottom-left{content:""}}
@media print{
table{font-size:8.6pt}
body{background:none;font-size:9.8pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:none;padding:0;box-shadow:none}.cover{max-width:none;margin:0;padding:13mm 12mm 10mm;border-radius:3mm}.cover h1{font-size:27pt}
nav{display:none}h2{margin-top:1.2em}section.page{break-before:page}section.page>h2{margin-top:0}
h2,h3,caption{break-after:avoid}figure,.tile,.definition,.headline,tr{break-inside:avoid}table:not(.dense){break-inside:avoid}thead{display:table-header-group}
.tiles{gap:8pt}.tile{padding:9pt 9pt 4pt}.headline .big{font-size:30pt}a{color:inherit;text-decoration:none}.dense{font-size:7.6pt}figure{margin-bottom:.6em}table{margin-bottom:.8em}h3{margin-top:1em}}
`,
};
