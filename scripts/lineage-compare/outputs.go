//go:build ignore

// Print, as one JSON line a file, what delint says the single statement of each SQL file in a folder projects:
//
//	go run scripts/lineage-compare/outputs.go FOLDER DIALECT
//
// compare.py runs it.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	"delint/parsers"
	"delint/parsers/sql"
)

type output struct {
	Name    string      `json:"name"`
	Exact   bool        `json:"exact"`
	Sources [][2]string `json:"sources"`
}

func main() {
	quotes := map[string]bool{"bigquery": true, "spark": true, "databricks": true, "mysql": true}[os.Args[2]]
	paths, err := filepath.Glob(filepath.Join(os.Args[1], "*.sql"))
	if err != nil {
		log.Fatal(err)
	}
	enc := json.NewEncoder(os.Stdout)
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			log.Fatal(err)
		}
		f := &parsers.File{Source: parsers.NewSource(p, raw), Limits: parsers.DefaultLimits}
		if err := sql.Parse(f); err != nil {
			log.Fatal(err)
		}
		out := []output{}
		for _, s := range sql.Of(f).Statements {
			sc := s.Scope()
			sc.StringQuotes, sc.QuotesKnown = quotes, true
			for _, o := range sc.Outputs() {
				if o.Star || o.Branch > 0 {
					continue
				}
				x := output{Name: o.Name, Exact: o.Confidence == sql.Exact, Sources: [][2]string{}}
				for _, src := range o.Sources {
					if src.Relation == nil {
						x.Exact = false
						continue
					}
					x.Sources = append(x.Sources, [2]string{src.Relation.Name(), src.Column})
				}
				out = append(out, x)
			}
		}
		if err := enc.Encode(map[string]any{"file": filepath.Base(p), "outputs": out}); err != nil {
			log.Fatal(err)
		}
	}
}
