/** The look of the page: light and dark as the reader's machine has it, narrow screens too. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --line: #d1d9e0; --ground: #ffffff; --raised: #f6f8fa;
  --link: #0969da; --add: #dafbe1; --take: #ffebe9; --create: #1a7f37; --update: #0969da; --schedule: #9a6700;
  --pause: #bc4c00; --replace: #8250df; --delete: #cf222e; --heat: 9, 105, 218; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --soft: #9198a1; --line: #3d444d; --ground: #0d1117;
  --raised: #151b23; --link: #4493f8; --add: #12361f; --take: #47191c; --create: #3fb950; --update: #4493f8;
  --schedule: #d29922; --pause: #f0883e; --replace: #ab7df8; --delete: #f85149; --heat: 68, 147, 248; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 16px; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 24px; margin: 8px 0; } h2 { font-size: 19px; margin: 28px 0 8px; } h3 { font-size: 15px; margin: 16px 0 4px; }
code, pre, .code { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid var(--line); padding: 4px 8px; text-align: left;
  vertical-align: top; } th { background: var(--raised); font-weight: 600; }
.scroll { overflow-x: auto; } .scroll:focus-visible, button:focus-visible, input:focus-visible, summary:focus-visible,
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
input[type=search] { width: 100%; padding: 8px 10px; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: 6px; }
.filters { display: flex; flex-wrap: wrap; gap: 6px; margin: 8px 0; } .filters button { font: inherit; padding: 2px 10px;
  border-radius: 14px; border: 1px solid var(--line); background: var(--raised); color: inherit; cursor: pointer; }
.filters button[aria-pressed=true] { background: var(--link); color: var(--ground); border-color: var(--link); }
details { border: 1px solid var(--line); border-radius: 6px; margin: 8px 0; } summary { padding: 8px 12px; cursor: pointer;
  background: var(--raised); border-radius: 6px; overflow-wrap: anywhere; } details[open] > summary {
  border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; } .body { padding: 8px 12px; }
.mark { display: inline-block; min-width: 74px; font-weight: 600; } .mark.create { color: var(--create); }
.mark.update { color: var(--update); } .mark.delete { color: var(--delete); } .mark.replace { color: var(--replace); }
.mark.pause { color: var(--pause); } .mark.schedule { color: var(--schedule); }
.diff td { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; width: 50%; border-width: 0 1px; padding: 0 8px; } .diff .take { background: var(--take); }
.diff .add { background: var(--add); } .diff .gap td { color: var(--soft); text-align: center; background: var(--raised); }
svg text { font: 12px system-ui, sans-serif; text-anchor: middle; fill: var(--text); } svg polyline { fill: none;
  stroke: var(--soft); stroke-width: 1.2; } svg marker path { fill: var(--soft); } svg rect { fill: var(--raised);
  stroke: var(--line); stroke-width: 1.5; } svg .create rect { stroke: var(--create); } svg .update rect { stroke: var(--update); }
svg .schedule rect { stroke: var(--schedule); } svg .pause rect { stroke: var(--pause); } svg .replace rect {
  stroke: var(--replace); } svg .delete rect { stroke: var(--delete); stroke-dasharray: 5 3; }
.calendar td { text-align: center; padding: 2px; min-width: 30px; font-size: 12px; } .calendar th { font-size: 12px;
  padding: 2px 6px; white-space: nowrap; } .calendar .moved { outline: 2px solid var(--schedule); outline-offset: -2px; }
[data-heat="1"] { background: rgba(var(--heat), 0.065); } [data-heat="2"] { background: rgba(var(--heat), 0.130); } [data-heat="3"] { background: rgba(var(--heat), 0.195); } [data-heat="4"] { background: rgba(var(--heat), 0.260); } [data-heat="5"] { background: rgba(var(--heat), 0.325); } [data-heat="6"] { background: rgba(var(--heat), 0.390); } [data-heat="7"] { background: rgba(var(--heat), 0.455); } [data-heat="8"] { background: rgba(var(--heat), 0.520); } [data-heat="9"] { background: rgba(var(--heat), 0.585); } [data-heat="10"] { background: rgba(var(--heat), 0.650); }
.scroll + .scroll { margin-top: 8px; }
ul { padding-left: 20px; margin: 6px 0; } details > ul { padding-left: 36px; }
@media (max-width: 600px) { body { padding: 10px; font-size: 14px; } .mark { min-width: 0; margin-right: 6px; }
  th, td { padding: 3px 5px; } }
`;
