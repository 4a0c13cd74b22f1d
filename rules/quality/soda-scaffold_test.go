package quality

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/rules"

	"github.com/google/go-cmp/cmp"
)

func scaffolded() *graph.Dataset {
	return &graph.Dataset{
		Name: "shop.gold.fct_orders", Parts: []string{"shop", "gold", "fct_orders"}, Kind: "table", Layer: graph.Consumption, InScope: true,
		Columns:      []*graph.Column{{Name: "order_id"}, {Name: "line"}, {Name: "null"}, {Name: "updated_at"}},
		ColumnsExact: true,
		Producers:    []*graph.DatasetFact{{Grain: []string{"ORDER_ID"}, Span: parsers.Span{Path: "models/gold/fct_orders.sql"}}},
	}
}

var everything = []string{"volume", "schema", "uniqueness", "completeness", "freshness"}

// texts are the files that are written, by what is known. Each was accepted by the parser of the real Soda: 4.28 and 3.5.
var texts = []struct {
	name string
	v3   bool
	edit func(*graph.Dataset)
	need []string
	want string
}{
	{"all", false, func(*graph.Dataset) {}, everything, `dataset: warehouse/shop/gold/fct_orders
columns:
  - name: order_id
    checks:
      - missing:
      - duplicate:
  - name: line
  - name: "null"
  - name: updated_at
checks:
  - schema:
  - row_count:
  - freshness:
      column: updated_at
      threshold:
        unit: hour
        must_be_less_than: 24
`},
	{"composite", false, func(d *graph.Dataset) { d.Producers[0].Grain = []string{"order_id", "line"}; d.ColumnsExact = false }, everything, `dataset: warehouse/shop/gold/fct_orders
columns:
  - name: order_id
    checks:
      - missing:
  - name: line
    checks:
      - missing:
  - name: "null"
  - name: updated_at
checks:
  - schema:
      allow_extra_columns: true
  - row_count:
  - duplicate:
      columns: [order_id, line]
  - freshness:
      column: updated_at
      threshold:
        unit: hour
        must_be_less_than: 24
`},
	{"nothing known", false, func(d *graph.Dataset) { d.Columns = nil; d.Producers[0].Grain = nil }, []string{"volume"}, `dataset: warehouse/shop/gold/fct_orders
columns: []
checks:
  - row_count:
`},
	{"key only", false, func(d *graph.Dataset) { d.Columns = nil }, []string{"uniqueness"}, `dataset: warehouse/shop/gold/fct_orders
columns:
  - name: ORDER_ID
    checks:
      - duplicate:
`},
	{"all", true, func(*graph.Dataset) {}, everything, `checks for fct_orders:
  - row_count > 0
  - duplicate_count(order_id) = 0
  - missing_count(order_id) = 0
  - freshness(updated_at) < 24h
  - schema:
      fail:
        when required column missing:
          - order_id
          - line
          - "null"
          - updated_at
`},
	{"composite", true, func(d *graph.Dataset) { d.Producers[0].Grain = []string{"order_id", "line"} }, []string{"uniqueness", "completeness"}, `checks for fct_orders:
  - duplicate_count(order_id, line) = 0
  - missing_count(order_id) = 0
  - missing_count(line) = 0
`},
	{"nothing known", true, func(d *graph.Dataset) { d.Columns = nil; d.Producers[0].Grain = nil }, []string{"schema"}, `checks for fct_orders:
  - row_count > 0
`},
}

func TestScaffoldTexts(t *testing.T) {
	for _, c := range texts {
		d := scaffolded()
		c.edit(d)
		var files []*graph.Facts
		if c.v3 {
			files = append(files, &graph.Facts{Path: "requirements.txt", Projects: []graph.ProjectFact{
				{Tool: "soda-package", Name: "soda-core-postgres", Values: map[string]string{"operator": "==", "major": "3"}}}})
		}
		f := scaffoldFix(&graph.Graph{Files: files}, d, c.need)
		if f == nil || f.Create == nil || !f.Unsafe || len(f.Edits) > 0 {
			t.Fatalf("%s: %+v", c.name, f)
		}
		if diff := cmp.Diff(c.want, f.Create.Text); diff != "" {
			t.Errorf("%s, v3 %v: %s", c.name, c.v3, diff)
		}
		if dir := os.Getenv("SCAFFOLDS"); dir != "" { // to try them with the real Soda
			name := strings.ReplaceAll(c.name, " ", "-") + map[bool]string{true: ".v3.yml", false: ".v4.yml"}[c.v3]
			if err := os.WriteFile(filepath.Join(dir, name), []byte(f.Create.Text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestScaffoldPaths(t *testing.T) {
	fix := func(d *graph.Dataset, g *graph.Graph) *rules.Fix { return scaffoldFix(g, d, everything) }
	d := scaffolded()
	if got := fix(d, &graph.Graph{}).Create.Path; got != "soda/contracts/gold.fct_orders.yml" {
		t.Error(got)
	}
	if f := fix(d, &graph.Graph{Paths: []string{"soda/contracts/gold.fct_orders.yml"}}); f != nil {
		t.Error("a file that exists is written again")
	}
	v3 := []*graph.Facts{{Projects: []graph.ProjectFact{{Tool: "soda-file", Name: "checks"}, {Tool: "soda", Name: "pg", Values: map[string]string{"version": "3"}}}}}
	if got := fix(d, &graph.Graph{Files: v3}).Create.Path; got != "soda/checks/gold.fct_orders.yml" {
		t.Error(got)
	}
	v4 := []*graph.Facts{{Projects: []graph.ProjectFact{{Tool: "soda-file", Name: "contract"}, {Tool: "soda", Name: "pg", Values: map[string]string{"version": "4"}}}}}
	if got := fix(d, &graph.Graph{Files: v4}).Create.Text; !strings.HasPrefix(got, "dataset: pg/shop/gold/fct_orders\n") {
		t.Error(got)
	}
	for _, parts := range [][]string{{graph.Hole + "_gold", "orders"}, {"gold", "or ders"}, {"gold", "../orders"}, {"gold", "or\nders: x"}} {
		d := scaffolded()
		d.Parts, d.Name = parts, strings.Join(parts, ".")
		if f := fix(d, &graph.Graph{}); f != nil {
			t.Errorf("%q: %s", parts, f.Create.Path)
		}
	}
	lake := scaffolded()
	lake.Kind = "path"
	if fix(lake, &graph.Graph{}) != nil {
		t.Error("a path has no Soda file")
	}
}
