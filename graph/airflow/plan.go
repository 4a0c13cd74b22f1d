package airflow

import (
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

// plan records what a DAG file calls whenever Airflow parses it: in its body, in classes, in @dag functions, in decorators
// and default values.
func plan(f *parsers.File, facts *graph.Facts) {
	if !python.IsDagFile(f) {
		return
	}
	dagFunctions := map[int]bool{}
	for _, d := range python.Definitions(f) {
		for _, dec := range python.DecoratorPaths(f, d) {
			if kind := decorator(dec.Path); kind == "dag" || kind == "task_group" {
				dagFunctions[d.Node.Index()] = true
			}
		}
	}
	for call := range f.Tree.All(python.Call) {
		if !planned(call, dagFunctions) {
			continue
		}
		if target := pycall.Callee(f, call.Field(python.Function)); target != "" && !strings.HasPrefix(target, "builtins.") {
			facts.Planned = append(facts.Planned, graph.CallFact{Target: target, Span: f.Span(call.Start(), call.Field(python.Function).End())})
		}
	}
}

// planned reports whether a node is evaluated when the file is parsed.
func planned(n parsers.Node, dagFunctions map[int]bool) bool {
	for child, p := n, n.Parent(); !p.IsNil(); child, p = p, p.Parent() {
		switch p.Kind() {
		case python.Lambda:
			return false
		case python.FunctionDefinition:
			if child.FieldID() == python.Body && !dagFunctions[p.Index()] {
				return false
			}
		case python.IfStatement:
			condition := p.Field(python.Condition).Text()
			if child.FieldID() == python.Consequence && (strings.Contains(condition, "__name__") || strings.HasSuffix(condition, "TYPE_CHECKING")) {
				return false
			}
		}
	}
	return true
}
