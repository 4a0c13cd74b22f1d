package sql

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"delint/parsers"
)

func parse(t testing.TB, text string) *Tree {
	t.Helper()
	tree, err := Grammar.Parse([]byte(text), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// summary writes a bound file as one line a statement: kind; reads; writes; the marks that are set.
func summary(f *File) string {
	var lines []string
	for _, s := range f.Statements {
		line := string(s.Kind)
		for _, r := range s.Reads {
			line += " <" + describe(r)
			if r.Indirect {
				line += "?"
			}
		}
		for _, w := range s.Writes {
			line += fmt.Sprintf(" %s>%s", w.Mode, describe(w.Target))
			if w.Temp {
				line += "(temp)"
			}
		}
		if s.WhereConstant {
			line += " where-true"
		} else if !s.Where.IsNil() {
			line += " where"
		}
		if s.Partial {
			line += " partial"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func describe(r *Relation) string {
	out := r.Name()
	if r.Kind != RelationTable {
		out = string(r.Kind) + ":" + out
	}
	if r.Alias != "" {
		out += "=" + r.Alias
	}
	return out
}

var bindCases = []struct{ name, sql, want string }{
	{"plain", "select a from t", "select <t"},
	{"alias", "select a from s.t as x join u y on x.id = y.id", "select <s.t=x <u=y"},
	{"comma join", "select * from a, b x, (select 1 from c) z", "select <a <b=x <c"},
	{"quoted", `select * from "My Db"."t" u`, "select <My Db.t=u"},
	{"backticks", "select * from `a-b.c.d` e, `x`.`y`", "select <a-b.c.d=e <x.y"},
	{"dashes", "select * from my-project.set.t-2 where a - b > 0", "select <my-project.set.t-2 where"},
	{"brackets", "select [a b] from [dbo].[t x] as q, [single]", "select <dbo.t x=q <single"},
	{"double dot", "select * from db..t", "select <db..t"},
	{"cte", "with a as (select * from b), c as (select * from a) select * from c join d using (id)", "select <b <d"},
	{"cte hides nothing outside", "select * from a; with a as (select 1) select * from a", "select <a\nselect"},
	{"cte of its own name", "with orders as (select * from orders) select * from orders", "select <orders"},
	{"recursive", "with recursive t as (select 1 union all select n + 1 from t) select * from t", "select"},
	{"recursion without the word", "with t as (select 1 as n union all select n + 1 from t) select * from t", "select"},
	{"cte with columns", "with a (x, y) as (select 1, 2 from b) select x from a", "select <b"},
	{"materialized", "with a as not materialized (select * from b) select * from a", "select <b"},
	{"cte seen in a subquery", "with a as (select 1) select (select max(x) from a) from b where x in (select y from c)", "select <b <c where"},
	{"trailing comma of WITH", "with a as (select 1 from b), select * from a", "select <b"},
	{"field path", "select * from t, t.items, unnest(t.tags) g", "select <t"},
	{"field path of an outer alias", "select (select count(*) from e.params where k = 1) from events e", "select <events=e"},
	{"lateral", "select * from t, lateral flatten(input => t.a) f, lateral (select * from u) v", "select <t <u"},
	{"lateral view", "select c, d from t lateral view outer explode(m) x as c, d where c = 1", "select <t where"},
	{"unnest", "select * from unnest([1, 2]) as n with offset as o cross join u", "select <u"},
	{"extract", "select extract(day from d), trim(both from x), substring(x from 1 for 2) from t", "select <t"},
	{"is distinct from", "select * from t where a is distinct from b and c is not distinct from d", "select <t where"},
	{"function named like a join", "select left(a, 1), right(b, 2), if(c, 1, 2), replace(d, 'x', 'y'), insert(e, 1, 2, 'z') from t", "select <t"},
	{"joins", "select * from a left outer join b on a.x = b.x full join c using (y) cross join d natural join e asof join f on g", "select <a <b <c <d <e <f"},
	{"bracketed join", "select * from (a join b on a.x = b.x left join (select * from c) d on 1 = 1) join e on true", "select <a <b <c <e"},
	{"set operators", "select * from a union all select * from b except distinct select * from c intersect (select * from d)", "select <a <b <c <d"},
	{"star except", "select * except (a, b), t.* exclude (c), count(*) from t", "select <t"},
	{"duckdb file", "select * from 'data/x.parquet' p, read_csv('y.csv')", "select <path:=p"},
	{"from first", "from t select a where b", "select <t where"},
	{"stage", "select $1 from @my_stage/path/x.csv (file_format => f) s", "select <path:@my_stage/path/x.csv=s"},
	{"values", "select * from (values (1, 'a'), (2, 'b')) as v(x, y)", "select"},
	{"pivot", "select * from t pivot (sum(x) for m in ('a', 'b')) as p", "select <t=p"},
	{"time travel", "select * from t for system_time as of timestamp '2020-01-01' where a", "select <t where"},
	{"sample", "select * from t tablesample bernoulli (10) where a", "select <t where"},
	{"hint", "select * from t with (nolock) join u (nolock) on 1 = 1", "select <t <u"},
	{"table function argument", "select * from ml.predict(model m, table s.t)", "select <m <s.t"},
	{"identifier", "select * from identifier('a.b')", "select <a.b"},
	{"order by in a call", "select array_agg(x order by y limit 1), row_number() over (partition by a order by b desc) from t order by 1 limit 5", "select <t"},
	{"case", "select case when a then b when c then (select d from u) else e end as f from t", "select <u <t"},
	{"types", "select cast(x as array<struct<a int64, b array<string>>>), y::numeric(10, 2) from t", "select <t"},
	{"pipe", "from t |> where a > 1 |> select b", "select <t where"},
	{"names like clauses", "select t.limit, t.values, a as offset, window from t", "select <t"},

	{"insert", "insert into t (a, b) select a, b from u", "insert <u append>t"},
	{"insert values", "insert into t values (1, 'x;y')", "insert append>t"},
	{"insert without INTO", "insert t select 1", "insert append>t"},
	{"overwrite", "insert overwrite table t partition (d = '1') select * from u", "insert <u overwrite>t"},
	{"upsert", "insert into t (a) values (1) on conflict (a) do update set a = 2", "insert merge>t"},
	{"with insert", "with x as (select * from y) insert into t select * from x", "insert <y append>t"},
	{"insert all", "insert all into a values (x) into b values (y) select x, y from c", "insert <c append>a append>b"},
	{"update", "update t set a = 1 where b = 2", "update update>t where"},
	{"update from", "update t set a = u.a from u where t.id = u.id", "update <u update>t where"},
	{"update of an alias", "update x set a = 1 from dbo.t as x join u on u.id = x.id", "update <u update>dbo.t"},
	{"update everything", "update t set a = 1", "update update>t"},
	{"delete", "delete from t where a = 1", "delete delete>t where"},
	{"delete everything", "delete from t where 1 = 1", "delete delete>t where-true"},
	{"delete true", "DELETE FROM t WHERE TRUE", "delete delete>t where-true"},
	{"delete using", "delete from t using u where t.id = u.id", "delete <u delete>t where"},
	{"delete of an alias", "delete x from t as x join u on u.id = x.id", "delete <u delete>t"},
	{"delete without FROM", "delete t where a in (select b from u)", "delete <u delete>t where"},
	{"merge", "merge into t x using (select * from u) s on x.id = s.id when matched and s.d then delete when matched then update set a = s.a when not matched then insert (a) values (s.a)", "merge <u merge>t"},
	{"merge a table", "merge t using s.u as s on t.id = s.id when matched then update set a = 1", "merge <s.u=s merge>t"},
	{"ctas", "create or replace temp table a.b as select * from c", "create table <c replace>a.b(temp)"},
	{"create", "create table if not exists t (id int primary key, s struct<a int, b string>, n numeric(10, 2)) partition by d cluster by e", "create table create>t"},
	{"view", "create materialized view v (a, b) as with x as (select * from y) select * from x", "create view <y create>v"},
	{"like", "create table a like b; create table c clone d", "create table <b create>a\ncreate table <d create>c"},
	{"select into", "select a into #t from u", "select <u create>#t(temp)"},
	{"select into variables", "select a, b into x, y from u", "select <u"},
	{"copy in", "copy into t from @s/p file_format = (type = csv)", "copy <path:@s/p append>t"},
	{"copy out", "copy into 's3://b/p' from t", "copy <t overwrite>path:"},
	{"copy postgres", "copy t (a, b) from stdin with csv; copy (select * from u) to 'x'", "copy <path:stdin append>t\ncopy <u"},
	{"drop", "drop table if exists a, b.c cascade; drop view v", "drop drop>a drop>b.c\ndrop drop>v"},
	{"alter", "alter table t add column c int, drop column d; truncate table t", "alter alter>t\ntruncate truncate>t"},
	{"function", "create function f(x int) returns int language js as $$ select 1 from t; $$; create function g() as (1)", "create\ncreate"},
	{"javascript", "create temp function f(x string) returns string language js as r\"\"\"\n  return \"a\" + 'b; from t';\n\"\"\"; select f(a) from t", "create\nselect <t"},
	{"grant", "grant select, insert on t to role r; revoke select on t from r", "grant\ngrant"},
	{"show", "show tables from db; describe t; use schema s", "other\nother\nother"},
	{"script", "begin\n  insert into a select * from b;\n  if x > 1 then delete from c where d = 1; end if;\nend;", "insert <b append>a\nother\ndelete delete>c where\nother\nother"},
	{"no semicolon", "create table a (x int)\ninsert into a select * from b\nupdate a set x = 1 where y", "create table create>a\ninsert <b append>a\nupdate update>a where"},
	{"go", "select * from a\ngo\nselect * from b\nGO\n", "select <a\nselect <b"},
	{"cte that deletes", "with gone as (delete from a where b = 1 returning *) insert into c select * from gone", "insert append>c delete>a"},

	{"ref", "select * from {{ ref('a') }} x join {{ ref(\"p\", 'b') }} on 1 = 1", "select <ref:a=x <ref:p.b"},
	{"source", "{{ config(materialized='table') }}\nwith s as (select * from {{ source('x', 'y') }}) select * from s", "select <source:x.y"},
	{"this", "select * from {{ ref('a') }} {% if is_incremental() %} where d > (select max(d) from {{ this }}) {% endif %}", "select <ref:a <this: where"},
	{"branches", "{% if a %} select x from t {% else %} select x from u {% endif %} where y", "select <t <u where"},
	{"branches of a relation", "select * from {% if a %} {{ ref('t') }} {% else %} {{ ref('u') }} {% endif %} x", "select <ref:t <ref:u"},
	{"hole", "select * from {{ table }} where a", "select <hole: where partial"},
	{"glued", "select * from {{ db }}.s.t_{{ x }} u join a_{{ b }} on true", "select <{{ db }}.s.t_{{ x }}=u <hole:a_{{ b }} partial"},
	{"indirect", "select {{ dbt_utils.star(ref('a')) }} from {{ ref('b') }}", "select <ref:a? <ref:b"},
	{"set", "{% set q = ref('a') %} select * from {{ q }}", "select <hole: partial"},
	{"template cte", "with {{ n }} as (select * from a) select * from {{ n }}", "select <a"},
	{"macros are statements", "{% macro a() %} select * from x {% endmacro %}\n{% macro b() %} with x as (select 1) select * from x {% endmacro %}", "select <x\nselect"},
	{"raw", "select '{{ a }}', {% raw %} {{ from t }} {% endraw %} from u", "select <u"},
	{"jinja comment", "select 1 {# from t; #} from u -- from v;\n /* from /* w */ x */", "select <u"},
	{"template in a string", "select * from t where d = '{{ var('x') }}' and e = 'it\\'s'", "select <t where"},
	{"format holes", "select * from {table} where d = %(day)s and e = :e and f = $1 and g = ?", "select <hole: where partial"},
	{"shell holes", "insert into ${db}.t select * from a_${x}", "insert <a_${x} append>${db}.t partial"},

	{"sqlmesh", "MODEL (name a.b, kind INCREMENTAL_BY_TIME_RANGE (time_column d), grain (x, y));\n@DEF(v, 1);\nselect * from c.d where d between @start_ds and @end_ds", "model\nother\nselect <c.d where"},
	{"sqlmesh macros", "select @EACH([1, 2], x -> x), @IF(a, b) from @{schema}.t where @WHERE(x)", "select <macro:@{schema}.t where"},
	{"audit", "AUDIT (name ok);\nselect * from @this_model where a is null", "audit\nselect <this: where"},

	{"pivot statement", "pivot c on a, b using sum(x) group by d", "select <c"},
	{"pivot in a cte", "with p as (unpivot s.m on a, b into name n value v) select * from p", "select <s.m"},
	{"unpivot of an alias", "select 1 from t c, c.o as o, unpivot o as v at k", "select <t=c"},
	{"table query", "(table a except table b) union table c", "select <a <b <c"},
	{"table in a condition", "select exists (table a)", "select <a"},
	{"partition of", "create table p partition of s.t for values from (1) to (2)", "create table <s.t create>p"},
	{"inherits", "create table p (a int) inherits (t)", "create table <t create>p"},
	{"typed table", "create table p of ty", "create table create>p"},
	{"table named as a modifier", "insert into local values (1); drop table local; alter table local drop column x", "insert append>local\ndrop drop>local\nalter alter>local"},
	{"update in a cte", "with u as (update t set a = 1 returning *) select * from u", "select update>t"},
	{"update joined with itself", "update t as a set b = 1 from t c where a.d = c.d", "update <t=c update>t where"},
	{"only a variable", "select * from only :chunk", "select <hole: partial"},
	{"view to a table", "create materialized view v on cluster c to d.t (a, b) as select a, b from s", "create view <s create>v append>d.t"},
	{"clickhouse as", "create table a as b engine = Memory", "create table <b create>a"},
	{"stored as", "create table a (b int) stored as orc", "create table create>a"},
	{"cache table", "cache table a as select 1 from b; refresh table c", "other <b\nother"},
	{"partition of with columns", "create table p partition of t (a default 0) for values in (1)", "create table <t create>p"},
	{"copy from a variable", "copy t from :file", "copy <path: append>t"},
	{"settings", "select * from t settings x = 1, y = 2", "select <t"},
	{"version of a table", "select * from a.t@v12 join u@20240101000000000", "select <a.t <u"},
	{"hyphenated", "select * from table-a123 join b--c\n", "select <table-a123 <b"},
	{"stream", "select * from stream(a.b) s", "select <a.b"},
	{"mysql view", "create algorithm = merge definer = `a`@`b` sql security invoker view v as select 1 from t", "create view <t create>v"},
	{"hint for join", "select * from t use index for join (i)", "select <t"},
	{"system time", "select * from t for system_time from '2020-01-01' to '2021-01-01'", "select <t"},
	{"histogram", "analyze table t update histogram on a, b", "other"},
	{"teradata", "replace view v as sel * from t; del from u where a", "create view <t replace>v\ndelete delete>u where"},
	{"truncate database", "truncate database d", "truncate"},
	{"load overwrite", "load data overwrite a.t from files(format = 'AVRO')", "other overwrite>a.t"},
	{"copy tags", "create dynamic table d warehouse = w copy tags as select a from b", "create table <b create>d"},

	{"bracket too many", "select a) from t; select * from u", "select <t partial\nselect <u"},
	{"bracket missing", "select (a from t; select * from u", "select partial\nselect <u"},
	{"hash comment", "# select from x\n#standardSQL\nselect 1 # from y\nfrom t", "select <t"},
	{"backslash at the end of a string", "select 'C:\\', a from t; select * from u", "select <t\nselect <u"},
	{"empty", "", ""},
	{"only a comment", "-- nothing\n;;", ""},
}

func TestBind(t *testing.T) {
	for _, tt := range bindCases {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, summary(Bind(parse(t, tt.sql)))); diff != "" {
				t.Errorf("%s\n%s", tt.sql, diff)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	f := Bind(parse(t, `select a, t.b, c as d, e + 1 f, count(*), "G", t.*, case when a then b end as h from t`))
	var got []string
	for _, c := range f.Statements[0].Columns {
		got = append(got, fmt.Sprintf("%s/%s/%v", c.Name, c.Source, c.Star))
	}
	want := []string{"a/a/false", "b/t.b/false", "d/c/false", "f//false", "//false", `G/"G"/false`, "//true", "h//false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestConfig(t *testing.T) {
	f := Bind(parse(t, "{{ config(materialized='incremental', unique_key=['a', 'b'], tags=x) }} select 1"))
	var got []string
	for _, a := range f.Config {
		got = append(got, fmt.Sprintf("%s=%s %v", a.Name, a.Value, a.Literal))
	}
	if diff := cmp.Diff([]string{"materialized=incremental true", "unique_key=['a', 'b'] false", "tags=x false"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestModel(t *testing.T) {
	f := Bind(parse(t, "MODEL (\n  name db.orders,\n  kind INCREMENTAL_BY_UNIQUE_KEY (unique_key (a, b), batch_size 3),\n  audits (not_null(columns := (a)), ok),\n  owner 'me',\n);\nselect 1"))
	m := f.Model()
	if m == nil || m.Name != "db.orders" {
		t.Fatalf("model %+v", m)
	}
	kind, _ := m.Property("kind")
	audits, _ := m.Property("audits")
	var got []string
	got = append(got, kind.Word)
	for _, p := range append(kind.Options, audits.Options...) {
		got = append(got, p.Name+"="+p.Value)
	}
	want := []string{"INCREMENTAL_BY_UNIQUE_KEY", "unique_key=(a, b)", "batch_size=3", "not_null=(columns := (a))", "ok="}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnitAt(t *testing.T) {
	text := "with a as (select 1 from b) select 2 from a; insert into s.t select 3"
	f := Bind(parse(t, text))
	for _, tt := range []struct{ at, want string }{{"1 from b", "cte a"}, {"2 from a", "query "}, {"3", "statement s.t"}} {
		u := f.UnitAt(strings.Index(text, tt.at))
		if got := u.Kind + " " + u.Name; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.at, got, tt.want)
		}
	}
	if u := f.UnitAt(len(text) + 5); u != (Unit{}) {
		t.Errorf("outside: %+v", u)
	}
}

// TestNesting reads what no person writes: it must neither crash nor take more than time in proportion.
func TestNesting(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, text := range map[string]string{
		"brackets":  "select " + strings.Repeat("(", 100_000) + "1" + strings.Repeat(")", 100_000) + " from t",
		"unclosed":  "select " + strings.Repeat("(", 100_000),
		"strays":    "select 1 " + strings.Repeat(")", 100_000),
		"queries":   strings.Repeat("select * from (", 100_000) + "t" + strings.Repeat(")", 100_000),
		"arrays":    "select " + strings.Repeat("[", 100_000),
		"cases":     "select " + strings.Repeat("case when ", 100_000),
		"templates": strings.Repeat("{{ (", 100_000),
		"comments":  strings.Repeat("/* ", 100_000) + "select 1",
		"quotes":    strings.Repeat("'\\", 100_000),
		"types":     "select cast(x as " + strings.Repeat("array<", 100_000),
		"with":      strings.Repeat("with a as (", 100_000),
		"joins":     "select * from a " + strings.Repeat("left ", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			Bind(parse(t, text))
			if d := time.Since(start); d > 20*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func FuzzBind(f *testing.F) {
	for _, tt := range bindCases {
		f.Add(tt.sql)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := parse(t, text)
		file := Bind(tree)
		for _, s := range file.Statements {
			for _, r := range s.Reads {
				if r.Node.Start() < s.Start() || r.Node.End() > s.End() {
					t.Errorf("relation %q stands outside its statement", r.Node.Text())
				}
			}
		}
		for i := 0; i < len(text); i += 7 {
			file.UnitAt(i)
		}
		last := 0
		for i := range tree.Len() {
			n := tree.At(i)
			if n.Start() < last && n.Start() < n.Parent().Start() || n.End() > len(text) {
				t.Errorf("node %d %s [%d,%d) is out of order", i, n.KindName(), n.Start(), n.End())
			}
			last = n.Start()
		}
	})
}

var benchText = func() string {
	var b strings.Builder
	for _, tt := range bindCases {
		b.WriteString(tt.sql)
		b.WriteString(";\n")
	}
	return strings.Repeat(b.String(), 20)
}()

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(benchText)))
	for b.Loop() {
		parse(b, benchText)
	}
}

func BenchmarkBind(b *testing.B) {
	tree := parse(b, benchText)
	b.SetBytes(int64(len(benchText)))
	for b.Loop() {
		Bind(tree)
	}
}

func TestStatements(t *testing.T) {
	f := &parsers.File{Source: parsers.NewSource("a.sql", []byte("select 1; select (2; select 3)); select 4"))}
	if err := Parse(f); err != nil {
		t.Fatal(err)
	}
	if all, broken := statements(f); all != 4 || broken != 2 {
		t.Errorf("%d statements, %d broken", all, broken)
	}
}
