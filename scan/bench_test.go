package scan

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/all"
	"delint/rules"
)

// benchDir is the repository that the benchmarks read: $DELINT_BENCH_DIR, else the sample.
func benchDir() string {
	if dir := os.Getenv("DELINT_BENCH_DIR"); dir != "" {
		return dir
	}
	return filepath.Join("..", "testdata", "sample")
}

// benchFiles parses every file of the repository.
func benchFiles(b *testing.B) (files []*parsers.File, size int64) {
	b.Helper()
	dir := benchDir()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		source, reason := parsers.Decode(filepath.ToSlash(rel), raw)
		language := all.ByPath(filepath.ToSlash(rel))
		if reason != "" || language == nil || language.Parse == nil {
			return nil
		}
		f := &parsers.File{Source: source, Language: language, Limits: parsers.DefaultLimits}
		if language.Parse(f) == nil {
			files = append(files, f)
			size += int64(len(f.Text))
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	return files, size
}

// fresh is a file without what was memoised on it: its tree is shared.
func fresh(f *parsers.File) *parsers.File {
	return &parsers.File{Source: f.Source, Language: f.Language, Tree: f.Tree, NotAnalysed: f.NotAnalysed, Limits: f.Limits}
}

// BenchmarkExtract reads the facts of parsed files.
func BenchmarkExtract(b *testing.B) {
	files, _ := benchFiles(b)
	for b.Loop() {
		for _, f := range files {
			graph.Extract(fresh(f), graph.RoleSource)
		}
	}
}

// BenchmarkLink joins the facts of all files.
func BenchmarkLink(b *testing.B) {
	files, _ := benchFiles(b)
	var facts []*graph.Facts
	var paths []string
	for _, f := range files {
		facts, paths = append(facts, graph.Extract(fresh(f), graph.RoleSource)), append(paths, f.Path)
	}
	for b.Loop() {
		graph.Link(facts, paths, graph.Options{})
	}
}

// BenchmarkCheck runs every file rule on parsed files.
func BenchmarkCheck(b *testing.B) {
	files, _ := benchFiles(b)
	runner, err := rules.NewRunner(Rules())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, f := range files {
			runner.File(fresh(f), graph.RoleSource)
		}
	}
}

// BenchmarkScan is a whole cold run.
func BenchmarkScan(b *testing.B) {
	benchFiles(b)
	for b.Loop() {
		if _, err := Run(context.Background(), Options{Paths: []string{benchDir()}, NoCache: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		"severity = \"low\"\n", "[docs]\nmap = {a = \"b\"}\nnot-applicable = [{path = \"x\", reason = \"y\"}]\n", "[[suppress]]\nrule = \"x\"\n",
		"[[environment]]\nname = \"local\"\npaths = [\"a/**\"]\n", "exclude = [\"[\"]\n", "[severities]\nempty-except = \"off\"\n", "a.b.c = 1\n", "\"\" = 1\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, name := range []string{"delint.toml", "pyproject.toml"} {
			if c, err := decodeConfig(name, text); err == nil {
				c.graphOptions(Options{})
			}
		}
	})
}

func FuzzSuppressions(f *testing.F) {
	f.Add("a.py", []byte("x = 1  # delint: ignore[empty-except] why until=2027-01-01\n"))
	f.Add("a.sql", []byte("-- delint: ignore[a, b]\n/* delint: ignore[] */ select 1\n"))
	f.Add("a.md", []byte("<!-- delint: ignore[x] y -->"))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		file := &parsers.File{Source: parsers.NewSource(name, text), Language: all.ByPath(name), Limits: parsers.DefaultLimits}
		if file.Language != nil && file.Language.Parse != nil && file.Language.Parse(file) != nil {
			file.Tree = nil
		}
		for _, s := range suppressions(file) {
			if s.Line < 1 || s.Line > file.LineCount()+1 {
				t.Fatalf("line %d of %d", s.Line, file.LineCount())
			}
		}
	})
}

// models is a generated dbt project: a third staging, a third joins, a third marts.
func models(b *testing.B, n int) (files []*parsers.File) {
	b.Helper()
	add := func(name, text string) {
		f := &parsers.File{Source: parsers.NewSource(name, []byte(text)), Language: all.ByPath(name), Limits: parsers.DefaultLimits}
		if err := f.Language.Parse(f); err != nil {
			b.Fatal(err)
		}
		files = append(files, f)
	}
	columns := func(prefix, suffix string) string {
		var out []string
		for i := range 20 {
			out = append(out, fmt.Sprintf("%scol_%d%s", prefix, i, suffix))
		}
		return strings.Join(out, ",\n    ")
	}
	add("dbt_project.yml", "name: generated\nmodels:\n  generated:\n    staging: {+schema: staging}\n    marts: {+schema: marts, +materialized: table}\n")
	third := n / 3
	sources := "sources:\n  - name: raw\n    tables:\n"
	for i := range third {
		sources += fmt.Sprintf("      - name: t%d\n", i)
		add(fmt.Sprintf("models/staging/stg_%d.sql", i), fmt.Sprintf("select\n    %s\nfrom {{ source('raw', 't%d') }}\n", columns("cast(", " as string)"), i))
		for j, layer := range []string{"intermediate/int", "marts/fct"} {
			from := []string{"stg", "int"}[j]
			add(fmt.Sprintf("models/%s_%d.sql", layer, i), fmt.Sprintf(
				"with a as (select * from {{ ref('%s_%d') }}),\nb as (\n    select\n    %s\n    from {{ ref('%s_%d') }}\n)\nselect\n    a.col_0,\n    %s\nfrom a\nleft join b on a.col_0 = b.col_0\ngroup by a.col_0\n",
				from, i, columns("", ""), from, (i*7+1)%third, columns("max(b.", ")")))
		}
	}
	add("models/sources.yml", sources)
	return files
}

// BenchmarkModels links a dbt project of 3,000 models. The metric link/parse is its share of the time that parsing takes.
func BenchmarkModels(b *testing.B) {
	start := time.Now()
	files := models(b, 3000)
	parsing := time.Since(start)
	var facts []*graph.Facts
	var paths []string
	for _, f := range files {
		facts, paths = append(facts, graph.Extract(fresh(f), graph.RoleSource)), append(paths, f.Path)
	}
	b.ReportAllocs()
	for b.Loop() {
		graph.Link(facts, paths, graph.Options{})
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/parsing.Seconds(), "link/parse")
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapInuse)/1e6, "MB-held")
}
