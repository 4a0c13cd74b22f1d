package scan

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

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
