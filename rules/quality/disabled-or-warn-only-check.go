package quality

import (
	"fmt"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// DisabledOrWarnOnlyCheck reports datasets of the outer layers that are checked, but by nothing whose failure stops the data, and
// runs of checks whose result is thrown away. A dataset whose checks can all not fail is missing-soda-checks's.
var DisabledOrWarnOnlyCheck = rules.Repository(rules.Rule{
	Name:     "disabled-or-warn-only-check",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "data-quality/testing-strategies",
	Sentence: `Don't skip data quality validation to "save time"`,
	Collapsed: func(n int) string {
		return fmt.Sprintf("the checks of %d datasets in this file only warn", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	shown := map[parsers.Span]*rules.Finding{}
	var warned []*graph.Dataset
	checked := 0
	for _, d := range g.Datasets {
		if !d.InScope || d.Partial || d.Layer != graph.Ingestion && d.Layer != graph.Consumption {
			continue
		}
		if len(g.Cover(d)) > 0 {
			checked++
		}
		if len(warnOnly(g, d)) > 0 {
			warned = append(warned, d)
		}
	}
	if uncommon(checked-len(warned), checked) && !g.Options.Expand {
		f := pass.ReportRepository("the checks of %d of %s only warn; first `%s`", len(warned), count(checked, "checked dataset", "checked datasets"), warned[0].Name)
		f.Key = "repository"
		for _, d := range warned[:min(maxPlaces, len(warned))] {
			f.Places = append(f.Places, rules.Place{Span: warnOnly(g, d)[0].Span, Message: d.Name})
		}
		warned = nil
	}
	for _, d := range warned {
		warns := warnOnly(g, d)
		at := warns[0].Span
		if f := shown[at]; f != nil { // one check of several datasets
			f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: d.Name + " too"})
			continue
		}
		f := pass.ReportAt(at, "every check of `%s` only warns", d.Name)
		if len(warns) == 1 {
			f.Message = fmt.Sprintf("the only check of `%s` that can fail (`%s`) only warns", d.Name, short(warns[0].Name))
		}
		f.Dataset, f.Key, f.Collapse = d.Name, d.Name, "warns"
		for _, c := range warns[1:min(len(warns), maxPlaces)] {
			f.Places = append(f.Places, rules.Place{Span: c.Span, Message: short(c.Name) + " only warns"})
		}
		f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: d.Name})
		shown[at] = f
	}
	for _, file := range g.Files {
		if file.Role == graph.RoleTest || file.Role == graph.RoleVendored {
			continue
		}
		for _, c := range file.Commands {
			if c.Ignored && checks(c) {
				f := pass.ReportAt(c.Span, "the result of `%s` is thrown away", strings.TrimSpace(c.Tool+" "+c.Name))
				f.Key = c.Tool + " " + c.Name
			}
		}
	}
})

// warnOnly is the checks of a dataset that can fail, if each of them only warns; nil if one blocks, or may.
func warnOnly(g *graph.Graph, d *graph.Dataset) []*graph.Check {
	var out []*graph.Check
	for _, c := range d.Checks {
		switch {
		case c.NeverFails != "" || !g.Accepts(c.Framework):
		case c.Blocking != graph.BlockingWarn:
			return nil
		default:
			out = append(out, c)
		}
	}
	return out
}

// checks reports whether a command runs data checks, and little else.
func checks(c graph.CommandFact) bool {
	switch c.Tool {
	case "soda":
		return c.Name == "scan" || strings.Contains(c.Name, "verify")
	case "dbt":
		return c.Name == "test" || c.Name == "source freshness"
	case "sqlmesh":
		return c.Name == "audit"
	case "great-expectations", "great_expectations":
		return strings.Contains(c.Name, "checkpoint")
	}
	return false
}

// short cuts a check's text for a message.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
