package sqlfiles

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// changes reads the ALTER TABLE statements of a file that change the shape of a table.
func changes(f *parsers.File) []graph.ChangeFact {
	var out []graph.ChangeFact
	for _, s := range sql.Of(f).Statements {
		if s.Kind != sql.StatementAlter || s.Object != "table" || len(s.Writes) == 0 || s.Writes[0].Target == nil {
			continue
		}
		target := s.Writes[0].Target
		if target.Kind != sql.RelationTable {
			continue
		}
		ref := graph.Ref{Tool: "sql", Span: f.Span(target.Node.Start(), target.Node.End())}
		for _, p := range target.Parts {
			if p.Hole {
				ref.Parts = nil
				break
			}
			ref.Parts = append(ref.Parts, p.Text)
		}
		if ref.Parts == nil {
			continue
		}
		words := wordsAfter(s.Node, target.Node.End())
		for i := range words {
			if c, ok := change(words, i); ok {
				c.Target = ref
				c.Span = f.Span(words[i].start, words[min(i+c.words, len(words))-1].end)
				out = append(out, c.ChangeFact)
			}
		}
	}
	return out
}

// word is one token of a statement: its text without quotes.
type word struct {
	text       string
	start, end int
}

func wordsAfter(n parsers.Node, from int) []word {
	var out []word
	for d := range n.Descendants() {
		if d.Start() < from || !d.FirstNamed().IsNil() || d.Is(sql.Comment, sql.TemplateComment) {
			continue
		}
		if text := strings.Trim(d.Text(), "\"`[]"); text != "" {
			for _, w := range strings.Fields(text) {
				out = append(out, word{w, d.Start(), d.End()})
			}
		}
	}
	return out
}

type foundChange struct {
	graph.ChangeFact
	words int
}

// change reads the change that begins at word i.
func change(w []word, i int) (c foundChange, ok bool) {
	at := func(j int) string {
		if i+j < len(w) {
			return w[i+j].text
		}
		return ""
	}
	is := func(j int, words ...string) bool {
		for k, x := range words {
			if !strings.EqualFold(at(j+k), x) {
				return false
			}
		}
		return true
	}
	skip := func(j int) int { // COLUMN, IF EXISTS
		if is(j, "column") {
			j++
		}
		if is(j, "if", "exists") {
			j += 2
		} else if is(j, "if", "not", "exists") {
			j += 3
		}
		return j
	}
	switch {
	case is(0, "drop", "column"):
		j := skip(1)
		return foundChange{graph.ChangeFact{Kind: "drop column", Column: at(j)}, j + 1}, at(j) != ""
	case is(0, "rename", "column"):
		j := skip(1)
		return foundChange{graph.ChangeFact{Kind: "rename column", Column: at(j), To: at(j + 2)}, j + 3}, is(j+1, "to")
	case is(0, "rename", "to"):
		return foundChange{graph.ChangeFact{Kind: "rename table", To: at(2)}, 3}, at(2) != ""
	case is(0, "alter", "column"):
		j := skip(1) + 1
		switch {
		case is(j, "type"):
			return foundChange{graph.ChangeFact{Kind: "alter type", Column: at(j - 1), To: at(j + 1)}, j + 2}, true
		case is(j, "set", "data", "type"):
			return foundChange{graph.ChangeFact{Kind: "alter type", Column: at(j - 1), To: at(j + 3)}, j + 4}, true
		}
	case is(0, "add", "column"):
		j := skip(1)
		return foundChange{graph.ChangeFact{Kind: "add column", Column: at(j)}, j + 1}, at(j) != ""
	}
	return foundChange{}, false
}
