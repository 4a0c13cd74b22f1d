// Package soda reads Soda: SodaCL of version 3, contracts of version 4, data sources, and checks that stand in Python strings.
package soda

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
	"delint/parsers/python"
)

var _ = graph.Register(graph.Tool{Name: "soda", Extract: extract})

var (
	sodaText   = regexp.MustCompile(`(?m)^\s*['"]?(?:checks for|for each (?:dataset|table)|dataset:|data_source )`)
	inlineText = regexp.MustCompile(`(?m)^\s*(?:checks for|for each (?:dataset|table)) \S`)
)

func extract(f *parsers.File, facts *graph.Facts) {
	switch path.Ext(f.Path) {
	case ".yml", ".yaml":
		if facts.Role == graph.RoleVendored || !f.Mentions("checks for", "for each ", "dataset:", "data_source ") || !sodaText.Match(f.Text) {
			return
		}
		docs, ok := plain.Documents(f)
		if !ok {
			facts.Projects = append(facts.Projects, unread(f))
			return
		}
		for _, d := range docs {
			readDocument(f, d, facts)
		}
	case ".py", ".ipynb":
		if f.Tree != nil && f.Tree.Grammar == python.Grammar && bytes.Contains(f.Text, []byte("checks for ")) ||
			f.Tree != nil && bytes.Contains(f.Text, []byte("for each dataset ")) {
			inline(f, facts)
		}
	}
}

// readDocument reads one document by what its keys say it is.
func readDocument(f *parsers.File, d *plain.Value, facts *graph.Facts) {
	if d.Kind != plain.Mapping {
		return
	}
	if id := d.String("dataset"); strings.Contains(id, "/") {
		facts.Checks = append(facts.Checks, contract(d, id)...)
		return
	}
	for _, p := range d.Pairs {
		if name, ok := strings.CutPrefix(p.Key, "data_source "); ok {
			facts.Projects = append(facts.Projects, dataSource(strings.TrimSpace(name), p))
		}
	}
	if d.String("type") != "" && d.String("name") != "" && d.Get("connection") != nil {
		facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: "soda", Name: d.String("name"), Span: d.Span})
	}
	from := len(facts.Checks)
	facts.Checks = append(facts.Checks, sodaCL(d)...)
	for i := range facts.Checks[from:] {
		facts.Checks[from+i].DataSource = path.Base(path.Dir(f.Path))
	}
}

func dataSource(name string, p plain.Pair) graph.ProjectFact {
	fact := graph.ProjectFact{Tool: "soda", Name: name, Span: p.At, Values: map[string]string{}}
	for _, v := range []*plain.Value{p.Value, p.Value.Get("connection")} {
		for _, key := range []string{"schema", "dataset", "database"} {
			if s := v.String(key); s != "" && fact.Values["schema"] == "" {
				fact.Values["schema"] = graph.Evaluate(s, nil)
			}
		}
	}
	return fact
}

// unread says which names a file holds that could not be read: checks on them may exist.
func unread(f *parsers.File) graph.ProjectFact {
	seen := map[string]bool{}
	var words []string
	for _, w := range nameWord.FindAll(f.Text, maxWords) {
		if s := strings.ToLower(string(w)); !seen[s] {
			seen[s] = true
			words = append(words, s)
		}
	}
	return graph.ProjectFact{Tool: "unread", Name: f.Path, Lists: map[string][]string{"words": words}, Span: f.Span(0, 0)}
}

var nameWord = regexp.MustCompile(`[A-Za-z_][\w$]{2,}`)

const maxWords = 20_000

// inline reads strings of Python that hold SodaCL. Their facts stand at the string.
func inline(f *parsers.File, facts *graph.Facts) {
	for n := range f.Tree.All(python.String, python.ConcatenatedString) {
		if n.Parent().Is(python.ConcatenatedString) || !bytes.Contains(n.Bytes(), []byte("checks for ")) && !bytes.Contains(n.Bytes(), []byte("for each ")) {
			continue
		}
		text, _, ok := python.Fold(f, n)
		if !ok || !inlineText.MatchString(text) || !strings.Contains(text, "\n") {
			continue
		}
		text = dedent(strings.ReplaceAll(text, python.Hole, graph.Hole))
		docs, ok := plain.Read(parsers.NewSource(f.Path, []byte(text)))
		if !ok {
			p := unread(&parsers.File{Source: parsers.NewSource(f.Path, []byte(text))})
			p.Span = f.Span(n.Start(), n.End())
			facts.Projects = append(facts.Projects, p)
			continue
		}
		for _, d := range docs {
			for _, c := range sodaCL(d) {
				c.Span = f.Span(n.Start(), n.End())
				facts.Checks = append(facts.Checks, c)
			}
		}
	}
}

// dedent takes the indent of the first line with text off every line.
func dedent(s string) string {
	lines := strings.Split(s, "\n")
	indent := ""
	for _, l := range lines {
		if t := strings.TrimLeft(l, " \t"); t != "" {
			indent = l[:len(l)-len(t)]
			break
		}
	}
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], indent)
	}
	return strings.Join(lines, "\n")
}
