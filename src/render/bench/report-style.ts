/** Readable in light and dark and on paper. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #ccc; --good: #176f2c; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #161616; --line: #444; --good: #6fd08c; --bad: #ff8a80; } }
@media print { :root { --ink: #000; --paper: #fff; --line: #999; } .chart { break-inside: avoid; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 960px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 1.8rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem .8rem .15rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
td { font-variant-numeric: tabular-nums; white-space: pre-wrap; }
.verdict { font-weight: 700; } .valid { color: var(--good); } .invalid { color: var(--bad); }
.u-legend { color: var(--ink); }
`
