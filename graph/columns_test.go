package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph"
	_ "delint/graph/dbt"
	_ "delint/graph/sqlfiles"
	_ "delint/graph/sqlmesh"
	"delint/parsers"
	"delint/parsers/sql"
	"delint/parsers/yaml"

	"golang.org/x/tools/txtar"
)

// link makes the graph of an archive's files.
func link(t testing.TB, archive string) *graph.Graph {
	t.Helper()
	var facts []*graph.Facts
	var paths []string
	for _, file := range txtar.Parse([]byte(archive)).Files {
		f := &parsers.File{Source: parsers.NewSource(file.Name, file.Data), Limits: parsers.DefaultLimits}
		for _, l := range []*parsers.Language{sql.Language, yaml.Language} {
			if l.Match(f.Path) {
				f.Language = l
				if err := l.Parse(f); err != nil {
					t.Fatal(err)
				}
			}
		}
		facts = append(facts, graph.Extract(f, graph.RoleSource))
		paths = append(paths, f.Path)
	}
	return graph.Link(facts, paths, graph.Options{})
}

// sketch writes the columns of the named datasets, one line each.
func sketch(g *graph.Graph, names ...string) string {
	var lines []string
	for _, name := range names {
		for _, d := range g.Datasets {
			if d.Parts[len(d.Parts)-1] != name {
				continue
			}
			line := name
			if d.ColumnsExact {
				line += "!"
			}
			for _, c := range d.Columns {
				line += " " + c.Name
				if c.Confidence != graph.Exact {
					line += "?"
				}
				for i, s := range c.Sources {
					line += map[bool]string{true: "<", false: ","}[i == 0]
					if s.Indirect {
						line += "~"
					}
					line += s.Of.Parts[len(s.Of.Parts)-1] + "." + s.Column
				}
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestColumns(t *testing.T) {
	for _, c := range []struct{ name, archive, datasets, want string }{
		{"stars go through what is known", `
-- ddl.sql --
create table raw.orders (id int primary key, amount numeric(10, 2), note text);
-- a.sql --
create view silver.orders as select * from raw.orders;
-- b.sql --
create view gold.orders as select o.*, amount * 2 as double from silver.orders o;
`, "orders", "orders! id<orders.id amount<orders.amount note<orders.note double<orders.amount\norders! id amount note\norders! id<orders.id amount<orders.amount note<orders.note"},
		{"unknown sources stay unknown", `
-- a.sql --
create view s.a as select * from raw.x;
-- b.sql --
create view s.b as select id, k from s.a;
`, "a b", "a\nb! id<a.id k<a.k"},
		{"a column of one of two", `
-- ddl.sql --
create table r.a (id int, x int);
create table r.b (id int, y int);
-- v.sql --
create view s.v as select a.id, x, y, z from r.a join r.b on a.id = b.id;
`, "v", "v! id<a.id x<a.x y<b.y z?"},
		{"columns that are added later", `
-- ddl.sql --
create table r.a (id int);
-- alter.sql --
alter table r.a add column y int;
-- v.sql --
create view s.v as select * from r.a;
`, "a v", "a id?\nv id?<a.id"},
		{"an insert names its columns", `
-- ddl.sql --
create table r.a (id int, x int);
create table s.t (k int, v int);
-- load.sql --
insert into s.t (k, v) select id, x from r.a;
`, "t", "t! k<a.id v<a.x"},
		{"unions, by position", `
-- v.sql --
create table r.a (id int, x int);
create table r.b (id int, y int);
create view s.v as select id, x from r.a union all select id, y from r.b;
create view s.w as select * from r.a union all select * from r.b;
`, "v w", "v! id<a.id,b.id x<a.x,b.y\nw id?<a.id,b.id x?<a.x"},
		{"circles end", `
-- v.sql --
create view s.v as select * from s.w;
create view s.w as select a, b from s.v;
`, "v w", "v! a<w.a b<w.b\nw! a<v.a b<v.b"},
		{"dbt", `
-- dbt_project.yml --
name: shop
version: 1.0.0
profile: shop
-- models/sources.yml --
version: 2
sources:
  - name: raw
    tables:
      - name: orders
        columns:
          - name: id
            description: the key
-- models/stg_orders.sql --
with source as (select * from {{ source('raw', 'orders') }}),
renamed as (select id as order_id, lower(mail) as mail, amount from source)
select * from renamed
-- models/orders.sql --
select o.*, case when amount > 1 then mail end as big from {{ ref('stg_orders') }} o
`, "orders stg_orders", "orders! order_id<stg_orders.order_id mail<stg_orders.mail amount<stg_orders.amount big<stg_orders.mail,~stg_orders.amount\norders id?\n" +
			"stg_orders! order_id<orders.id mail<orders.mail amount<orders.amount"},
		{"sqlmesh", `
-- models/a.sql --
MODEL (name s.a, kind FULL, columns (id int, name text));
SELECT id, name FROM raw.x
-- models/b.sql --
MODEL (name s.b, kind VIEW);
SELECT id, @generate_surrogate_key(id, name) AS k, CASE WHEN name = 'x' THEN 1 END AS f FROM s.a
`, "a b", "a! id? name?\nb! id<a.id k?<a.id,a.name f<~a.name"},
	} {
		got := sketch(link(t, c.archive), strings.Fields(c.datasets)...)
		if got != c.want {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", c.name, got, c.want)
		}
	}
}

func TestDefinitions(t *testing.T) {
	g := link(t, `
-- ddl.sql --
CREATE TABLE a.b (id int64 NOT NULL OPTIONS(description="the key"), "n m" numeric(10,2) DEFAULT 0, ts timestamp with time zone,
  s STRUCT<a int, b ARRAY<int>>, e varchar(10) COMMENT 'hello' WITH MASKING POLICY p, PRIMARY KEY (id, ts), CONSTRAINT x UNIQUE (id),
  p double precision not null references z(id));
CREATE TABLE a.c (a int) PARTITIONED BY (d date);
CREATE TABLE a.d (a int, LIKE a.c);
`)
	var lines []string
	for _, d := range g.Datasets {
		line := fmt.Sprint(d.Name, d.ColumnsExact, d.Grain())
		for _, c := range d.Columns {
			f := c.Declared[0]
			line += fmt.Sprintf(" %s:%s", c.Name, strings.ReplaceAll(c.Type, " ", "_"))
			if f.NotNull {
				line += ":notnull"
			}
			if f.Description != "" {
				line += ":" + strings.ReplaceAll(f.Description, " ", "_")
			}
			if f.Masked {
				line += ":masked"
			}
		}
		lines = append(lines, line)
	}
	want := `a.btrue [id ts] id:int64:notnull:the_key n m:numeric(10,2) ts:timestamp_with_time_zone:notnull s:STRUCT<a_int,_b_ARRAY<int>> e:varchar(10):hello:masked p:double_precision:notnull
a.ctrue [] a:int d:date
a.dfalse [] a:int`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNotes(t *testing.T) {
	g := link(t, `
-- a.sql --
create table s.a as
with x as (select *, now() as seen from r.b where d > current_date - 1 limit 10)
select x.*, rand() as r, row_number() over (partition by id) as n, row_number() over (order by 1) as m, row_number() over (order by id) as ok
from x join r.c on x.id = c.id and c.d = current_date() order by 1 limit 5;
`)
	var lines []string
	for _, n := range g.Datasets[0].Producers[0].Notes {
		line := n.Kind + " " + n.Text
		for _, k := range []string{"context", "alias", "order", "of", "place", "final"} {
			if v := n.Values[k]; v != "" {
				line += " " + k + "=" + v
			}
		}
		lines = append(lines, line)
	}
	want := `random rand() context=projection alias=r final=true
row_number row_number() over (partition by id) alias=n order=missing final=true
row_number row_number() over (order by 1) alias=m order=constant final=true
clock current_date() context=on final=true
clock now() context=projection alias=seen
clock current_date context=where
limit limit 10 place=cte
star x.* of=r.b`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
