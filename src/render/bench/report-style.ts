/** Readable in light and dark, on a telephone and on paper. The charts take their colours from here too. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --paper: #fff; --card: #f6f7f9; --line: #dcdfe4; --good: #17693a; --good-back: #e3f5e9; --bad: #b3261e; --bad-back: #fdeceb; --warn: #8a5a00;
  --c0: #1f6feb; --c1: #d9730d; --c2: #c2255c; --c3: #2b8a3e; --c4: #7048c8; --shade: rgba(127,127,127,.13); }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --soft: #9aa1ab; --paper: #14161a; --card: #1d2026; --line: #343942; --good: #7ddc9b; --good-back: #173323; --bad: #ff9a90; --bad-back: #3b1a18; --warn: #f0b95b;
  --c0: #6ea8fe; --c1: #ffa657; --c2: #ff7eb6; --c3: #7ee2a0; --c4: #b9a1ff; } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --card: #fff; --line: #bbb; --good: #0b5327; --good-back: #fff; --bad: #9b1c14; --bad-back: #fff; --warn: #6d4700;
  --c0: #1f6feb; --c1: #b35c00; --c2: #c2255c; --c3: #2b8a3e; --c4: #7048c8; }
  .chart-section, .tiles, tr { break-inside: avoid; } h2 { break-after: avoid; } button { display: none; } body { margin: 0; max-width: none; font-size: 13px; } @page { margin: 12mm; } th, td { padding-block: .15rem; } .tiles { grid-template-columns: repeat(6, 1fr); } footer { margin-top: 1rem; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--paper); max-width: 980px; margin: 2.2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; } h2 small { font-weight: 400; color: var(--soft); margin-left: .3rem; }
.where, footer { color: var(--soft); margin: .25rem 0 .9rem; } footer { margin-top: 2.5rem; font-size: .85rem; }
.badges { margin: 0 0 .8rem; } .badge { display: inline-block; padding: .1rem .65rem; border-radius: 1rem; border: 1px solid; font-weight: 600; font-size: .9rem; margin-right: .5rem; white-space: nowrap; }
.good { color: var(--good); background: var(--good-back); } .bad { color: var(--bad); background: var(--bad-back); }
.problem, .note { margin: .4rem 0; padding: .45rem .8rem; border-left: 3px solid var(--line); background: var(--card); } .problem { border-color: var(--bad); } .note { border-color: var(--warn); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.4rem, 1fr)); gap: .7rem; margin-top: 1.2rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .6rem .8rem; display: flex; flex-direction: column; } .tile b { font-size: 1.3rem; font-variant-numeric: tabular-nums; } .tile small { color: var(--soft); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: top; }
th[scope=row] { color: var(--soft); width: 13rem; } #thresholds th { width: auto; color: var(--ink); } td { font-variant-numeric: tabular-nums; white-space: pre-wrap; } th[scope=col] { color: var(--soft); }
.numbers th[scope=row] { white-space: nowrap; width: auto; } .numbers td, .numbers th[scope=col] { text-align: right; white-space: nowrap; } .numbers td:last-child, .numbers th:last-child { padding-right: 0; } .wide { overflow-x: auto; }
#observed, #subscribers { min-width: 38rem; } #observed th, #subscribers th { color: var(--soft); } #observed td, #disturbances td { overflow-wrap: anywhere; } #subscribers th, #subscribers td { white-space: nowrap; } #disturbances th[scope=row] { width: 2rem; color: var(--bad); font-weight: 700; }
.none { color: var(--good); } code { font-family: ui-monospace, monospace; }
button { float: right; font: inherit; font-size: .8rem; color: var(--soft); background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .1rem .6rem; cursor: pointer; } button[aria-pressed=true] { color: var(--paper); background: var(--ink); }
.chart { width: 100%; overflow: hidden; min-height: 2rem; color: var(--soft); } .u-legend { color: var(--ink); font-size: .85rem; text-align: left; } .u-legend .u-value { font-variant-numeric: tabular-nums; } .u-legend th, .u-legend td { border: 0; } .uplot { font-family: inherit; max-width: 100%; }
.u-select { background: var(--shade); }
@media (max-width: 480px) { body { margin: 1rem auto; } th[scope=row] { width: 8.5rem; } .tiles { grid-template-columns: 1fr 1fr; } th, td { padding-right: .5rem; } .numbers { font-size: .8rem; } .numbers td { padding-right: .35rem; } }
`
