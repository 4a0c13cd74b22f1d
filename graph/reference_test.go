package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func table(name string, grain ...string) DatasetFact {
	parts, _ := SplitName(name)
	return DatasetFact{Tool: "sql", Kind: "table", Parts: parts, Confidence: Exact, Persisted: true, Grain: grain}
}

func reference(from, column string, to Ref) ReferenceFact {
	parts, _ := SplitName(from)
	return ReferenceFact{Tool: "sql", From: Ref{Tool: "sql", Parts: parts}, Columns: []string{column}, To: to, Confidence: Exact}
}

func TestReferences(t *testing.T) {
	f := &Facts{
		Path: "x.sql",
		Datasets: []DatasetFact{
			table("a.orders", "order_id"), table("a.customers", "customer_id"), table("b.customers", "customer_id"), table("a.details", "order_id"), table("a.lonely"),
		},
		References: []ReferenceFact{
			reference("a.orders", "customer_id", Ref{Tool: "sql", Parts: []string{"a", "customers"}}),
			reference("a.orders", "CUSTOMER_ID", Ref{Tool: "grain", Parts: []string{"customer_id"}}), // the same once more
			reference("a.lonely", "customer_id", Ref{Tool: "grain", Parts: []string{"customer_id"}}), // that of its schema
			reference("a.lonely", "who", Ref{Tool: "sql", Parts: []string{"customers"}}),             // may be two
			reference("a.details", "order_id", Ref{Tool: "sql", Parts: []string{"a", "orders"}}),     // its own key
			reference("a.orders", "nowhere_id", Ref{Tool: "sql", Parts: []string{"a", "nowhere"}}),   // not made here
			reference("a.lonely", "cube_id", Ref{Tool: "cube", Parts: []string{"customers"}}),        // by a cube's name
		},
		Uses: []UseFact{{Tool: "cube", Kind: "cube", By: "customers", Ref: Ref{Tool: "sql", Parts: []string{"b", "customers"}}}},
	}
	g := Link([]*Facts{f}, nil, Options{})
	var got []string
	for _, r := range g.References {
		got = append(got, fmt.Sprintf("%s(%s) %s %s", r.From.Name, strings.Join(r.Columns, ","), r.To.Name, r.Cardinality))
	}
	want := []string{
		"a.details(order_id) a.orders one_to_one", "a.lonely(customer_id) a.customers ", "a.lonely(cube_id) b.customers ", "a.orders(customer_id) a.customers ",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAllowedEdge(t *testing.T) {
	f := &Facts{Path: "x.sql", Datasets: []DatasetFact{table("bronze.late_orders"), table("gold.orders"), table("silver.x")}}
	g := Link([]*Facts{f}, nil, Options{Layers: map[string][]string{"allowed-edges": {"bronze.late_* -> gold.*", "nonsense"}}})
	by := map[string]*Dataset{}
	for _, d := range g.Datasets {
		by[d.Name] = d
	}
	if !g.AllowedEdge(by["bronze.late_orders"], by["gold.orders"]) || g.AllowedEdge(by["gold.orders"], by["bronze.late_orders"]) || g.AllowedEdge(by["silver.x"], by["gold.orders"]) {
		t.Error("an edge is allowed that is not listed, or the other way round")
	}
}

func TestMentioned(t *testing.T) {
	d := table("silver.orders")
	d.Span.Path, d.Alias = "a.sql", []string{"ref:stg_orders"}
	g := Link([]*Facts{{Path: "a.sql", Datasets: []DatasetFact{d}, Mentions: []string{"orders"}}, {Path: "b.py", Mentions: []string{"other"}}}, nil, Options{})
	if g.Mentioned(g.Datasets[0]) {
		t.Error("its own file is no mention")
	}
	g = Link([]*Facts{{Path: "a.sql", Datasets: []DatasetFact{d}}, {Path: "b.py", Mentions: []string{"stg_orders"}}}, nil, Options{})
	if !g.Mentioned(g.Datasets[0]) {
		t.Error("an alias in another file is a mention")
	}
}
