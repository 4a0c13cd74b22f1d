package sqltext

import (
	"strings"

	"delint/parsers"
	"delint/parsers/sql"
)

// Statement is what one statement writes and reads.
type Statement struct {
	// Mode is create, replace, append, merge, overwrite, drop or rename; empty for a statement that writes nothing.
	Mode      string
	View      bool
	Temporary bool
	Target    Name
	To        Name // of a rename
	Reads     []Name
	// Simple says that the query projects one relation and does no more: no filter, join, aggregate, window or set operator.
	Simple     bool
	Start, End int
}

type statementsKey struct{}

// Statements is the statements of an SQL file, read once: what they write and read as the parser binds it, the rest by tokens.
func Statements(f *parsers.File) []Statement {
	return parsers.Memo(f, statementsKey{}, func() []Statement {
		if f.Tree == nil || f.Tree.Grammar != sql.Grammar {
			return Read(string(f.Text))
		}
		return bound(f)
	})
}

// Read reads the statements of a text.
func Read(s string) []Statement {
	var out []Statement
	ts := tokenize(s)
	for len(ts) > 0 {
		end := 0
		for end < len(ts) && !(ts[end].punct(";") && ts[end].depth == 0) {
			end++
		}
		if end > 0 {
			out = append(out, statement(ts[:end]))
		}
		ts = ts[min(end+1, len(ts)):]
	}
	return out
}

func statement(ts []token) Statement {
	st := Statement{Start: ts[0].start, End: ts[len(ts)-1].end}
	i := 0
	for i+1 < len(ts) && (ts[i].is("begin", "explain", "analyze", "live") || ts[i].kind == template) {
		i++
	}
	body := st.head(ts, i)
	st.query(ts[body:])
	return st
}

// head reads what a statement writes and returns the token at which its query may begin.
func (st *Statement) head(ts []token, i int) int {
	at := func(j int) token {
		if j < len(ts) {
			return ts[j]
		}
		return token{kind: punct}
	}
	take := func(mode string, j int) int {
		n, next, ok := name(ts, j)
		if ok && !at(next).punct("(") || ok && (mode == "create" || mode == "append" || mode == "replace") {
			st.Mode, st.Target = mode, n
			return next
		}
		return j
	}
	switch t := at(i); {
	case t.is("create"):
		return st.create(ts, i+1, take)
	case t.is("insert"):
		mode := "append"
		i++
		for at(i).is("into", "overwrite", "table", "ignore", "or", "replace") {
			if at(i).is("overwrite") {
				mode = "overwrite"
			}
			i++
		}
		return take(mode, i)
	case t.is("merge"):
		if at(i + 1).is("into") {
			i++
		}
		return take("merge", i+1)
	case t.is("copy"):
		if at(i + 1).is("into") {
			if t := at(i + 2); !strings.HasPrefix(t.text, "@") && t.kind != literal { // not a stage
				return take("append", i+2)
			}
			return i + 2
		}
		n, next, ok := name(ts, i+1)
		for j := next; ok && j < len(ts); j++ {
			if ts[j].depth == 0 && ts[j].is("from") {
				st.Mode, st.Target = "append", n
				return len(ts) // what follows is a file
			}
		}
		return len(ts)
	case t.is("drop") && at(i+1).is("table", "view", "materialized"):
		for i++; at(i).is("table", "view", "materialized", "if", "exists"); i++ {
		}
		take("drop", i)
		return len(ts)
	case t.is("alter") && at(i+1).is("table"):
		for i += 2; at(i).is("if", "exists", "only"); i++ {
		}
		n, next, ok := name(ts, i)
		if ok && at(next).is("rename") && at(next+1).is("to") {
			if to, _, ok := name(ts, next+2); ok {
				st.Mode, st.Target, st.To = "rename", n, to
			}
		}
		return len(ts)
	case t.is("with", "select", "from") || t.punct("("):
		return i
	case t.is("replace", "update", "delete", "truncate"):
		return len(ts)
	}
	return len(ts)
}

