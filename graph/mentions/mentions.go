// Package mentions reads which names of datasets files hold where nothing else understands the text: strings of Python, SQL
// that builds nothing, settings. A rule that says that nothing uses a dataset asks for them.
package mentions

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/parsers/sql"
)

var _ = graph.Register(graph.Tool{Name: "mentions", Extract: extract})

// maxWords bounds what one file may mention.
const maxWords = 2000

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored || f.Tree == nil {
		return
	}
	w := words{}
	switch ext := path.Ext(f.Path); {
	case f.Tree.Grammar == python.Grammar:
		for n := range f.Tree.All(python.String) {
			w.text(n.Text())
		}
		for list := range f.Tree.All(python.Parameters) { // an asset's input has the name of the other asset
			for p := range list.NamedChildren() {
				if p.Is(python.TypedParameter) {
					p = p.FirstNamed()
				} else if !p.Is(python.Identifier) {
					p = p.Field(python.Name)
				}
				w.add(p.Text())
			}
		}
	case f.Tree.Grammar == sql.Grammar:
		w.quoted(f.Text) // ref('a'), and what other macros are called with
		for _, s := range sql.Of(f).Statements {
			if s.Kind == sql.StatementGrant {
				w.text(s.Node.Text())
			}
			for _, r := range s.Reads {
				if n := len(r.Parts); n > 0 && !r.Parts[n-1].Hole {
					w.add(r.Parts[n-1].Text)
				}
			}
		}
	case (ext == ".yml" || ext == ".yaml") && !declares(f):
		w.text(string(f.Text))
	}
	for word := range w {
		facts.Mentions = append(facts.Mentions, word)
	}
	slices.Sort(facts.Mentions)
}

// declares reports whether a YAML file is one that says what datasets there are, or checks them: that a name stands in it is
// no use of the dataset.
func declares(f *parsers.File) bool {
	for i := bytes.IndexByte(f.Text, ':'); i >= 0; {
		for _, key := range []string{"models", "sources", "seeds", "snapshots", "columns", "tests"} {
			if i >= len(key) && string(f.Text[i-len(key):i]) == key {
				return true
			}
		}
		next := bytes.IndexByte(f.Text[i+1:], ':')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return f.Mentions("checks for")
}

type words map[string]bool

func (w words) add(word string) {
	if len(w) < maxWords && len(word) > 2 && len(word) < 128 {
		w[strings.ToLower(word)] = true
	}
}

// quoted adds the last word of every quoted name: 'a', "b.a".
func (w words) quoted(text []byte) {
	for i := 0; i < len(text); i++ {
		if text[i] != '\'' && text[i] != '"' {
			continue
		}
		start, end := i+1, i+1
		for end < len(text) && (letter(text[end]) || '0' <= text[end] && text[end] <= '9' || text[end] == '.') {
			if text[end] == '.' {
				start = end + 1
			}
			end++
		}
		if end < len(text) && text[end] == text[i] && end > start {
			w.add(string(text[start:end]))
			i = end
		}
	}
}

// maxPlain is how long a text may be whose every word counts: a name, a path, a short query. Of longer ones only those words
// count that look like names of tables.
const maxPlain = 120

func (w words) text(s string) {
	plain := len(s) <= maxPlain
	last := ""
	for i := 0; i < len(s); {
		if !letter(s[i]) {
			i++
			continue
		}
		start, special := i, false
		for i < len(s) && (letter(s[i]) || '0' <= s[i] && s[i] <= '9') {
			special = special || s[i] == '_' || s[i] <= '9'
			i++
		}
		word := s[start:i]
		if plain || special || start > 0 && s[start-1] == '.' || strings.EqualFold(last, "from") || strings.EqualFold(last, "join") || strings.EqualFold(last, "into") {
			w.add(word)
		}
		last = word
	}
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
