package governance

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// ConsumptionWithoutContract reports datasets that readers outside the project depend on and whose shape nothing promises. Where
// the repository has no contract at all it says so once.
var ConsumptionWithoutContract = rules.Repository(rules.Rule{
	Name:     "consumption-without-contract",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "data-quality/data-contracts",
	Sentence: "Define and enforce data contracts using Soda Core",
	Collapsed: func(n int) string {
		return fmt.Sprintf("no contract promises the shape of %d datasets that this file declares", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	if g.Options.ExternalChecks {
		return
	}
	any := slices.ContainsFunc(g.Contracts, func(c *graph.Contract) bool { return written(g, c.Span.Path) })
	var bare []*graph.Dataset
	for _, d := range g.Datasets {
		any = any || d.InScope && contracted(d)
		if d.InScope && !d.Partial && d.Layer == graph.Consumption && d.Kind != "path" && d.Kind != "source" && d.Kind != "external" && !helper(d) && !contracted(d) && !viewOver(d) {
			bare = append(bare, d)
		}
	}
	if len(bare) == 0 {
		return
	}
	slices.SortStableFunc(bare, func(a, b *graph.Dataset) int {
		return boolInt(exposed(b) != "") - boolInt(exposed(a) != "")
	})
	if !any && !g.Options.Expand {
		var first []string
		for _, d := range bare[:min(5, len(bare))] {
			first = append(first, d.Name)
		}
		f := pass.ReportRepository("no contract promises the shape of any of %s; start with: %s",
			plural(len(bare), "consumption dataset", "consumption datasets"), strings.Join(first, ", "))
		if len(bare) == 1 {
			f.Message = fmt.Sprintf("no contract promises the shape of the one consumption dataset, %s", first[0])
		}
		for _, d := range bare[:min(5, len(bare))] {
			f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: d.Name})
		}
		return
	}
	for _, d := range bare {
		f := pass.ReportAt(d.Span(), "no contract promises the shape of `%s`", d.Name)
		if by := exposed(d); by != "" {
			f.Severity = rules.High
			f.Message += ", which " + by
		}
		f.Dataset, f.Key, f.Collapse = d.Name, d.Name, "contract"
		f.Unit = rules.Unit{Kind: "block", Name: d.Name, StartLine: d.Span().Start.Line, EndLine: d.Span().End.Line}
	}
})

// written reports whether a file is the project's own work, and no test, package or output of a tool.
func written(g *graph.Graph, path string) bool {
	f := g.File(path)
	return f == nil || f.Role != graph.RoleTest && f.Role != graph.RoleVendored && f.Role != graph.RoleGenerated
}

// contracted reports whether something promises the shape of a dataset: a contract, an enforced one of dbt, or declared columns
// together with a check of the schema.
func contracted(d *graph.Dataset) bool {
	if len(d.Contracts) > 0 || strings.EqualFold(d.Setting("contract.enforced"), "true") {
		return true
	}
	schema := slices.ContainsFunc(d.Checks, func(c *graph.Check) bool { return c.Capability == "schema" && c.NeverFails == "" })
	return schema && slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool { return p.ColumnsAll })
}

// helper reports whether a dataset is the project's own affair: private, protected, named with an underscore.
func helper(d *graph.Dataset) bool {
	return strings.HasPrefix(d.Parts[len(d.Parts)-1], "_") || slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool {
		return p.Private || p.Access == "private" || p.Access == "protected" && p.Settings["access"] != ""
	})
}

// viewOver reports whether a dataset is a view on contracted datasets only.
func viewOver(d *graph.Dataset) bool {
	return d.Kind == "view" && len(d.Reads) > 0 && !slices.ContainsFunc(d.Reads, func(r *graph.Dataset) bool { return !contracted(r) })
}

// exposed says who reads a dataset from outside; empty if the repository names nobody.
func exposed(d *graph.Dataset) string {
	for _, p := range d.Producers {
		if p.Access == "public" {
			return "is public"
		}
	}
	for _, u := range d.UsedBy {
		if u.Kind == "exposure" || u.Kind == "dashboard" || u.Kind == "" && u.Tool == "dbt" {
			return fmt.Sprintf("`%s` reads", u.By)
		}
	}
	return ""
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
