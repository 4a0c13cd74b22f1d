package all

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/python"
	"delint/parsers/sql"
	"delint/parsers/yaml"

	sitter "github.com/smacker/go-tree-sitter"
)

// The sources are the files below $DELINT_BENCH_DIR; without it, made-up ones. Compare the lines of one run only: BareParse
// is tree-sitter alone, through the binding; Parse is what delint does for every file.

var made = map[string]string{
	"python": "def load(rows: list[dict], table: str = 'silver.orders') -> int:\n    \"\"\"Loads.\"\"\"\n    total = 0\n    for row in rows:\n        if row['amount'] > 0 and table:\n            total += publish(row, table=table, at=now() - timedelta(days=1))\n    return total\n\n\n",
	"sql":    "with recent as (select o.id, sum(o.amount) as total from {{ ref('orders') }} o join silver.customers c using (id) where o.day >= '2026-01-01' group by 1)\nselect id, case when total > 10 then 'big' else 'small' end as size from recent qualify row_number() over (partition by id order by total desc) = 1;\n\n",
	"yaml":   "- name: orders\n  description: one row an order\n  columns:\n    - name: id\n      tests: [unique, not_null]\n    - {name: amount, description: \"in cents\"}\n",
}

var grammars = map[string]*parsers.Grammar{"python": python.Grammar, "sql": sql.Grammar, "yaml": yaml.Grammar}

func sources(b *testing.B, language *parsers.Language) (texts [][]byte) {
	b.Helper()
	if dir := os.Getenv("DELINT_BENCH_DIR"); dir != "" {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && language.Match(name) {
				if text, err := os.ReadFile(name); err == nil && len(text) < parsers.DefaultLimits.ParseBytes {
					texts = append(texts, text)
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	} else {
		for range 20 {
			texts = append(texts, []byte(strings.Repeat(made[language.Name], 60)))
		}
	}
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	if size == 0 {
		b.Skip("no files of the language")
	}
	b.SetBytes(int64(size))
	return texts
}

func BenchmarkBareParse(b *testing.B) {
	for name, grammar := range grammars {
		b.Run(name, func(b *testing.B) {
			texts := sources(b, ByName(name))
			p := sitter.NewParser()
			p.SetLanguage(grammar.Language())
			for b.Loop() {
				for _, t := range texts {
					tree, err := p.ParseCtx(context.Background(), nil, t)
					if err != nil {
						b.Fatal(err)
					}
					tree.Close()
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for name := range grammars {
		b.Run(name, func(b *testing.B) {
			language := ByName(name)
			texts := sources(b, language)
			for b.Loop() {
				for _, t := range texts {
					f := &parsers.File{Source: parsers.NewSource("bench", t), Language: language, Limits: parsers.DefaultLimits}
					_ = language.Parse(f)
					f.Tree.Release()
				}
			}
		})
	}
}

// BenchmarkKinds is one rule's loop over a kind, the index included.
func BenchmarkKinds(b *testing.B) {
	texts := sources(b, python.Language)
	for b.Loop() {
		b.StopTimer()
		var trees []*parsers.Tree
		for _, t := range texts {
			tree, _ := python.Grammar.Parse(t, 0)
			trees = append(trees, tree)
		}
		b.StartTimer()
		for _, t := range trees {
			for n := range t.All(python.Call) {
				_ = n.Field(python.Function)
			}
		}
	}
}
