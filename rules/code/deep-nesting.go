package code

import (
	"fmt"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// levels is how many blocks may stand around a statement; worse is the depth from which a finding is Medium.
const levels, worse = 4, 6

// DeepNesting reports functions with a statement in more than four levels of if, for, while, try and match: the first one.
var DeepNesting = rules.Python(rules.Rule{
	Name:     "deep-nesting",
	Severity: rules.Low,
	Class:    rules.Maintainability,
	Topic:    "best-practices/code-quality",
	Sentence: "Reduce code complexity: avoid deep nesting, extract functions, use early returns",
}, func(pass *rules.Pass, _ *python.Tree) {
	if pass.Role != graph.RoleSource {
		return
	}
	f := pass.File
	for _, d := range python.Definitions(f) {
		if d.Kind != "function" || d.Node.InError() {
			continue
		}
		deep, ok := python.DeepNesting(d.Node, levels)
		if !ok || python.Waives(f, deep.First, "PLR1702") || python.Waives(f, d.Node, "PLR1702") {
			continue
		}
		message := fmt.Sprintf("`%s` nests %d levels deep; this stands in level %d", d.Name, deep.Depth, levels+1)
		if deep.Depth == levels+1 {
			message = fmt.Sprintf("`%s` nests %d levels deep here", d.Name, deep.Depth)
		}
		finding := pass.Report(firstLine(f, deep.First), "%s", message)
		finding.Unit = unitOf(f, d)
		finding.Key = d.Name
		finding.Defer = []string{"ruff:PLR1702"}
		if deep.Depth >= worse {
			finding.Severity = rules.Medium
		}
		if !deep.Guard.IsNil() {
			line := f.Span(deep.Guard.Start(), deep.Guard.End()).Start.Line
			finding.Evidence = fmt.Sprintf("nothing follows the if of line %d: turn its condition round and leave early", line)
		}
	}
})

// firstLine is what of a node stands on its first line.
func firstLine(f *parsers.File, n parsers.Node) rules.Bytes {
	end := n.Start()
	for end < n.End() && f.Text[end] != '\n' && f.Text[end] != '\r' {
		end++
	}
	return rules.Bytes{From: n.Start(), To: end}
}

// unitOf is a definition as the unit of a finding.
func unitOf(f *parsers.File, d python.Def) rules.Unit {
	span := f.Span(d.Node.Start(), d.Node.End())
	return rules.Unit{Kind: d.Kind, Name: d.Name, StartLine: span.Start.Line, EndLine: span.End.Line}
}
