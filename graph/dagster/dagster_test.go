package dagster

import (
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"

	"github.com/google/go-cmp/cmp"
)

func TestUpstream(t *testing.T) {
	text := `
from dagster import asset, AssetIn, AssetKey, AssetSpec, multi_asset

@asset(metadata={"dagster/table_name": "raw.orders"}, key_prefix="raw")
def orders(): ...

@asset(
    metadata={"dagster/table_name": "silver.orders"},
    deps=[AssetKey(["raw", "orders"]), "raw/customers", other],
    ins={"rates": AssetIn(key=AssetKey(["ref", "rates"])), "days": AssetIn(key_prefix="ref")},
)
def clean_orders(context, rates, days, raw_notes, warehouse: Warehouse): ...

@multi_asset(specs=[AssetSpec("gold_orders", deps=["clean_orders"], metadata={"dagster/table_name": "gold.orders"})])
def gold(): ...
`
	f := &parsers.File{Source: parsers.NewSource("assets.py", []byte(text)), Language: python.Language, Limits: parsers.DefaultLimits}
	if err := python.Language.Parse(f); err != nil {
		t.Fatal(err)
	}
	facts := &graph.Facts{Path: "assets.py"}
	extract(f, facts)
	got := map[string]string{}
	for _, d := range facts.Datasets {
		var reads []string
		for _, r := range d.Reads {
			reads = append(reads, r.Tool+":"+strings.Join(r.Parts, "."))
		}
		got[strings.Join(d.Parts, ".")] = strings.Join(reads, " ")
	}
	want := map[string]string{
		"raw.orders":    "",
		"silver.orders": "asset:raw/orders asset:raw/customers asset:other asset:ref/rates asset:ref/days asset:raw_notes asset:warehouse",
		"gold.orders":   "asset:clean_orders",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	g := graph.Link([]*graph.Facts{facts}, []string{"assets.py"}, graph.Options{})
	for _, d := range g.Datasets {
		if n := map[string]int{"raw.orders": 0, "silver.orders": 1, "gold.orders": 1}[d.Name]; len(d.Reads) != n {
			t.Errorf("%s reads %d datasets, want %d", d.Name, len(d.Reads), n)
		}
	}
}
