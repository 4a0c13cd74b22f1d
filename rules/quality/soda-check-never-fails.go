package quality

import (
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/soda"
	"delint/rules"
)

// SodaCheckNeverFails reports declared checks of any framework that pass whatever the data, or that their tool never
// evaluates, and what Soda reads otherwise than it is written.
var SodaCheckNeverFails = rules.Repository(rules.Rule{
	Name:     "soda-check-never-fails",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "technologies/soda-core",
	Sentence: "Don't skip data quality validation to \"save time\"",
}, func(pass *rules.Pass, g *graph.Graph) {
	refused := map[place]bool{}
	sodaProblems(g, soda.Syntax, func(p *graph.ProblemFact) { refused[line(p.Span.Path, p.Span.Start.Line)] = true })
	sodaProblems(g, soda.Weak, func(p *graph.ProblemFact) {
		refused[line(p.Span.Path, p.Span.Start.Line)] = true
		if n, err := strconv.Atoi(p.Values["check"]); err == nil {
			refused[line(p.Span.Path, n)] = true // keys beside a check: one finding for both
		}
		reportProblem(pass, p)
	})
	seen := map[place]bool{}
	for _, c := range g.Checks {
		at := line(c.Span.Path, c.Span.Start.Line)
		at.name = c.Name
		if c.NeverFails == "" || seen[at] || refused[line(c.Span.Path, c.Span.Start.Line)] || !declared[c.Framework] || disabledCheck(c) || existence(c) || c.Settings["refused"] != "" {
			continue
		}
		if f := g.File(c.Span.Path); f != nil && (f.Role == graph.RoleTest || f.Role == graph.RoleVendored || f.Role == graph.RoleGenerated) {
			continue
		}
		seen[at] = true
		f := pass.ReportAt(c.Span, "the check `%s` can't fail: %s", checkName(c), c.NeverFails)
		f.Key = c.Name
		if len(c.Datasets) == 1 {
			f.Dataset = c.Datasets[0].Name
		}
	}
})

// declared is the frameworks whose checks are declared, not programmed.
var declared = map[string]bool{"soda": true, "dbt-test": true, "sqlmesh-audit": true, "great-expectations": true, "odcs-quality": true}

// place is a line of a file, and what on it.
type place struct {
	path string
	line int
	name string
}

func line(path string, n int) place { return place{path: path, line: n} }

// disabledCheck reports whether a dbt test is switched off: that is a decision, and another rule's.
func disabledCheck(c *graph.Check) bool {
	return c.Framework == "dbt-test" && strings.Contains(c.NeverFails, "disable")
}

// existence reports whether an audit asks only that its table is there, as its name says: the query that selects no row fails
// without the table.
func existence(c *graph.Check) bool {
	return c.Framework == "sqlmesh-audit" && strings.HasSuffix(strings.ToLower(c.Name), "_exists")
}

func checkName(c *graph.Check) string {
	name := c.Name
	if c.Framework != "soda" || len(c.Columns) == 0 || len(name) > 40 {
		return name
	}
	return name + "(" + c.Columns[0] + ")"
}
