package quality

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/code"
	"delint/rules"
)

// minWeight is the least logic that is worth a test; from fullWeight on a finding has the rule's own severity.
const minWeight, fullWeight = 2, 4

// UntestedTransform reports functions with logic on data that no test reaches. What a test may reach is left alone.
var UntestedTransform = rules.Repository(rules.Rule{
	Name:     "untested-transform",
	Severity: rules.High,
	Class:    rules.Testing,
	Topic:    "best-practices/testing",
	Sentence: "Write unit tests for transformations, business logic, and utility functions",
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Code == nil || g.Code.Unread != "" || g.Options.ExternalTests {
		return
	}
	var found []code.Transform
	for _, t := range code.Transforms(g.Code) {
		if t.Weight >= minWeight && t.Maybe == "" && (t.Depth == 0 || t.Depth > code.MaxDepth) {
			found = append(found, t)
		}
	}
	found = once(found)
	if len(g.Code.Tests)+len(g.Code.Weak) == 0 && !g.Options.Expand {
		reportNoTests(pass, found)
		return
	}
	slices.SortStableFunc(found, func(a, b code.Transform) int { return cmp.Compare(b.Weight, a.Weight) })
	for _, t := range found {
		f := pass.ReportAt(t.Span, "%s", untestedMessage(t))
		f.Unit = rules.Unit{Kind: "function", Name: t.Name, StartLine: t.Span.Start.Line, EndLine: t.End}
		f.Evidence = untestedEvidence(g, t)
		if t.Weight < fullWeight {
			f.Severity = rules.Low
		}
	}
})

// once leaves of a function and those inside it one: the pipeline unit, else the one around.
func once(found []code.Transform) []code.Transform {
	at := map[*graph.Function]code.Transform{}
	for _, t := range found {
		at[t.Function] = t
	}
	dropped := map[*graph.Function]bool{}
	for _, t := range found {
		for o := t.Outer; o != nil; o = o.Outer {
			if _, ok := at[o]; !ok {
				continue
			}
			if t.Kind != "" && o.Kind == "" {
				dropped[o] = true
			} else {
				dropped[t.Function] = true
			}
		}
	}
	return slices.DeleteFunc(found, func(t code.Transform) bool { return dropped[t.Function] })
}

// reportNoTests is the one finding of a repository without any test, with the files that carry the most logic.
func reportNoTests(pass *rules.Pass, found []code.Transform) {
	if len(found) == 0 {
		return
	}
	counts := map[string]int{}
	var files []string
	for _, t := range found {
		if counts[t.Module.Path]++; counts[t.Module.Path] == 1 {
			files = append(files, t.Module.Path)
		}
	}
	slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	var parts []string
	for _, p := range files[:min(len(files), 10)] {
		parts = append(parts, fmt.Sprintf("%s (%d)", p, counts[p]))
	}
	if more := len(files) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("%d more files", more))
	}
	f := pass.ReportRepository("no tests found; %s logic", plural(len(found), "transform carries", "transforms carry"))
	f.Evidence = "in " + strings.Join(parts, ", ")
}

func untestedMessage(t code.Transform) string {
	if t.Outer != nil && t.Outer.Kind == "airflow-dag" {
		return fmt.Sprintf("%s is nested in a DAG, where no test reaches it; move it to module level (%s)", lastPart(t.Name), weightOf(t))
	}
	if t.Depth > code.MaxDepth {
		return fmt.Sprintf("%s: the nearest test is %d calls away (%s)", t.Name, t.Depth-1, weightOf(t))
	}
	return fmt.Sprintf("%s: no test reaches this transform (%s)", t.Name, weightOf(t))
}

// weightOf says what there is to test.
func weightOf(t code.Transform) string {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{
		{t.Operations, "data operation", "data operations"},
		{t.Branches, "branch", "branches"},
		{t.Queries, "SQL clause", "SQL clauses"},
		{t.Other, "computation", "computations"},
	} {
		if p.n > 0 {
			parts = append(parts, plural(p.n, p.one, p.many))
		}
	}
	return fmt.Sprintf("weight %d: %s", t.Weight, strings.Join(parts, ", "))
}

func untestedEvidence(g *graph.Graph, t code.Transform) string {
	if weak := code.WeakTest(g.Code, t.Function); weak != nil {
		return fmt.Sprintf("%s %s calls it but asserts nothing, or never runs", weak.Module.Path, weak.Name)
	}
	file, imports := code.Nearest(g, t.Function)
	switch {
	case file == "":
		return "no test module imports " + t.Module.Path
	case len(imports) == 0:
		return "nearest test module: " + file
	}
	if len(imports) > 3 {
		imports = append(imports[:3:3], "…")
	}
	return fmt.Sprintf("nearest test module: %s (imports %s)", file, strings.Join(imports, ", "))
}

func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
