package quality

import (
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// ContractModelDrift reports contracts that promise other columns, or columns of another type, than the query or the DDL of
// their dataset makes.
var ContractModelDrift = rules.Repository(rules.Rule{
	Name:     "contract-model-drift",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "data-quality/data-contracts",
	Sentence: "Define and enforce data contracts using Soda Core",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, c := range g.Contracts {
		d := c.Dataset
		if d == nil || len(c.Columns) == 0 || unfinished(c.Status) || inTests(g, c.Span.Path) || ambiguous(g, c) {
			continue
		}
		if made, ok := projected(d, c); ok {
			(&drift{pass, d, c.ContractFact}).compare(made)
		}
	}
	for _, d := range g.Datasets {
		for _, p := range d.Producers {
			history := strings.HasPrefix(p.Settings["kind"], "SCD_TYPE_2") // SQLMesh adds the columns of validity
			if p.Tool == "sqlmesh" && !history && p.ColumnsAll && len(p.Columns) > 0 && p.Outputs != nil && !inTests(g, p.Span.Path) {
				c := &graph.ContractFact{Tool: "sqlmesh", Name: d.Name, Enforced: true, Columns: p.Columns, Span: p.Span}
				if made, ok := outputs(d, p); ok {
					(&drift{pass, d, c}).compare(made)
				}
			}
		}
	}
})

// unfinished reports whether nobody promises anything yet, or any more.
func unfinished(status string) bool {
	return slices.Contains([]string{"draft", "proposed", "retired", "deprecated"}, strings.ToLower(status))
}

func inTests(g *graph.Graph, file string) bool {
	f := g.File(file)
	return f != nil && (f.Role == graph.RoleTest || f.Role == graph.RoleVendored || f.Role == graph.RoleGenerated)
}

// ambiguous reports whether the contract's name fits several datasets.
func ambiguous(g *graph.Graph, c *graph.Contract) bool {
	return len(g.Find(c.Target, c.Span.Path)) > 1
}

// column is one column that a dataset really has.
type column struct{ name, kind string }

// projected is what the query that builds a dataset projects, else its DDL. ok is false where that is not known to the last column.
func projected(d *graph.Dataset, c *graph.Contract) (made []column, ok bool) {
	var query, table *graph.DatasetFact
	for _, p := range d.Producers {
		switch {
		case p.Outputs != nil && query != nil:
			return nil, false // two queries write it
		case p.Outputs != nil:
			query = p
		case p.Tool == "sql" && p.ColumnsAll && table == nil:
			table = p
		}
	}
	switch {
	case query != nil && query.Mode != "append" && query.Mode != "merge":
		return outputs(d, query)
	case table != nil && query == nil && c.Tool != "dbt":
		for _, f := range table.Columns {
			made = append(made, column{f.Name, f.Type})
		}
		return made, len(made) > 0
	}
	return nil, false
}

// outputs is the columns of a query; a star only where the graph knows what it stands for.
func outputs(d *graph.Dataset, p *graph.DatasetFact) (made []column, ok bool) {
	for _, o := range p.Outputs {
		switch {
		case o.Star:
			return starred(d)
		case o.Name == "" || o.Confidence != graph.Exact || strings.Contains(o.Name, graph.Hole):
			return nil, false
		}
		kind := o.Type
		if kind == "" {
			if known := d.Column(o.Name); known != nil && len(known.Declared) == 0 {
				kind = known.Type
			}
		}
		made = append(made, column{o.Name, kind})
	}
	return made, len(made) > 0
}

// starred is the columns of a dataset whose query has a star, where all of them are known and come from the query.
func starred(d *graph.Dataset) (made []column, ok bool) {
	if !d.Projected {
		return nil, false // what the contract itself says closes no list
	}
	for _, c := range d.Columns {
		if c.Confidence == graph.Exact && (c.Transform != "" || len(c.Sources) > 0) {
			made = append(made, column{c.Name, ""})
		}
	}
	return made, len(made) > 0
}

// drift compares one contract with what its dataset has.
type drift struct {
	pass *rules.Pass
	d    *graph.Dataset
	c    *graph.ContractFact
}

func (r *drift) report(f *rules.Finding, key string) {
	f.Key, f.Dataset = key, r.d.Name
	f.Unit = rules.Unit{Kind: "block", Name: r.d.Name, StartLine: r.c.Span.Start.Line, EndLine: r.c.Span.End.Line}
	if r.d.Layer != graph.Consumption {
		f.Severity = rules.Medium
	}
	f.Places = append(f.Places, rules.Place{Span: r.d.Span(), Message: "the dataset"})
}

func (r *drift) compare(made []column) {
	taken := map[string]bool{}
	for _, f := range r.c.Columns {
		at := slices.IndexFunc(made, func(m column) bool {
			return strings.EqualFold(m.name, f.Name) || f.Logical != "" && strings.EqualFold(m.name, f.Logical)
		})
		if at < 0 {
			if !f.Optional && !strings.ContainsAny(f.Name, "{.") {
				r.report(r.pass.ReportAt(f.Span, "the contract promises the column `%s`, which `%s` does not have", f.Name, r.d.Name), f.Name)
			}
			continue
		}
		taken[strings.ToLower(made[at].name)] = true
		if a, b := family(f.Type), family(made[at].kind); a != "" && b != "" && !alike(a, b) {
			r.report(r.pass.ReportAt(f.Span, "the contract promises `%s` as %s, `%s` makes it %s", f.Name, f.Type, r.d.Name, made[at].kind), f.Name+" type")
		}
	}
	if r.c.Extra || r.c.Tool == "soda" || r.c.Tool != "odcs" && !r.c.Enforced {
		return
	}
	var more []string
	for _, m := range made {
		if !taken[strings.ToLower(m.name)] {
			more = append(more, "`"+m.name+"`")
		}
	}
	if len(more) == 0 {
		return
	}
	shown := strings.Join(more[:min(3, len(more))], ", ")
	if len(more) > 3 {
		shown += " …"
	}
	r.report(r.pass.ReportAt(r.c.Span, "the contract does not know %s of `%s`", shown, r.d.Name), "extra")
}
