package code

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// The scores above which a finding is Medium and High: of functions, and of what only arranges (modules, DAGs, flows).
const (
	complexFunction, tangledFunction = 15, 25
	complexPlan, tangledPlan         = 25, 40
)

// CognitiveComplexity reports functions, and the own statements of modules, that are hard to follow by the measure of
// Cognitive Complexity. A nested function that is too complex by itself is reported alone; what is around it is judged
// without it.
var CognitiveComplexity = rules.Python(rules.Rule{
	Name:     "cognitive-complexity",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "best-practices/code-quality",
	Sentence: "Reduce code complexity: avoid deep nesting, extract functions, use early returns",
}, func(pass *rules.Pass, _ *python.Tree) {
	if pass.Role != graph.RoleSource {
		return
	}
	f := pass.File
	if c := python.CognitiveModule(f); c.Score > complexPlan {
		finding := tooComplex(pass, c, c.Costs[0].Node, "the module", complexPlan, tangledPlan)
		finding.Unit = rules.ModuleUnit(f.Path, strings.Count(string(f.Text), "\n")+1)
	}
	defs := python.Definitions(f)
	alone := map[parsers.Node]bool{} // functions that are judged by themselves
	for i := len(defs) - 1; i >= 0; i-- {
		d := defs[i]
		if d.Kind != "function" {
			continue
		}
		c := python.Cognitive(f, d.Node, func(n parsers.Node) bool { return alone[n] })
		unit, isUnit := python.UnitOf(f, d.Node)
		limit, high := complexFunction, tangledFunction
		if isUnit && unit.Kind.Composes() {
			limit, high = complexPlan, tangledPlan
		}
		if c.Score <= limit && !isUnit {
			continue
		}
		alone[d.Node] = true
		if c.Score > limit && !d.Node.InError() {
			finding := tooComplex(pass, c, d.Node.Field(python.Name), "`"+d.Name+"`", limit, high)
			finding.Unit = unitOf(f, d)
			finding.Key = d.Name
		}
	}
})

func tooComplex(pass *rules.Pass, c python.Complexity, at parsers.Node, name string, limit, high int) *rules.Finding {
	f := pass.File
	costly := slices.Clone(c.Costs)
	slices.SortStableFunc(costly, func(a, b python.Cost) int { return cmp.Compare(b.Points, a.Points) })
	var lines []string
	var places []rules.Place
	for _, x := range costly[:min(len(costly), 3)] {
		place := f.Span(x.Node.Start(), firstLine(f, x.Node).To)
		lines = append(lines, fmt.Sprintf("%d (+%d)", place.Start.Line, x.Points))
		places = append(places, rules.Place{Span: place, Message: fmt.Sprintf("costs %d", x.Points)})
	}
	where := firstLine(f, at)
	if at.FieldID() == python.Name {
		where = rules.Bytes{From: at.Parent().Start(), To: at.End()}
	}
	finding := pass.Report(where, "%s has a cognitive complexity of %d (at most %d); the costliest lines: %s", name, c.Score, limit, strings.Join(lines, ", "))
	finding.Places = places
	if c.Score > high {
		finding.Severity = rules.High
	}
	return finding
}
