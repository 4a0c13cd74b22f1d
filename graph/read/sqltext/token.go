// Package sqltext reads of SQL what the inventory of datasets needs: what statements write and read, by tokens alone, so
// that no dialect and no template stops it.
package sqltext

import (
	"slices"
	"strings"

	"delint/graph"
)

type tokenKind uint8

const (
	word     tokenKind = iota // a name or keyword
	quoted                    // "…", `…`, […]
	template                  // {{ … }}, ${…}, {…}, a hole of a folded string, @name, @{name}
	literal                   // a string
	punct                     // one byte of anything else
)

type token struct {
	kind       tokenKind
	text       string
	low        string // of a word, in lower case
	start, end int
	depth      int // of parentheses
}

func (t token) is(words ...string) bool {
	if t.kind != word {
		return false
	}
	return slices.Contains(words, t.low)
}

func (t token) punct(p string) bool { return t.kind == punct && t.text == p }

// tokenize splits a text into tokens; comments and template statements are left out.
func tokenize(s string) []token {
	out := make([]token, 0, len(s)/6)
	depth := 0
	for i := 0; i < len(s); {
		start, kind := i, punct
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
			continue
		case strings.HasPrefix(s[i:], "--"), c == '#' && lineStart(s, i):
			i = after(s, i, "\n")
			continue
		case strings.HasPrefix(s[i:], "/*"):
			i = after(s, i+2, "*/")
			continue
		case strings.HasPrefix(s[i:], "{#"):
			i = after(s, i+2, "#}")
			continue
		case strings.HasPrefix(s[i:], "{%"):
			i = after(s, i+2, "%}")
			continue
		case strings.HasPrefix(s[i:], "{{"):
			i, kind = after(s, i+2, "}}"), template
		case strings.HasPrefix(s[i:], "${"), c == '{', strings.HasPrefix(s[i:], "@{"):
			i, kind = after(s, i+1, "}"), template
		case strings.HasPrefix(s[i:], graph.Hole):
			i, kind = i+len(graph.Hole), template
		case strings.HasPrefix(s[i:], "$$"):
			i, kind = after(s, i+2, "$$"), literal
		case c == '@' && i+1 < len(s) && letter(s[i+1]):
			for i++; i < len(s) && inWord(s[i]); i++ {
			}
			kind = template
		case c == '\'':
			i, kind = afterString(s, i), literal
		case c == '"' || c == '`':
			i, kind = after(s, i+1, string(c)), quoted
		case c == '[' && bracketName(s[i:]):
			i, kind = after(s, i+1, "]"), quoted
		case letter(c) || c == '#' && i+1 < len(s) && letter(s[i+1]):
			for i++; i < len(s) && inWord(s[i]); i++ {
			}
			kind = word
		case '0' <= c && c <= '9':
			for i++; i < len(s) && inWord(s[i]); i++ {
			}
			kind = literal
		default:
			i++
			if c == ')' && depth > 0 {
				depth--
			}
		}
		t := token{kind: kind, text: s[start:i], start: start, end: i, depth: depth}
		if kind == word {
			t.low = strings.ToLower(t.text)
		}
		out = append(out, t)
		if kind == punct && c == '(' {
			depth++
		}
	}
	return out
}

func lineStart(s string, i int) bool {
	return strings.TrimSpace(s[strings.LastIndexByte(s[:i], '\n')+1:i]) == "" && (i+1 >= len(s) || !letter(s[i+1]))
}

func letter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80 && c != graph.Hole[0]
}

func inWord(c byte) bool { return letter(c) || '0' <= c && c <= '9' || c == '$' }

// bracketName reports whether a bracket quotes a name and is no index or array.
func bracketName(s string) bool {
	end := strings.IndexByte(s, ']')
	if end < 2 || !letter(s[1]) {
		return false
	}
	for i := 1; i < end; i++ {
		if !inWord(s[i]) && s[i] != ' ' && s[i] != '-' {
			return false
		}
	}
	return true
}

func after(s string, from int, end string) int {
	if from > len(s) {
		return len(s)
	}
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}

func afterString(s string, i int) int {
	if strings.HasPrefix(s[i:], "'''") {
		return after(s, i+3, "'''")
	}
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '\'':
			if i+1 < len(s) && s[i+1] == '\'' {
				i++
				continue
			}
			return i + 1
		}
	}
	return len(s)
}

// Name is a dataset's name in a text.
type Name struct {
	Parts      []string
	Quoted     []bool
	Start, End int
}

// name reads a dotted name at token i; next is the token after it. ok is false where there is none.
func name(ts []token, i int) (n Name, next int, ok bool) {
	if i >= len(ts) || ts[i].kind > template {
		return n, i, false
	}
	n.Start = ts[i].start
	var b strings.Builder
	last := -1
	for ; i < len(ts); i++ {
		t := ts[i]
		if last >= 0 && t.start != last {
			break
		}
		if t.kind == template {
			b.WriteString(templated(t.text))
		} else if t.kind == word || t.kind == quoted || t.kind == punct && (t.text == "." || t.text == "-" && last >= 0) ||
			t.kind == literal && last >= 0 && t.text[0] != '\'' {
			b.WriteString(t.text)
		} else {
			break
		}
		last = t.end
		n.End = t.end
	}
	n.Parts, n.Quoted = graph.SplitName(strings.TrimSuffix(b.String(), "."))
	return n, i, n.Parts[0] != "" || len(n.Parts) > 1
}

func templated(s string) string {
	if strings.HasPrefix(s, "{{") {
		return graph.Evaluate(s, nil)
	}
	if strings.HasPrefix(s, "${") {
		return graph.Evaluate(s, nil)
	}
	return graph.Hole
}
