package references

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/all"

	"github.com/google/go-cmp/cmp"
)

func extracted(t testing.TB, name, text string) *graph.Facts {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource(name, []byte(text)), Language: all.ByPath(name), Limits: parsers.DefaultLimits}
	facts := &graph.Facts{Path: name}
	if f.Language.Parse(f) == nil {
		extract(f, facts)
	}
	return facts
}

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"x.sql", `
create table a.orders (id int primary key, cust_id int references a.customers(id), foreign key (x, y) references b.t (p, q), constraint fk foreign key (z) references c);
alter table a.orders add constraint k foreign key (w) references "A".w (id);
-- references nothing
select 'references x' from t;
`, []string{
			"sql a.orders(cust_id) sql a.customers(id)", "sql a.orders(x,y) sql b.t(p,q)", "sql a.orders(z) sql c()", "sql a.orders(w) sql A.w(id)",
		}},
		{"m.sql", "MODEL (name silver.orders, kind FULL, grain order_id, references (customer_id, guest_id AS account_id));\nSELECT 1 AS order_id", []string{
			"sqlmesh silver.orders(customer_id) grain customer_id(customer_id)", "sqlmesh silver.orders(guest_id) grain account_id(account_id)",
		}},
		{"models/schema.yml", `
models:
  - name: orders
    columns:
      - name: customer_id
        data_tests:
          - relationships: {to: ref('customers'), field: id}
          - relationships: {arguments: {to: "source('erp', 'people')", field: pid}}
      - name: region_id
        constraints: [{type: foreign_key, to: ref('regions'), to_columns: [id]}]
`, []string{
			"dbt orders(customer_id) ref customers(id)", "dbt orders(customer_id) source erp.people(pid)", "dbt orders(region_id) ref regions(id)",
		}},
		{"checks.yml", "checks for orders:\n  - values in (customer_id) must exist in dim_customers (id)\n  - row_count > 0\n", []string{"soda orders(customer_id) sql dim_customers(id)"}},
		{"contract.yml", `
dataset: pg/db/public/orders
columns:
  - name: customer_id
    checks:
      - invalid: {valid_reference_data: {dataset: pg/db/public/customers, column: id}}
`, []string{"soda db.public.orders(customer_id) sql db.public.customers(id)"}},
		{"odcs.yaml", `
kind: DataContract
schema:
  - name: orders
    physicalName: gold.orders
    properties:
      - name: customer_id
        relationships: [{to: customers.id}]
    relationships: [{from: [a, b], to: [lines.a, lines.b]}]
  - name: customers
    physicalName: gold.customers
`, []string{"odcs gold.orders(customer_id) sql gold.customers(id)", "odcs gold.orders(a,b) sql lines(a,b)"}},
		{"cubes/orders.yml", `
cubes:
  - name: orders
    sql_table: gold.orders
    joins:
      - {name: customers, relationship: many_to_one, sql: "{CUBE}.customer_id = {customers.id}"}
      - {name: odd, relationship: many_to_one, sql: "{CUBE}.a = {odd.a} AND {CUBE}.b = {odd.b}"}
`, []string{"cube orders(customer_id) cube customers(id)"}},
	} {
		var got []string
		for _, r := range extracted(t, c.name, c.text).References {
			got = append(got, fmt.Sprintf("%s %s(%s) %s %s(%s)", r.Tool, strings.Join(r.From.Parts, "."), strings.Join(r.Columns, ","),
				r.To.Tool, strings.Join(r.To.Parts, "."), strings.Join(r.ToColumns, ",")))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("x.sql", "create table a (b int references c(d), foreign key (")
	f.Add("x.yml", "models: [{name: a, columns: [{name: b, tests: [{relationships: {to: ref('c'), field: d}}]}]}]")
	f.Add("x.yml", "kind: DataContract\nschema: [{name: a, relationships: [{from: x, to: .}]}]")
	f.Add("x.yml", "cubes: [{name: a, joins: [{name: b, sql: '{CUBE}.x = {b}.y'}]}]")
	f.Fuzz(func(t *testing.T, name, text string) {
		if l := all.ByPath(name); l == nil || l.Parse == nil || l.Name != "sql" && l.Name != "yaml" {
			return
		}
		extracted(t, name, text)
	})
}