func (st *Statement) create(ts []token, i int, take func(string, int) int) int {
	mode := "create"
	for ; i < len(ts); i++ {
		t := ts[i]
		switch {
		case t.is("or", "external", "transient", "unlogged", "materialized", "streaming", "live", "recursive", "secure",
			"refresh", "force", "algorithm", "undefined", "hybrid", "dynamic", "iceberg", "foreign", "snapshot", "private") || t.punct("="):
			st.View = st.View || t.is("materialized")
		case t.is("replace"):
			mode = "replace"
		case t.is("temp", "temporary", "global", "local"):
			st.Temporary = true
		case t.is("table", "view"):
			st.View = st.View || t.is("view")
			i++
			if i < len(ts) && ts[i].is("function") {
				return len(ts)
			}
			for i < len(ts) && ts[i].is("if", "not", "exists") {
				i++
			}
			next := take(mode, i)
			if len(st.Target.Parts) > 0 && len(st.Target.Parts[0]) > 1 && st.Target.Parts[0][0] == '#' {
				st.Temporary = true
			}
			return next
		default:
			return len(ts) // a function, schema, index …
		}
	}
	return i
}

// query collects the relations of a query and decides whether it is a simple projection.
func (st *Statement) query(ts []token) {
	ctes := map[string]bool{}
	for i := 0; i+2 < len(ts); i++ {
		if ts[i+1].low == "as" && ts[i].kind <= quoted && (ts[i+2].punct("(") || ts[i+2].is("not", "materialized")) {
			ctes[fold(ts[i].text)] = true
		}
	}
	st.Simple = true
	selects := 0
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		switch {
		case t.kind != word:
		case t.is("select"):
			selects++
		case reduces(t.low):
			st.Simple = false
		case t.is("except") && !(i+1 < len(ts) && ts[i+1].punct("(")):
			st.Simple = false
		case t.is("count", "sum", "avg", "min", "max", "array_agg", "string_agg", "listagg", "any_value") && i+1 < len(ts) && ts[i+1].punct("("):
			st.Simple = false
		case t.is("join"), t.is("from") && !notARelation(ts, i):
			if t.is("join") {
				st.Simple = false
			}
			i = st.relations(ts, i+1, ctes)
		}
	}
	st.Simple = st.Simple && selects > 0 && len(st.Reads) == 1
}

// reduces reports whether a word makes of a query more than a projection.
func reduces(w string) bool {
	switch w {
	case "where", "group", "having", "qualify", "union", "intersect", "distinct", "limit", "window", "over", "lateral",
		"unnest", "flatten", "explode", "pivot", "unpivot", "minus", "sample", "tablesample":
		return true
	}
	return false
}

// follows reports whether a word begins what may follow a relation without an alias.
func follows(w string) bool {
	switch w {
	case "join", "inner", "left", "right", "full", "cross", "natural", "on", "using", "order", "set", "when", "select", "except",
		"for", "fetch", "offset", "with", "returning":
		return true
	}
	return false
}

// relations reads the relations of one FROM or JOIN; it returns the last token that it used.
func (st *Statement) relations(ts []token, i int, ctes map[string]bool) int {
	n, next, ok := name(ts, i)
	if !ok || ts[i].is("select", "values", "unnest", "lateral", "table", "the") {
		return i - 1
	}
	if next < len(ts) && ts[next].punct("(") {
		return next - 1 // a table function
	}
	if len(n.Parts) > 1 || !ctes[fold(n.Parts[0])] {
		st.Reads = append(st.Reads, n)
	}
	j := next
	if j < len(ts) && ts[j].is("as") {
		j++
	}
	if j < len(ts) && ts[j].kind <= quoted && !reduces(ts[j].low) && !follows(ts[j].low) {
		j++ // an alias
	}
	if j < len(ts) && ts[j].punct(",") && ts[j].depth == ts[i].depth {
		st.Simple = false
		return st.relations(ts, j+1, ctes)
	}
	return next - 1
}

// notARelation knows the FROM of EXTRACT(x FROM y), TRIM, SUBSTRING and IS DISTINCT FROM.
func notARelation(ts []token, i int) bool {
	if i > 0 && ts[i-1].is("distinct") && i > 1 && ts[i-2].is("is", "not") {
		return true
	}
	for j := i - 1; j > 0; j-- {
		if ts[j].depth < ts[i].depth && ts[j].punct("(") {
			return ts[j-1].is("extract", "trim", "substring", "overlay", "position", "ltrim", "rtrim")
		}
	}
	return false
}

func fold(s string) string {
	b := []byte(s)
	out := b[:0]
	for _, c := range b {
		if c == '"' || c == '`' || c == '[' || c == ']' {
			continue
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return string(out)
}
