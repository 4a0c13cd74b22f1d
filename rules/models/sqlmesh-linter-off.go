package models

import (
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/sqlmesh"
	"delint/rules"
)

// SQLMeshLinterOff reports projects whose own linter is off or has no rules, models that it is told to pass over, and names of
// rules that it does not know.
var SQLMeshLinterOff = rules.Repository(rules.Rule{
	Name:     "sqlmesh-linter-off",
	Severity: rules.Low,
	Class:    rules.Maintainability,
	Topic:    "technologies/sqlmesh",
	Sentence: "SQLMesh for SQL-based transformations",
}, func(pass *rules.Pass, g *graph.Graph) {
	models, configurations := map[*graph.ProjectFact]bool{}, sqlmesh.ConfigurationsOf(g)
	for _, d := range g.Datasets {
		for _, p := range d.Producers {
			if p.Tool != "sqlmesh" || p.Kind == "external" || d.Why == "test" {
				continue
			}
			if c := configurations.Of(p.Span.Path); c != nil {
				models[c] = true
				if c.Values["linter.enabled"] == "true" {
					ignoresAll(pass, d, p)
				}
			}
		}
	}
	for _, f := range g.Files {
		for i := range f.Projects {
			c := &f.Projects[i]
			switch {
			case c.Tool == "sqlmesh" && models[c] && judged(f.Role):
				linter(pass, c)
			case c.Tool == "sqlmesh-linter-entry" && judged(f.Role):
				entry(pass, g, c)
			}
		}
	}
})

// linter judges one configuration. What a template or Python decides is left alone.
func linter(pass *rules.Pass, c *graph.ProjectFact) {
	enabled := strings.ToLower(c.Values["linter.enabled"])
	said := ""
	switch {
	case c.Values["linter"] == "unknown" || c.Values["templated"] == "true" && enabled != "false":
		return
	case c.Values["linter"] == "":
		said = "SQLMesh's linter is off: the configuration has no `linter`"
	case enabled == "" || slices.Contains([]string{"false", "no", "off"}, enabled):
		said = "SQLMesh's linter is off: `linter.enabled` is not true"
	case enabled != "true" && enabled != "yes" && enabled != "on":
		return
	case len(c.Lists["linter.rules"]) == 0 && len(c.Lists["linter.warn_rules"]) == 0 && c.Values["language"] == "yaml":
		said = "SQLMesh's linter is on and has no rules: name some in `rules` or `warn_rules`"
	default:
		twice(pass, c)
		return
	}
	f := pass.ReportAt(c.Span, "%s", said)
	f.Key = "linter"
}

// twice reports a rule in two lists: SQLMesh refuses the project.
func twice(pass *rules.Pass, c *graph.ProjectFact) {
	for _, rule := range c.Lists["linter.rules"] {
		for _, list := range []string{"warn_rules", "ignored_rules"} {
			if slices.Contains(c.Lists["linter."+list], rule) {
				f := pass.ReportAt(c.Span, "`%s` stands in `rules` and in `%s`: SQLMesh refuses to load the project", rule, list)
				f.Key, f.Severity = rule, rules.Medium
			}
		}
	}
}

// entry reports a name that is no rule of SQLMesh nor of the project.
func entry(pass *rules.Pass, g *graph.Graph, e *graph.ProjectFact) {
	known := slices.Clone(sqlmesh.LinterRules)
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool == "sqlmesh-linter-rule" {
				known = append(known, p.Name)
			}
		}
		if f.NotAnalysed != "" && strings.Contains("/"+f.Path, "/linter/") {
			return
		}
	}
	if e.Name == "all" || e.Name == "" || strings.ContainsAny(e.Name, "{$") || slices.Contains(known, e.Name) {
		return
	}
	hint := "known: " + strings.Join(sqlmesh.LinterRules, ", ")
	if near := rules.Nearest(e.Name, known); near != "" {
		hint = "did you mean `" + near + "`?"
	}
	f := pass.ReportAt(e.Span, "SQLMesh has no linter rule `%s` and refuses to load the project; %s", e.Name, hint)
	f.Key, f.Severity = e.Name, rules.Medium
}

func ignoresAll(pass *rules.Pass, d *graph.Dataset, p *graph.DatasetFact) {
	for _, n := range p.Notes {
		if n.Kind == sqlmesh.PropertyNote && n.Text == "ignored_rules" && strings.EqualFold(strings.Trim(n.Values["value"], "[]()'\" "), "all") {
			f := pass.ReportAt(n.Span, "`%s` turns every rule of SQLMesh's linter off", d.Name)
			f.Dataset, f.Key = d.Name, "ignored_rules"
		}
	}
}
