package graph_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
	"delint/parsers/yaml"
)

// warehouse writes a dbt project of n models: a third each of staging views, of joins of three of them, and of marts on those.
func warehouse(n int) map[string]string {
	files := map[string]string{"dbt_project.yml": "name: shop\nversion: 1.0.0\nprofile: shop\n"}
	third := n / 3
	var sources, properties strings.Builder
	sources.WriteString("version: 2\nsources:\n  - name: raw\n    tables:\n")
	properties.WriteString("version: 2\nmodels:\n")
	for i := range third {
		fmt.Fprintf(&sources, "      - name: t%d\n        columns:\n", i)
		var columns strings.Builder
		for c := range 20 {
			fmt.Fprintf(&columns, "        cast(c%d as text) as t%d_c%d,\n", c, i, c)
			fmt.Fprintf(&sources, "          - name: c%d\n", c)
		}
		files[fmt.Sprintf("models/staging/stg_t%d.sql", i)] = fmt.Sprintf("with source as (\n    select * from {{ source('raw', 't%d') }}\n),\nrenamed as (\n    select\n        id as t%d_id,\n%s        _loaded_at\n    from source\n)\nselect * from renamed\n", i, i, columns.String())
		a, b, c := i, (i+1)%third, (i+7)%third
		files[fmt.Sprintf("models/intermediate/int_t%d.sql", i)] = fmt.Sprintf(`{{ config(materialized='incremental', unique_key='t%d_id') }}
with a as (select * from {{ ref('stg_t%d') }}),
b as (select * from {{ ref('stg_t%d') }}),
c as (select * from {{ ref('stg_t%d') }}),
joined as (
    select a.*, b.t%d_c1, t%d_c2, c.t%d_c3 as other,
        row_number() over (partition by a.t%d_id order by b._loaded_at desc) as rn
    from a
    left join b on a.t%d_id = b.t%d_id
    left join c on a.t%d_id = c.t%d_id
    {%% if is_incremental() %%} where a._loaded_at > (select max(_loaded_at) from {{ this }}) {%% endif %%}
)
select * from joined where rn = 1
`, a, a, b, c, b, b, c, a, a, b, a, c)
		var sums strings.Builder
		for k := range 10 {
			fmt.Fprintf(&sums, "    sum(case when t%d_c%d = 'x' then 1 else 0 end) as n%d,\n", a, k, k)
		}
		files[fmt.Sprintf("models/marts/mart_t%d.sql", i)] = fmt.Sprintf("select\n    t%d_id,\n%s    count(distinct other) as others\nfrom {{ ref('int_t%d') }}\ngroup by 1\n", a, sums.String(), i)
		fmt.Fprintf(&properties, "  - name: mart_t%d\n    columns:\n      - name: t%d_id\n        tests: [unique, not_null]\n      - name: others\n", i, a)
	}
	files["models/sources.yml"], files["models/marts.yml"] = sources.String(), properties.String()
	return files
}

// BenchmarkWarehouse compares what linking 3,000 models costs with what parsing them does.
func BenchmarkWarehouse(b *testing.B) {
	texts := warehouse(3000)
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	parse := func() (files []*parsers.File) {
		for path, text := range texts {
			f := &parsers.File{Source: parsers.NewSource(path, []byte(text)), Limits: parsers.DefaultLimits, Language: yaml.Language}
			if sql.Language.Match(path) {
				f.Language = sql.Language
			}
			if err := f.Language.Parse(f); err != nil {
				b.Fatal(err)
			}
			files = append(files, f)
		}
		return files
	}
	files := parse()
	extract := func() (facts []*graph.Facts, paths []string) {
		for _, f := range files {
			fresh := &parsers.File{Source: f.Source, Language: f.Language, Tree: f.Tree, Limits: f.Limits}
			facts, paths = append(facts, graph.Extract(fresh, graph.RoleSource)), append(paths, f.Path)
		}
		return facts, paths
	}
	b.Run("Parse", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			parse()
		}
	})
	b.Run("Extract", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			extract()
		}
	})
	facts, paths := extract()
	b.Run("Link", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var g *graph.Graph
		for b.Loop() {
			g = graph.Link(facts, paths, graph.Options{})
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		columns, exact := 0, 0
		for _, d := range g.Datasets {
			columns += len(d.Columns)
			if d.ColumnsExact {
				exact++
			}
		}
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-graph")
		b.ReportMetric(float64(columns), "columns")
		b.ReportMetric(float64(exact), "exact-datasets")
	})
}
