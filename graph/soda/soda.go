// Package soda reads Soda: SodaCL of version 3, contracts of versions 3 and 4, configurations and data sources, the commands
// that run them, and checks that stand in Python strings. The grammar is data in grammar3.go and grammar4.go; what is wrong
// with a file becomes problems, which the rules of rules/quality report.
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

var _ = graph.Register(graph.Tool{Name: "soda", Extract: extract, Link: link})

var inlineText = regexp.MustCompile(`(?m)^\s*(?:checks for|for each (?:dataset|table)) \S`)

// sodaLines is how lines of Soda begin.
var sodaLines = []string{"checks for", "for each dataset", "for each table", "configurations for", "discover datasets", "discover tables", "profile columns",
	"sample datasets", "sample tables", "automated monitoring", "reconciliation ", "dataset:", "dataset':", "dataset\":", "data_source ", "soda_cloud:", "connection:",
	"check for ", "check of ", "check on "}

var filterLine = regexp.MustCompile(`^filter \S+ \[`)

// speaksSoda reports whether a line of the text begins, after blanks and a quote, as lines of Soda do.
func speaksSoda(text []byte) bool {
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		line = bytes.TrimLeft(line, " \t\r\f")
		if len(line) > 0 && (line[0] == '"' || line[0] == '\'') {
			line = line[1:]
		}
		if len(line) < len("dataset:") {
			continue
		}
		switch line[0] {
		case 'f':
			if filterLine.Match(line) {
				return true
			}
			fallthrough
		case 'c', 'd', 'p', 's', 'a', 'r':
			for _, w := range sodaLines {
				if w[0] == line[0] && len(line) >= len(w) && string(line[:len(w)]) == w {
					return true
				}
			}
		}
	}
	return false
}

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored {
		return
	}
	switch path.Ext(f.Path) {
	case ".yml", ".yaml":
		if speaksSoda(f.Text) {
			readFile(f, facts)
		}
	case ".py", ".ipynb":
		if f.Tree == nil || f.Tree.Grammar != python.Grammar {
			return
		}
		if f.Mentions("checks for ", "for each dataset ") {
			inline(f, facts)
		}
	}
	commands(f, facts)
	packages(f, facts)
}

// readFile reads the documents of a YAML file.
func readFile(f *parsers.File, facts *graph.Facts) {
	docs, ok := plain.Documents(f)
	if !ok {
		if f.Mentions("checks for", "for each ", "dataset:", "data_source ") {
			facts.Projects = append(facts.Projects, unread(f))
		}
		return
	}
	for i, v := range docs {
		d := read(f.Source, v)
		if d == nil {
			continue
		}
		if i > 0 && (d.kind == Checks || d.kind == Contract) {
			d.problem(Syntax, d.root.Span, "---", "Soda reads one document a file, this is the second").Values = map[string]string{}
		}
		for i := range d.checks {
			if d.kind == Checks {
				d.checks[i].DataSource = d.folder()
			}
		}
		d.add(facts)
	}
}

// add puts what a document says into the facts.
func (d *document) add(facts *graph.Facts) {
	if d.kind == NoSoda {
		return
	}
	facts.Checks = append(facts.Checks, d.checks...)
	facts.Projects = append(facts.Projects, d.projects...)
	facts.Problems = append(facts.Problems, d.problems...)
	if d.contract != nil {
		facts.Contracts = append(facts.Contracts, *d.contract)
	}
	facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: "soda-file", Name: string(d.kind), Span: d.root.Span,
		Values: map[string]string{"schedule": d.root.String("soda_runner", "checks_schedule", "cron") + d.root.String("soda_agent", "checks_schedule", "cron")}})
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
		text, holes, ok := python.Fold(f, n)
		if !ok || !inlineText.MatchString(text) || !strings.Contains(text, "\n") {
			continue
		}
		text = dedent(strings.ReplaceAll(text, python.Hole, graph.Hole))
		source := parsers.NewSource(f.Path, []byte(text))
		docs, ok := plain.Read(source)
		if !ok {
			p := unread(&parsers.File{Source: source})
			p.Span = f.Span(n.Start(), n.End())
			facts.Projects = append(facts.Projects, p)
			continue
		}
		at := f.Span(n.Start(), n.End())
		for _, v := range docs {
			d := read(source, v)
			if d == nil || d.kind != Checks {
				continue
			}
			for i := range d.checks {
				d.checks[i].Span = at
				facts.Checks = append(facts.Checks, d.checks[i])
			}
			for i := range d.problems {
				if p := d.problems[i]; !holes {
					p.Span, p.Fix = at, nil
					facts.Problems = append(facts.Problems, p)
				}
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
