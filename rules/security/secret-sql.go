package security

import (
	"bytes"
	"strings"

	"delint/parsers"
	"delint/parsers/sql"
)

// sqlReading reads the pairs of a SQL file: every string of its tree under the name that stands before it (PASSWORD 'x',
// IDENTIFIED BY 'x', SECRET 'x', name = 'x', name => 'x'), and the parameters of CREDENTIALS 'a=x;b=y'.
func sqlReading(f *parsers.File) (Reading, bool) {
	var r Reading
	for n := range f.Tree.All(sql.String, sql.DoubleQuoted, sql.TemplateString) {
		body, ok := literalBody(f.Text, n.Start(), n.End())
		if !ok {
			r.Loose = append(r.Loose, Region{rawSpan(f.Source, Span{n.Start(), n.End()}), sqlLine}) // $$ … $$
			continue
		}
		text := string(f.Text[body.Start:body.End])
		span := rawSpan(f.Source, body)
		name, bare := nameBefore(f.Text, n.Start())
		key := string(f.Text[name.Start:name.End])
		if bare && strings.EqualFold(key, "identified") {
			key = "password"
		}
		switch {
		case strings.Contains(text, "\n"), strings.ContainsAny(text, `"'`) && strings.ContainsAny(text, ":="):
			r.Loose = append(r.Loose, Region{span, sqlLine})
		case strings.EqualFold(key, "credentials"):
			r.Pairs = append(r.Pairs, parameters(f, body)...)
		case key != "" && (!bare || classOf(key) != plainKey) && !n.Is(sql.DoubleQuoted):
			value := strings.ReplaceAll(text, "''", "'")
			r.Pairs = append(r.Pairs, Pair{Key: key, KeySpan: rawSpan(f.Source, name), Value: value, Span: span, Escaped: value != text})
		}
	}
	return r, true
}

// literalBody is what stands between the quotes of a literal, after a prefix of its kind (E'…', N'…', @'…').
func literalBody(text []byte, start, end int) (Span, bool) {
	for i := start; i < min(end-1, start+3); i++ {
		if c := text[i]; c == '\'' || c == '"' {
			return Span{i + 1, end - 1}, text[end-1] == c && i < end-1
		}
	}
	return Span{}, false
}

// nameBefore is the name that gives a literal its meaning. bare says that no sign stands between the two.
func nameBefore(text []byte, at int) (name Span, bare bool) {
	at = blankBefore(text, at)
	if at > 0 && text[at-1] == '(' { // PASSWORD('x'); any other call's argument has no name
		call := wordBefore(text, blankBefore(text, at-1))
		if strings.EqualFold(string(text[call.Start:call.End]), "password") {
			return call, true
		}
		return Span{}, false
	}
	sign := at
	for sign > 0 && strings.IndexByte("=:>", text[sign-1]) >= 0 {
		sign--
	}
	bare = sign == at
	if at-sign > 2 || at-sign == 1 && text[sign] == '>' || sign > 0 && strings.IndexByte("<!", text[sign-1]) >= 0 {
		return Span{}, false // a comparison
	}
	name = wordBefore(text, blankBefore(text, sign))
	word := string(text[name.Start:name.End])
	if bare && strings.EqualFold(word, "by") { // IDENTIFIED [WITH plugin] BY 'x'
		head := bytes.ToLower(text[max(0, name.Start-60):name.Start])
		if i := bytes.LastIndex(head, []byte("identified")); i >= 0 {
			start := name.Start - len(head) + i
			return Span{start, start + len("identified")}, true
		}
	}
	return name, bare
}

// wordBefore is the name that ends at an offset, without its quotes.
func wordBefore(text []byte, at int) Span {
	if at > 0 && strings.IndexByte("\"`'", text[at-1]) >= 0 {
		at--
	}
	start := at
	for start > 0 && (isWord(text[start-1]) || text[start-1] == '.' || text[start-1] == '-' && start > 1 && isWord(text[start-2])) {
		start--
	}
	return Span{start, at}
}

func blankBefore(text []byte, at int) int {
	for at > 0 && text[at-1] <= ' ' {
		at--
	}
	return at
}

// parameters reads a=x;b=y.
func parameters(f *parsers.File, list Span) []Pair {
	var out []Pair
	for at := list.Start; at < list.End; {
		end := list.End
		if i := bytes.IndexAny(f.Text[at:end], ";,"); i >= 0 {
			end = at + i
		}
		if i := bytes.IndexByte(f.Text[at:end], '='); i > 0 {
			key, value := Span{at, at + i}, Span{at + i + 1, end}
			out = append(out, Pair{Key: string(bytes.TrimSpace(f.Text[key.Start:key.End])), KeySpan: rawSpan(f.Source, key),
				Value: string(f.Text[value.Start:value.End]), Span: rawSpan(f.Source, value)})
		}
		at = end + 1
	}
	return out
}
