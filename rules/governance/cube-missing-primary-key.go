package governance

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// CubeMissingPrimaryKey reports cubes that take part in a join and aggregate, but have no primary key, and those whose
// primary key is one part of the key of their table.
var CubeMissingPrimaryKey = rules.Repository(rules.Rule{
	Name:     "cube-missing-primary-key",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "technologies/cube",
	Sentence: "Build semantic layers using Cube for consistent metrics and business logic",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, p := range cubeProjects(g) {
		joined := map[*graph.Semantic]graph.JoinFact{}
		for _, c := range p.all {
			for _, j := range c.AllJoins() {
				for _, end := range []*graph.Semantic{c, p.byName[j.Name]} {
					if _, seen := joined[end]; end != nil && !seen {
						joined[end] = j
					}
				}
			}
		}
		for _, c := range p.all {
			if c.Kind != "cube" || inTests(g, c.Span.Path) {
				continue
			}
			j, ok := joined[c]
			if members, all := c.AllMembers(); all && ok {
				missingKey(pass, c, members, j)
			}
		}
	}
})

func missingKey(pass *rules.Pass, c *graph.Semantic, members []graph.MemberFact, j graph.JoinFact) {
	var keys []graph.MemberFact
	measure := ""
	for _, m := range members {
		switch {
		case m.Kind == "dimension" && m.PrimaryKey:
			keys = append(keys, m)
		case m.Kind == "measure" && measure == "" && multiplied(m):
			measure = m.Name
		}
	}
	switch {
	case measure == "":
	case len(keys) == 0:
		f := pass.ReportAt(c.Span, "cube `%s` is joined and has the measure `%s`, but no primary key", c.Name, measure)
		f.Key = c.Name
		f.Unit = rules.Unit{Kind: "block", Name: c.Name, StartLine: c.Span.Start.Line, EndLine: c.Span.End.Line}
		f.Places = append(f.Places, rules.Place{Span: j.Span, Message: "joined here"})
		if grain := grainOf(c); len(grain) > 0 {
			f.Evidence = fmt.Sprintf("the key of `%s` is %s", c.Datasets[0].Name, strings.Join(grain, ", "))
		}
	case len(keys) == 1:
		partOfKey(pass, c, keys[0])
	}
}

// multiplied reports whether a join to many rows changes the measure.
func multiplied(m graph.MemberFact) bool {
	switch m.Type {
	case "sum", "avg", "count", "number":
		return true
	}
	return strings.EqualFold(strings.ReplaceAll(m.SQL, " ", ""), "count(*)")
}

// grainOf is the key of the one table that a cube stands on.
func grainOf(c *graph.Semantic) []string {
	if len(c.Datasets) != 1 || c.SQL != nil {
		return nil
	}
	return c.Datasets[0].Grain()
}

// partOfKey reports a primary key that is one of several columns which only together make a row of the table.
func partOfKey(pass *rules.Pass, c *graph.Semantic, key graph.MemberFact) {
	grain, column := grainOf(c), key.Column()
	if len(grain) < 2 || column == "" || !slices.ContainsFunc(grain, func(g string) bool { return strings.EqualFold(g, column) }) {
		return
	}
	d := c.Datasets[0]
	if known := d.Column(column); known != nil {
		for _, declared := range known.Declared {
			if slices.Contains(declared.Tests, "unique") || slices.Contains(declared.Tests, "primary_key") {
				return
			}
		}
	}
	f := pass.ReportAt(key.Span, "primary key `%s` of cube `%s` is one part of the key (%s) of `%s`", key.Name, c.Name, strings.Join(grain, ", "), d.Name)
	f.Severity, f.Key, f.Dataset = rules.Medium, c.Name+"."+key.Name, d.Name
	f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: "the table"})
}
