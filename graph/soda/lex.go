package soda

import "strings"

// token is a piece of a line of SodaCL. Its kind is the literal itself for words and signs of the grammar.
type token struct {
	kind string
	text string
}

// The kinds of tokens that are no literal.
const (
	identifier = "name"
	digits     = "number"
	duration   = "duration"
	space      = " "
	unknown    = "?"
)

// literals are the words and signs of SodaCL, which reads a line letter by letter: the longest of them, or of a name, wins.
// A column that is called like one of the words is none.
var literals = []string{
	"freshness using", "with", "failed rows", "group by", "row_count same as", "default", "same day last week", "percent",
	"anomaly score for ", "anomaly detection for ", "values in", "must", "exist in", "checks for", "filter",
	"configurations for", "for each dataset", "for each table", "for each column", ".", "for", "and", "between", "not", "in",
	"warn", "fail", "pass", "change", "last", "avg", "min", "max", "[", "]", "{", "}", "(", ")", ",", "%", "+", "-", "!=", "<>",
	"<=", ">=", "=", "<", ">", "d", "h", "m",
}

// lex splits a line into tokens. Anything that the grammar has no token for becomes an unknown one.
func lex(s string) []token {
	var out []token
	for s != "" {
		t := next(s)
		out = append(out, t)
		s = s[len(t.text):]
	}
	return out
}

func next(s string) token {
	best := token{unknown, s[:1]}
	length := 0
	for _, l := range literals {
		if len(l) > length && strings.HasPrefix(s, l) {
			best, length = token{l, l}, len(l)
		}
	}
	longer := func(kind string, n int) {
		if n > length {
			best, length = token{kind, s[:n]}, n
		}
	}
	n := span(s, isDigit)
	if n > 0 && n < len(s) && strings.IndexByte("dhm", s[n]) >= 0 {
		longer(duration, n+1)
	}
	longer(identifier, quotedName(s))
	if n < len(s) && isNameStart(s[n]) {
		longer(identifier, n+span(s[n:], isName))
	}
	longer(digits, n)
	if s[0] == ' ' {
		longer(space, 1)
	}
	return best
}

// quotedName is the length of a quoted name at the start of s; 0 if there is none. One in brackets goes on to the last
// bracket of the line and has two letters at least, because that is how SodaCL reads it.
func quotedName(s string) int {
	switch s[0] {
	case '"', '`':
		if i := strings.IndexByte(s[1:], s[0]); i > 0 {
			return i + 2
		}
	case '[':
		if i := strings.LastIndexByte(s, ']'); i > 2 && isNameStart(s[1]) && strings.IndexByte(s[1:i], '[') < 0 {
			return i + 1
		}
	}
	return 0
}

func span(s string, of func(byte) bool) int {
	for i := range len(s) {
		if !of(s[i]) {
			return i
		}
	}
	return len(s)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$'
}

func isName(c byte) bool { return strings.IndexByte(" <=>()[],", c) < 0 }
