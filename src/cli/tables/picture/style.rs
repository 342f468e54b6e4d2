//! How pictures look, by day and by night.

/// Plain selectors and no variables, so that every renderer of SVG understands them.
pub(super) const STYLE: &str = "\
text { font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; text-anchor: middle; fill: #1f2933; }
.words { font-size: 11px; fill: #334e68; }
.stays { text-anchor: start; }
.back-words { fill: #9a5b00; }
.sheet { fill: #fff; }
.box { fill: #eef4fb; stroke: #5b7fa6; stroke-width: 1.3; }
.born { fill: #e3f5e6; stroke: #3c8a50; }
.end { fill: #eceef1; stroke: #6b7280; }
.rim { fill: none; stroke: #6b7280; }
.line { fill: none; stroke: #7b93ad; stroke-width: 1.3; }
.back { stroke: #c98a2b; stroke-dasharray: 5 3; }
.tip { fill: #5b7fa6; }
.back-tip { fill: #c98a2b; }
.dot { fill: #3c8a50; }
.birth { stroke: #3c8a50; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .words { fill: #b6c8dc; }
  .back-words { fill: #e3b341; }
  .sheet { fill: #0d1117; }
  .box { fill: #16263a; stroke: #6f9bd1; }
  .born { fill: #12301b; stroke: #56b870; }
  .end { fill: #23272e; stroke: #8b949e; }
  .rim { stroke: #8b949e; }
  .line { stroke: #6b85a3; }
  .back { stroke: #a97b26; }
  .tip { fill: #6f9bd1; }
  .back-tip { fill: #a97b26; }
  .dot { fill: #56b870; }
  .birth { stroke: #56b870; }
}
";
