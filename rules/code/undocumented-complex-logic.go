package code

import (
	"delint/graph"
	"delint/graph/code"
	"delint/rules"
)

// UndocumentedComplexLogic reports functions on the path of a pipeline, or with data frames, that are hard to understand and
// say nowhere what they implement.
var UndocumentedComplexLogic = rules.Repository(rules.Rule{
	Name:     "undocumented-complex-logic",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "best-practices/code-quality",
	Sentence: "Document complex business logic and non-obvious decisions",
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Code == nil {
		return
	}
	transforms := map[*graph.Function]bool{}
	for _, t := range code.Transforms(g.Code) {
		transforms[t.Function] = true
	}
	for _, m := range g.Code.Modules {
		if m.Role != graph.RoleSource || m.Tests {
			continue
		}
		for _, fn := range m.Functions[1:] {
			onPath := fn.Kind != "" || fn.Path > 0 && g.Code.OnPath(m.Path, fn.Name)
			if fn.Unexplained == "" || !onPath && !transforms[fn] || fn.FunctionFact.Composes || saidAround(fn) {
				continue
			}
			f := pass.ReportAt(fn.Span, "`%s` has %s, and nothing says what it implements or why", fn.Name, fn.Unexplained)
			f.Unit = rules.Unit{Kind: "function", Name: fn.Name, StartLine: fn.Span.Start.Line, EndLine: fn.End}
			if fn.UnexplainedQuery {
				f.Severity = rules.Low
			}
		}
	}
})

// saidAround reports whether a function stands in one that is reported itself: one finding for both.
func saidAround(fn *graph.Function) bool {
	for o := fn.Outer; o != nil; o = o.Outer {
		if o.Unexplained != "" && !o.FunctionFact.Composes {
			return true
		}
	}
	return false
}
