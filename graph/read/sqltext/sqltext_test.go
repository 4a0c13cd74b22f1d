package sqltext

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"

	"github.com/google/go-cmp/cmp"
)

func show(sql string) []string {
	var out []string
	for _, st := range Read(sql) {
		var reads []string
		for _, r := range st.Reads {
			reads = append(reads, strings.Join(r.Parts, "."))
		}
		s := fmt.Sprintf("%s %s < %s", st.Mode, strings.Join(st.Target.Parts, "."), strings.Join(reads, ","))
		for name, on := range map[string]bool{" simple": st.Simple} {
			if on {
				s += name
			}
		}
		if st.View {
			s += " view"
		}
		if st.Temporary {
			s += " temporary"
		}
		out = append(out, s)
	}
	return out
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		sql  string
		want []string
	}{
		{"select a from b", []string{"  < b simple"}},
		{"create or replace table gold.x as select a from b join c using (id)", []string{"replace gold.x < b,c"}},
		{"create temp table x as select 1", []string{"create x <  temporary"}},
		{"CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT sum(x) FROM a, b", []string{"create v < a,b view"}},
		{"insert into `p.d.t` (a, b) select a, b from s", []string{"append p.d.t < s simple"}},
		{"insert overwrite table x partition (ds='1') select * from y where z", []string{"overwrite x < y"}},
		{"merge into a.b t using (select * from c) s on t.id = s.id", []string{"merge a.b < c simple"}},
		{"copy into raw.x from @stage", []string{"append raw.x < " + graph.Hole}},
		{"copy into @stage from raw.x", []string{"  < raw.x"}},
		{"copy raw.x from 's3://b'", []string{"append raw.x < "}},
		{"drop table if exists x; alter table y rename to z", []string{"drop x < ", "rename y < "}},
		{"with a as (select * from r), b as (select lower(x) as x from a) select * from b", []string{"  < r simple"}},
		{"select extract(year from ts) from t where a is distinct from b", []string{"  < t"}},
		{"select * from {{ ref('x') }}", []string{"  < " + graph.Hole + " simple"}},
		{"{{ config(x=1) }} select * from {{ var('s') }}.orders", []string{"  < " + graph.Hole + ".orders simple"}},
		{"select * except (a) from t", []string{"  < t simple"}},
		{"select count(*) from t", []string{"  < t"}},
		{"select distinct a from t", []string{"  < t"}},
		{"-- create table x as select 1\nselect ';' /* ; */ from t", []string{"  < t simple"}},
		{"create function f(x int) returns int as 'select 1'", []string{"  < "}},
		{"select * from unnest([1]) , generate_series(1, 2)", []string{"  < "}},
	} {
		got := show(c.sql)
		for i := range got {
			got[i] = strings.TrimSpace(got[i])
		}
		var want []string
		for _, w := range c.want {
			want = append(want, strings.TrimSpace(w))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s\n%s", c.sql, d)
		}
	}
}

// TestDatasets holds what the statements of a parsed file leave behind.
func TestDatasets(t *testing.T) {
	source := parsers.NewSource("x.sql", []byte(`
create temp table scratch as select 1;
create table a.kept as select lower(x) as x from raw.b;
create table a.gone as select 1; drop table a.gone;
create table a.built_again as select 1; drop table a.built_again; create table a.built_again as select 2;
create table a.next as select * from raw.b; alter table a.next rename to a.current;
create or replace view a.v as select * from {{ ref('m') }} where x;
insert into {{ var('schema', 'gold') }}.orders select * from raw.b join raw.c using (id);
`))
	f := &parsers.File{Source: source, Language: sql.Language, Limits: parsers.DefaultLimits}
	if err := sql.Parse(f); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range DatasetsOf(Statements(f), "sql", f.Span) {
		got = append(got, fmt.Sprintf("%s %s %s %v %d:%s", d.Mode, strings.Join(d.Parts, "."), d.Kind, d.Simple, d.Span.Start.Line, d.Transient))
	}
	want := []string{
		"create scratch table false 2:temporary",
		"create a.kept table true 3:",
		"create a.gone table false 4:dropped by the same file",
		"create a.built_again table false 5:",
		"create a.built_again table false 5:",
		"create a.next table true 6:renamed by the same file",
		"replace a.v view false 7:",
		"append gold.orders table false 8:",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCalls(t *testing.T) {
	var got []string
	for _, c := range Calls(`{{ config(alias='a', tags=["x", 'y'], enabled=var('e', false)) }}
		{# ref('no') #} select * from {{ ref('m') }} join {{ source("s", 't') }} -- {{ ref('commented', v=2) }}
		{% set x = ref('pkg', 'n') %} {% snapshot snap %}`) {
		got = append(got, fmt.Sprintf("%s%v%d", c.Name, c.Args, len(c.Keys)))
	}
	want := []string{"config[]3", "ref[m]0", "source[s t]0", "ref[commented]1", "ref[pkg n]0", "snapshot[snap]0"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"create table a.b as select 1", "{{ config(a='}}') }} select * from {{ ref('x", "copy into", "insert into", "'''", "$$", "[", "((", "@{", "⟨*⟩x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, st := range Read(s) {
			if st.Start < 0 || st.End > len(s) || st.Target.End > len(s) || st.Target.Start > st.Target.End {
				t.Fatalf("%+v", st)
			}
		}
		for _, c := range Calls(s) {
			if c.Start < 0 || c.End > len(s) || c.Start > c.End {
				t.Fatalf("%+v", c)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	text := strings.Repeat("with a as (select x, lower(y) as y from {{ ref('z') }}) select * from a where x > 1;\n", 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Read(text)
	}
}
