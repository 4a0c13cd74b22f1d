package python

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"delint/parsers"

	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/python"
)

// sources is the Python files below $DELINT_BENCH_DIR; without it, a made-up module many times.
func sources(b *testing.B) (texts [][]byte, size int64) {
	if dir := os.Getenv("DELINT_BENCH_DIR"); dir != "" {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && strings.HasSuffix(name, ".py") {
				if text, err := os.ReadFile(name); err == nil {
					texts = append(texts, text)
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	} else {
		module := strings.Repeat("def load(rows: list[dict], table: str = 'silver.orders') -> int:\n    \"\"\"Loads.\"\"\"\n    total = 0\n    for row in rows:\n        if row['amount'] > 0 and table:\n            total += publish(row, table=table, at=now() - timedelta(days=1))\n    return total\n\n\n", 60)
		for range 20 {
			texts = append(texts, []byte(module))
		}
	}
	for _, t := range texts {
		size += int64(len(t))
	}
	b.SetBytes(size)
	return texts, size
}

// BenchmarkBareParse is tree-sitter alone, through the binding: what the others are compared with.
func BenchmarkBareParse(b *testing.B) {
	texts, _ := sources(b)
	p := sitter.NewParser()
	p.SetLanguage(grammar.GetLanguage())
	for b.Loop() {
		for _, t := range texts {
			tree, err := p.ParseCtx(context.Background(), nil, t)
			if err != nil {
				b.Fatal(err)
			}
			tree.Close()
		}
	}
}

// BenchmarkParse is parse and flatten: what delint does for every file.
func BenchmarkParse(b *testing.B) {
	texts, _ := sources(b)
	for b.Loop() {
		for _, t := range texts {
			if _, err := Grammar.Parse(t, 0); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkKinds is one rule's loop over a kind, the index included.
func BenchmarkKinds(b *testing.B) {
	texts, _ := sources(b)
	var trees []*parsers.Tree
	for b.Loop() {
		b.StopTimer()
		trees = trees[:0]
		for _, t := range texts {
			tree, _ := Grammar.Parse(t, 0)
			trees = append(trees, tree)
		}
		b.StartTimer()
		for _, t := range trees {
			for n := range t.All(Call) {
				_ = n.Field(Function)
			}
		}
	}
}
