package docs

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// MissingDocsTree reports, as one finding, which pages of the standard's docs tree the repository lacks.
// Pages that delint could not read count as present.
var MissingDocsTree = rules.Repository(rules.Rule{
	Name:     "missing-docs-tree",
	Severity: rules.High,
	AtMost: map[rules.Environment]rules.Severity{
		rules.Staging: rules.Medium, rules.UnknownEnv: rules.Medium,
		rules.Local: rules.Low, rules.SelfHosted: rules.Low,
	},
	Topic:    "best-practices/code-quality",
	Sentence: "Create comprehensive documentation in the project's docs/ directory",
}, func(pass *rules.Pass, g *graph.Graph) {
	if len(g.Paths) == 0 || g.HasPath("docs") { // a link or a submodule: what it holds is not known
		return
	}
	t := newTree(g)
	var gaps []gap
	applicable := 0
	for _, want := range required {
		if t.applies(want) {
			applicable++
			if gap := t.judge(want); gap.state != present {
				gaps = append(gaps, gap)
			}
		}
	}
	if len(gaps) == 0 {
		return
	}
	slices.SortStableFunc(gaps, func(a, b gap) int { return int(b.severity) - int(a.severity) })
	place := t.root
	if !g.HasPath(t.root) {
		place = "the repository has no docs/: it"
	}
	finding := pass.ReportRepository("%s lacks %d of %d pages: %s", place, len(gaps), applicable, first(gaps))
	finding.Severity = gaps[0].severity
	finding.Evidence = t.evidence(gaps)
	for _, gap := range gaps {
		if facts := g.File(gap.found); facts != nil {
			start := parsers.Position{Line: 1, Column: 1}
			span := parsers.Span{Path: gap.found, Start: start, End: start}
			finding.Places = append(finding.Places, rules.Place{Span: span, Message: gap.note})
		}
	}
})

// first names the gaps that weigh most, as many as a message has room for.
func first(gaps []gap) string {
	const most = 4
	var names []string
	for _, gap := range gaps[:min(len(gaps), most)] {
		names = append(names, strings.TrimPrefix(gap.path, "docs/"))
	}
	if rest := len(gaps) - most; rest == 1 {
		names = append(names, strings.TrimPrefix(gaps[most].path, "docs/"))
	} else if rest > 1 {
		return strings.Join(names, ", ") + fmt.Sprintf(" and %d more", rest)
	}
	return strings.Join(names, ", ")
}

// evidence lists every gap by what is wrong with it.
func (t *tree) evidence(gaps []gap) string {
	var parts []string
	if t.root != "docs/" {
		parts = append(parts, fmt.Sprintf("looked in %s; rename it to docs/ or map it in delint.toml", t.root))
	}
	missing := ""
	for _, gap := range gaps {
		if gap.state == absent && gap.note == "" {
			missing += ", " + gap.path
		}
	}
	if missing != "" {
		parts = append(parts, "missing: "+missing[2:])
	}
	for _, gap := range gaps {
		if gap.note != "" {
			parts = append(parts, gap.path+" "+gap.note)
		}
	}
	return strings.Join(parts, "; ")
}
