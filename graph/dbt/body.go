package dbt

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// Settings of a model's body that rules on incremental models ask, beside is_incremental and reads_this:
//
//	bounded     what bounds the rows of every run otherwise: clock (a WHERE compares with today), variable (the run hands it over)
//	watermark   > or >=: how the body compares with max(…) of {{ this }}; truncated set where what it compares is cut to days
//	anti_join   true: NOT IN (select …), NOT EXISTS (select …)
//	not_null    columns that the body itself keeps from being null: x is not null, coalesce(…) as x, a surrogate key
var (
	variableText = regexp.MustCompile(`\{[{%][^}%]*\b(?:var|env_var)\s*\(|\brun_started_at\b|\bflags\.|\bexecution_date\b|\bmodel\.config\b`)
	highest      = regexp.MustCompile(`(?i)^\s*(?:\(\s*)?(?:coalesce\s*\(\s*)?(?:\(\s*)?select\s+(?:\w+\s*\(\s*)*max\s*\(`)
	truncated    = regexp.MustCompile(`(?is)(?:\b(?:date|date_trunc|trunc|to_date|timestamp_trunc|datetime_trunc)\s*\([^()]*\)|::\s*date\b|\bas\s+date\s*\))\s*>\s*(?:\(\s*)?(?:coalesce\s*\(\s*)?(?:\(\s*)?select\s+(?:\w+\s*\(\s*)*max\s*\(`)
	antiJoin     = regexp.MustCompile(`(?i)^(?:not\s+(?:in|exists)\s*\(\s*(?:--[^\n]*\n\s*)*(?:select|with)\b|left\s+anti\s+join\b)`)
	isNotNull    = regexp.MustCompile(`(?i)^is\s+not\s+null\b`)
)

// clock are the words that read today's date or time.
var clock = []string{"current_date", "current_timestamp", "current_datetime", "getdate", "sysdate", "now", "today", "localtimestamp"}

// body files what a model's text says of how it loads.
func body(f *parsers.File, d *graph.DatasetFact) {
	jinja := f.Mentions("{{", "{%")
	if !jinja && !strings.Contains(f.Path, "model") { // plain SQL elsewhere is no model
		return
	}
	if jinja && f.Mentions("this") && readsThis.Match(f.Text) {
		d.Settings["reads_this"] = "true"
	}
	if jinja && (calls(f.Text, "var", "env_var") || f.Mentions("run_started_at", "flags.", "execution_date", "model.config")) && variableText.Match(f.Text) {
		d.Settings["bounded"] = "variable"
	}
	if f.Tree != nil && f.Tree.Grammar == sql.Grammar && parsers.HasWord(f.Text, clock...) {
		for w := range f.Tree.All(sql.WhereClause, sql.QualifyClause, sql.OnClause, sql.HavingClause) {
			if parsers.HasWord(w.Bytes(), clock...) {
				d.Settings["bounded"] = "clock"
			}
		}
	}
	if d.Settings["reads_this"] != "" || d.Settings["unique_key"] != "" || f.Mentions("is_incremental") {
		loads(f, d)
	}
	for i := range parsers.Words(f.Text, "not", "left") {
		if antiJoin.Match(f.Text[i:]) {
			d.Settings["anti_join"] = "true"
			break
		}
	}
}

