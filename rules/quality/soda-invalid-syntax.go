package quality

import (
	"strconv"

	"delint/graph"
	"delint/graph/soda"
	"delint/rules"
)

// SodaInvalidSyntax reports what Soda refuses, or drops without a word, in its files. What only newer releases read is reported
// where an older one is pinned.
var SodaInvalidSyntax = rules.Repository(rules.Rule{
	Name:     "soda-invalid-syntax",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "technologies/soda-core",
	Sentence: "Define and enforce data contracts using Soda Core",
}, func(pass *rules.Pass, g *graph.Graph) {
	major, minor, several := soda.Installed(g)
	sodaProblems(g, soda.Syntax, func(p *graph.ProblemFact) {
		if v := p.Values["installed"]; v != "" && (v != strconv.Itoa(major) || several) {
			return
		}
		if v := p.Values["since"]; v != "" {
			old := p.Key == "soda_agent" // read by every release, under its new name by the later ones
			if n, _ := strconv.Atoi(v); !old && (minor < 0 || minor >= n) || old && minor >= 0 && minor < n {
				return
			}
		}
		reportProblem(pass, p)
	})
})

// sodaProblems calls for every problem of a kind in the files that a person looks after.
func sodaProblems(g *graph.Graph, kind string, report func(*graph.ProblemFact)) {
	for _, f := range g.Files {
		if f.Role == graph.RoleTest || f.Role == graph.RoleVendored || f.Role == graph.RoleGenerated {
			continue
		}
		for i := range f.Problems {
			if p := &f.Problems[i]; p.Tool == "soda" && p.Kind == kind {
				report(p)
			}
		}
	}
}

// reportProblem makes a finding of a problem, with its fix.
func reportProblem(pass *rules.Pass, p *graph.ProblemFact) *rules.Finding {
	f := pass.ReportAt(p.Span, "%s", p.Message)
	f.Key, f.Evidence = p.Key, p.Evidence
	if p.Minor {
		f.Severity = f.Severity.Step(1)
	}
	if x := p.Fix; x != nil {
		f.Fix = &rules.Fix{Title: x.Title, Unsafe: x.Unsafe, Edits: []rules.Edit{{Path: p.Span.Path, Start: x.Start, End: x.End, Text: x.Text}}}
	}
	return f
}
