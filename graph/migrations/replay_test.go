package migrations_test

import (
	"strings"
	"testing"

	"delint/graph"
	_ "delint/graph/all"
	"delint/parsers"
	"delint/parsers/all"

	"github.com/google/go-cmp/cmp"
)

func link(t *testing.T, files map[string]string) *graph.Graph {
	t.Helper()
	var facts []*graph.Facts
	var paths []string
	for name, text := range files {
		f := &parsers.File{Source: parsers.NewSource(name, []byte(text)), Language: all.ByPath(name), Limits: parsers.DefaultLimits}
		if err := f.Language.Parse(f); err != nil {
			t.Fatal(err)
		}
		facts = append(facts, graph.Extract(f, graph.RoleOf(name, []byte(text))))
		paths = append(paths, name)
	}
	return graph.Link(facts, paths, graph.Options{})
}

// brief is the datasets of a graph that are in scope: name, columns, and ! where they are all.
func brief(g *graph.Graph) string {
	var out []string
	for _, d := range g.Datasets {
		if !d.InScope {
			continue
		}
		line := d.Name + ":"
		for _, c := range d.Columns {
			line += " " + c.Name
		}
		if d.ColumnsExact {
			line += "!"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestReplay(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"added, dropped, renamed, in the order of numbers", map[string]string{
			"gold/migrations/V1__a.sql":  "create table gold.orders (id int, amount int, note text);",
			"gold/migrations/V2__b.sql":  "alter table gold.orders drop column note, add column day date not null default now();",
			"gold/migrations/V10__c.sql": "alter table gold.orders rename column total to total_eur;",
			"gold/migrations/V9__c.sql":  "alter table gold.orders rename column amount to total;",
		}, "gold.orders: id total_eur day!"},
		{"a renamed and a dropped table", map[string]string{
			"gold/migrations/V1__a.sql": "create table gold.orders (id int);\ncreate table gold.old (id int);",
			"gold/migrations/V2__b.sql": "alter table gold.orders rename to sales;\ndrop table gold.old;\nalter table gold.sales add column n int;",
		}, "gold.sales: id n!"},
		{"up parts only", map[string]string{
			"gold/migrations/1_a.sql": "-- +goose Up\ncreate table gold.orders (id int);\n-- +goose Down\ndrop table gold.orders;",
			"gold/migrations/2_b.sql": "-- +goose Up\nalter table gold.orders add column n int;\n-- +goose Down\nalter table gold.orders drop column n;",
		}, "gold.orders: id n!"},
		{"what is not understood takes exactness away", map[string]string{
			"gold/migrations/V1__a.sql": "create table gold.orders (id int);\ncreate table gold.lines (id int);",
			"gold/migrations/V2__b.sql": "alter table gold.orders add (a int, b int);",
			"gold/migrations/V3__c.sql": "alter table gold.lines alter column id set not null;",
		}, "gold.lines: id!\ngold.orders: id"},
		{"statements that a block runs", map[string]string{
			"gold/migrations/V1__a.sql": "create table gold.orders (id int);",
			"gold/migrations/V2__b.sql": "do $$ begin execute 'alter table gold.orders add column n int'; end $$;\nalter table gold.orders add column m int;",
		}, "gold.orders: id m"},
		{"an application's", map[string]string{
			"db/migrations/V1__a.sql": "create table orders (id int);",
			"db/migrations/V2__b.sql": "alter table orders add column n int;",
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, brief(link(t, tt.files))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