// loads files what the body of an incremental model says of the rows that it has already.
func loads(f *parsers.File, d *graph.DatasetFact) {
	operator, compared := watermark(f.Text)
	if operator != "" {
		d.Settings["watermark"] = operator
		if truncated.Match(f.Text) {
			d.Settings["truncated"] = "true"
		}
	}
	var names []string
	for _, list := range [][]string{notNull(f.Text), computed(f.Text), compared} {
		for _, name := range list {
			if name = strings.ToLower(name); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) > 0 && len(names) < 400 {
		d.Settings["not_null"] = strings.Join(names, ",")
	}
}

// maxFound bounds how many places of one kind are read in a text.
const maxFound = 2000

// watermark finds the comparisons with (select max(…)): the operator of the first, and the words that are compared.
func watermark(text []byte) (operator string, compared []string) {
	for i := bytes.IndexByte(text, '>'); i >= 0 && len(compared) < maxFound; i = indexFrom(text, i+1, '>') {
		before := bytes.TrimRight(text[:i], blanks)
		word := lastWord(before)
		if word == "" && !bytes.HasSuffix(before, []byte(")")) {
			continue
		}
		after := text[i+1:]
		op := ">"
		if len(after) > 0 && after[0] == '=' {
			op, after = ">=", after[1:]
		}
		if !highest.Match(after) {
			continue
		}
		if operator == "" {
			operator = op
		}
		if word != "" {
			compared = append(compared, word)
		}
	}
	return operator, compared
}

// notNull lists the words before IS NOT NULL.
func notNull(text []byte) (out []string) {
	for i := range parsers.Words(text, "is") {
		before := bytes.TrimRight(text[:i], blanks)
		if word := lastWord(before); word != "" && len(before) < i && isNotNull.Match(text[i:]) {
			if out = append(out, word); len(out) == maxFound {
				break
			}
		}
	}
	return out
}

// computed lists the names of what ends with a bracket: coalesce(…) as x, {{ … }} as x, f(…)::int as x; also words that follow
// a bracket and end their line, which are hardly ever anything else.
func computed(text []byte) (out []string) {
	for i := 0; i < len(text) && len(out) < maxFound; {
		c := text[i]
		i++
		if c != ')' && c != '}' && c != ']' {
			continue
		}
		if word, end := named(text, i); word != "" {
			out = append(out, word)
			i = end
		}
	}
	return out
}

// named is the name that follows a bracket, with or without a cast and AS, and ends its item or line; end is after it.
func named(text []byte, i int) (word string, end int) {
	i = skipBlanks(text, i)
	if bytes.HasPrefix(text[i:], []byte("::")) {
		j := skipBlanks(text, i+2)
		if k := skipWord(text, j); k > j {
			i = skipBlanks(text, k)
		}
	}
	if j := skipWord(text, i); j == i+2 && text[i]|0x20 == 'a' && text[i+1]|0x20 == 's' {
		if k := skipBlanks(text, j); k > j {
			if word, end := item(text, k); word != "" {
				return word, end
			}
		}
	}
	return item(text, i)
}

// item is the word at i, quoted or not, if a comma, a comment, or the end of the line or text follows.
func item(text []byte, i int) (word string, end int) {
	quote := func(i int) int {
		if i < len(text) && (text[i] == '"' || text[i] == '`') {
			return i + 1
		}
		return i
	}
	i = quote(i)
	j := skipWord(text, i)
	if j == i {
		return "", 0
	}
	k := quote(j)
	for ; k < len(text); k++ {
		switch c := text[k]; {
		case c == '\n' || c == ',':
			return string(text[i:j]), k + 1
		case c == '-' && k+1 < len(text) && text[k+1] == '-':
			return string(text[i:j]), k + 2
		case c != ' ' && c != '\t' && c != '\r' && c != '\f':
			return "", 0
		}
	}
	return string(text[i:j]), k
}

const blanks = " \t\r\n\f"

func skipBlanks(text []byte, i int) int {
	for i < len(text) && strings.IndexByte(blanks, text[i]) >= 0 {
		i++
	}
	return i
}

func skipWord(text []byte, i int) int {
	for i < len(text) && letter(text[i]) {
		i++
	}
	return i
}

// lastWord is the word that a text ends with; empty if it ends with none.
func lastWord(text []byte) string {
	i := len(text)
	for i > 0 && letter(text[i-1]) {
		i--
	}
	return string(text[i:])
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' }

func indexFrom(text []byte, from int, c byte) int {
	if i := bytes.IndexByte(text[from:], c); i >= 0 {
		return from + i
	}
	return -1
}

// calls reports whether the text calls one of the functions: the word, blanks, a bracket.
func calls(text []byte, names ...string) bool {
	for i := range parsers.Words(text, names...) {
		if j := skipBlanks(text, skipWord(text, i)); j < len(text) && text[j] == '(' {
			return true
		}
	}
	return false
}
