/** Beside the style of every report: two sides, and four verdicts. */
export const comparisonReportStyle = `
.side { display: inline-block; min-width: 3.2rem; text-align: center; border-radius: .4rem; padding: 0 .4rem; font-size: .8rem; font-weight: 600; color: var(--paper); }
.side.base { background: var(--c0); } .side.new { background: var(--c1); } .where { line-height: 1.8; }
.verdict { font-weight: 600; } .verdict.worse { color: var(--bad); } .verdict.better, .verdict.equal { color: var(--good); } .verdict.unclear { color: var(--warn); }
#intervals { width: 100%; max-width: 720px; height: auto; } #intervals text { font: 12px system-ui, sans-serif; fill: var(--soft); } #intervals .name { fill: var(--ink); font-size: 13px; } #intervals .tick { text-anchor: middle; }
#intervals .band { fill: var(--shade); } #intervals .grid { stroke: var(--line); } #intervals .interval { stroke-width: 3; }
#intervals .worse { stroke: var(--bad); fill: var(--bad); } #intervals .better, #intervals .equal { stroke: var(--good); fill: var(--good); } #intervals .unclear { stroke: var(--warn); fill: var(--warn); }
@media (max-width: 480px) { #intervals text { font-size: 19px; } #intervals .name { font-size: 20px; } }
`
