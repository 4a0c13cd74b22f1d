package quality

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// SodaUnknownDataset reports checks and contracts on a dataset that nothing in the repository makes or declares. Tables may be
// made elsewhere: it speaks only of near misses, and of data sources most of whose references resolve.
var SodaUnknownDataset = rules.Repository(rules.Rule{
	Name:     "soda-unknown-dataset",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "technologies/soda-core",
	Sentence: "Define and enforce data contracts",
}, func(pass *rules.Pass, g *graph.Graph) {
	refs := references(g)
	checked := map[string]bool{} // datasets that something names rightly
	total, resolved := map[string]int{}, map[string]int{}
	for _, r := range refs {
		total[r.source]++
		if len(r.found) > 0 {
			resolved[r.source]++
			for _, d := range r.found {
				checked[d.Name] = true
			}
		}
	}
	schema, partial := configuredSchema(g), unnamedWrites(g)
	for _, r := range refs {
		if r.prefixed && schema != "" {
			f := pass.ReportAt(r.at, "Soda 3 takes `%s` for a table's name; write `%s`", strings.Join(r.parts, "."), r.parts[len(r.parts)-1])
			f.Key, f.Evidence = strings.Join(r.parts, "."), "the schema comes from the data source: "+schema
			continue
		}
		if len(r.found) > 0 {
			continue
		}
		near := nearDataset(g, r.parts, checked)
		if sameName(g, r.parts) || near == nil && (partial || resolved[r.source]*2 < total[r.source]) {
			continue
		}
		name := strings.Join(r.parts, ".")
		f := pass.ReportAt(r.at, "nothing here makes or declares `%s`, which %s", name, r.what)
		f.Key = name
		if near != nil {
			f.Severity = rules.High
			f.Message = fmt.Sprintf("nothing here makes or declares `%s`; did you mean `%s`?", name, near.Name)
			f.Places = append(f.Places, rules.Place{Span: near.Span(), Message: near.Name})
		}
		f.Evidence = fmt.Sprintf("%d of %d datasets that these checks name are made or declared here", resolved[r.source], total[r.source])
	}
})

// reference is one dataset that a file of checks or a contract names.
type reference struct {
	source   string // framework and data source
	parts    []string
	at       parsers.Span
	found    []*graph.Dataset
	what     string // what names it
	prefixed bool   // a schema stands before a table of SodaCL
}

// references is every dataset that is named, once a file.
func references(g *graph.Graph) []reference {
	var out []reference
	seen := map[string]bool{}
	add := func(r reference, path string) {
		key := r.source + "\x00" + path + "\x00" + strings.Join(r.parts, ".")
		name := graph.Canonical(r.parts)
		if seen[key] || len(name) == 0 || strings.Contains(strings.Join(r.parts, ""), graph.Hole) || strings.Contains(strings.Join(r.parts, ""), "${") {
			return
		}
		if role := roleOf(g, path); role != graph.RoleSource {
			return
		}
		seen[key] = true
		out = append(out, r)
	}
	for _, c := range g.Checks {
		at := c.Target.Span
		if at.IsZero() {
			at = c.Span
		}
		source := c.Framework + ":" + c.DataSource
		if c.Framework == "odcs-quality" {
			source = "odcs:contracts"
		}
		file := g.File(c.Span.Path)
		if c.Framework == "soda" && file != nil && len(file.Contracts) > 0 {
			source = "soda:contracts"
		}
		if plain := c.Target.Tool == "" || c.Target.Tool == "sql"; plain && targets[c.Framework] && !c.Wildcard && c.Confidence != graph.Partial {
			sodacl := c.Framework == "soda" && file != nil && file.Language == "yaml" && len(file.Contracts) == 0
			add(reference{source: source, parts: c.Target.Parts, at: at, found: c.Datasets, what: "checks name", prefixed: sodacl && len(c.Target.Parts) > 1}, c.Span.Path)
		}
		if table := c.Settings["reads"]; table != "" && c.Settings["reads source"] == "" {
			ref := sqlRef(table)
			add(reference{source: source, parts: ref.Parts, at: c.Span, found: g.Find(ref, c.Span.Path), what: "a check reads"}, c.Span.Path)
		}
	}
	for _, c := range g.Contracts {
		if targets[c.Tool] && c.Status != "draft" && c.Status != "proposed" {
			found := []*graph.Dataset(nil)
			if c.Dataset != nil {
				found = append(found, c.Dataset)
			}
			add(reference{source: c.Tool + ":contracts", parts: c.Target.Parts, at: c.Span, found: found, what: "a contract promises"}, c.Span.Path)
		}
	}
	return out
}

// targets is the frameworks and contracts that name datasets by their tables.
var targets = map[string]bool{"soda": true, "great-expectations": true, "odcs-quality": true, "odcs": true}

// configuredSchema is the schema of a data source of Soda 3 that puts one before every table; empty if none does.
func configuredSchema(g *graph.Graph) string {
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool == "soda" && p.Values["version"] == "3" && p.Values["prefix"] != "" && prefixes[p.Values["type"]] {
				return p.Values["prefix"]
			}
		}
	}
	return ""
}

// prefixes names the engines before whose tables Soda 3 puts the schema of the data source.
var prefixes = map[string]bool{"postgres": true, "redshift": true, "snowflake": true, "duckdb": true, "mysql": true, "athena": true}

// nearDataset is the only dataset that a name most likely means: one that no check names rightly, at most two letters away, or
// the same without what an environment adds.
func nearDataset(g *graph.Graph, parts []string, checked map[string]bool) *graph.Dataset {
	name := strings.ToLower(parts[len(parts)-1])
	if len(name) < 5 {
		return nil
	}
	var near []*graph.Dataset
	for _, d := range g.Datasets {
		last := d.Parts[len(d.Parts)-1]
		if checked[d.Name] || strings.Contains(last, graph.Hole) || digits(last) != digits(name) {
			continue
		}
		if withoutEnvironment(last) == withoutEnvironment(name) || graph.EditDistance(name, last, 2) <= 2 && len(name) >= 6 {
			near = append(near, d)
		}
	}
	if len(near) != 1 {
		return nil // several: nobody knows which
	}
	return near[0]
}

// unnamedWrites reports whether something writes datasets whose names only a run knows: any name may be theirs.
func unnamedWrites(g *graph.Graph) bool {
	for _, f := range g.Files {
		for _, d := range f.Datasets {
			if f.Role == graph.RoleSource && d.Mode != "" && len(d.Parts) > 0 && strings.HasPrefix(strings.TrimLeft(d.Parts[len(d.Parts)-1], "_-."), graph.Hole) {
				return true
			}
		}
	}
	return false
}

// sameName reports whether some dataset has the name in another schema: the environment may decide which.
func sameName(g *graph.Graph, parts []string) bool {
	name := strings.ToLower(parts[len(parts)-1])
	return slices.ContainsFunc(g.Datasets, func(d *graph.Dataset) bool { return d.Parts[len(d.Parts)-1] == name })
}

// digits is the digits of a name: tables that differ in a number are different tables.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

var environments = []string{"dev_", "prod_", "test_", "stg_", "staging_", "qa_"}

func withoutEnvironment(s string) string {
	for _, e := range environments {
		s = strings.TrimPrefix(s, e)
		s = strings.TrimSuffix(s, "_"+strings.TrimSuffix(e, "_"))
	}
	return s
}
