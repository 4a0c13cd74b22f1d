package quality

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/rules"
)

// SodaUnknownColumn reports checks of any framework on a column that the checked dataset does not have, where all of its
// columns are known.
var SodaUnknownColumn = rules.Repository(rules.Rule{
	Name:     "soda-unknown-column",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "technologies/soda-core",
	Sentence: "Define and enforce data contracts using Soda Core",
}, func(pass *rules.Pass, g *graph.Graph) {
	draft, compared := drafts(g), comparedColumns(g)
	seen := map[place]bool{}
	report := func(c *graph.Check, d *graph.Dataset, column, where string) {
		column = strings.Trim(column, "\"`[]")
		at := place{path: c.Span.Path, name: d.Name + "\x00" + column} // once a file
		if seen[at] || !askable(column) || hasColumn(d, column) || compared[place{path: c.Span.Path, name: d.Name + "\x00" + strings.ToLower(column)}] {
			return
		}
		seen[at] = true
		names := columnNames(d)
		f := pass.ReportAt(c.Span, "`%s` has no column `%s`%s", d.Name, column, where)
		f.Key, f.Dataset = column, d.Name
		if near := nearColumn(column, names); near != "" {
			f.Message += "; did you mean `" + near + "`?"
		}
		f.Evidence = "columns: " + strings.Join(names[:min(len(names), 20)], ", ")
		f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: "its columns come from here"})
	}
	for _, c := range g.Checks {
		if r := roleOf(g, c.Span.Path); r == graph.RoleTest || r == graph.RoleVendored || c.Wildcard || draft[c.Span.Path] {
			continue
		}
		if len(c.Datasets) == 1 && c.Datasets[0].ColumnsExact {
			columns := c.Columns
			if c.Name == "freshness" || c.Name == "distribution_difference" || strings.HasPrefix(c.Name, "percentile") {
				columns = columns[:min(1, len(columns))] // what follows is a variable, a distribution or a number
			}
			for _, column := range columns {
				report(c, c.Datasets[0], column, "")
			}
		}
		if table := c.Settings["reads"]; table != "" && c.Settings["reads source"] == "" {
			if found := g.Find(sqlRef(table), c.Span.Path); len(found) == 1 && found[0].ColumnsExact {
				for _, column := range strings.Split(c.Settings["reads columns"], ",") {
					report(c, found[0], column, ", which the check reads")
				}
			}
		}
	}
})

// comparedColumns is the columns of contracts that contract-model-drift compares with the queries: it reports those that are missing.
func comparedColumns(g *graph.Graph) map[place]bool {
	out := map[place]bool{}
	for _, c := range g.Contracts {
		if c.Dataset == nil || unfinished(c.Status) || inTests(g, c.Span.Path) || ambiguous(g, c) {
			continue
		}
		if _, ok := projected(c.Dataset, c); ok {
			for _, f := range c.Columns {
				out[place{path: c.Span.Path, name: c.Dataset.Name + "\x00" + strings.ToLower(f.Name)}] = !f.Optional
			}
		}
	}
	return out
}

func sqlRef(table string) graph.Ref {
	parts, _ := graph.SplitName(table)
	return graph.Ref{Tool: "sql", Parts: parts}
}

func roleOf(g *graph.Graph, path string) graph.Role {
	if f := g.File(path); f != nil {
		return f.Role
	}
	return graph.RoleSource
}

// drafts is the files of contracts that are no promise yet.
func drafts(g *graph.Graph) map[string]bool {
	out := map[string]bool{}
	for _, c := range g.Contracts {
		if c.Status == "draft" || c.Status == "proposed" {
			out[c.Span.Path] = true
		}
	}
	return out
}

// loaderColumn knows columns that a warehouse or a loader adds.
var loaderColumn = regexp.MustCompile(`(?i)^(?:_partition|_table_suffix|_file_name|_dlt_|_airbyte_|_fivetran_|_sdc_|_ab_|_metadata|metadata\$|__|ctid$|rowid$|xmin$|\$)`)

var plainColumn = regexp.MustCompile(`^[\pL_][\pL\pN_$ .-]*$`)

// askable reports whether a text is the name of one column that the dataset itself has to have.
func askable(column string) bool {
	return plainColumn.MatchString(column) && !strings.Contains(column, graph.Hole) && !loaderColumn.MatchString(column)
}

func hasColumn(d *graph.Dataset, column string) bool {
	if d.Column(column) != nil {
		return true
	}
	first, _, path := strings.Cut(column, ".") // a field of a structure
	return path && d.Column(first) != nil
}

func columnNames(d *graph.Dataset) []string {
	var out []string
	for _, c := range d.Columns {
		out = append(out, c.Name)
	}
	return out
}

// nearColumn is the only column at most two letters away.
func nearColumn(column string, names []string) string {
	near, n := "", 0
	for _, name := range names {
		a, b := strings.ToLower(column), strings.ToLower(name)
		if graph.EditDistance(a, b, 2) <= 2 && len(a) > 3 || strings.ReplaceAll(a, "_", "") == strings.ReplaceAll(b, "_", "") {
			near, n = name, n+1
		}
	}
	if n != 1 {
		return ""
	}
	return near
}
