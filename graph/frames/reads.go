package frames

import (
	"bytes"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/python"
)

// readers says what the first argument of a method that reads is: a table's name, a path, or a query.
var readers = map[string]string{
	"table": "sql", "read_sql_table": "sql", "load": "path", "parquet": "path", "scan_parquet": "path", "read_parquet": "path",
	"scan_delta": "path", "read_delta": "path", "orc": "path", "delta": "path", "csv": "path", "json": "path",
	"sql": "query", "read_sql": "query", "read_sql_query": "query", "read_gbq": "query", "read_database": "query", "read_database_uri": "query",
}

// reads is every dataset that a write may have its rows from: what the variables that lead to it read, else whatever the
// function around it does (outside of functions: the module's own statements). That is a guess, so the references are inferred.
func reads(f *parsers.File, write parsers.Node) []graph.Ref {
	around := scopeOf(f, write.Ancestor(python.FunctionDefinition))
	var all, led []graph.Ref
	leading := lead(write, around.values)
	for _, c := range around.calls {
		refs := reading(f, c)
		all = append(all, refs...)
		for _, part := range leading {
			if part.Start() <= c.Start() && c.End() <= part.End() {
				led = append(led, refs...)
				break
			}
		}
	}
	if len(led) > 0 {
		return led
	}
	return all
}

// scope is the calls of a function, or of a module outside of its functions, and what its variables are set to.
type scope struct {
	calls  []parsers.Node
	values map[string][]parsers.Node
}

type scopesKey struct{}

// scopeOf reads a scope once, however many writes it holds. A nil function is the module.
func scopeOf(f *parsers.File, function parsers.Node) *scope {
	scopes := parsers.Memo(f, scopesKey{}, func() map[int]*scope { return map[int]*scope{} })
	at := -1
	if !function.IsNil() {
		at = function.Start()
	}
	if s := scopes[at]; s != nil {
		return s
	}
	s := &scope{values: map[string][]parsers.Node{}}
	scopes[at] = s
	visit := func(n parsers.Node) {
		switch {
		case n.Is(python.Call):
			s.calls = append(s.calls, n)
		case n.Is(python.Assignment) && n.Field(python.Left).Is(python.Identifier):
			name := n.Field(python.Left).Text()
			s.values[name] = append(s.values[name], n.Field(python.Right))
		}
	}
	if function.IsNil() {
		for n := range f.Tree.All(python.Call, python.Assignment) {
			if n.Ancestor(python.FunctionDefinition).IsNil() {
				visit(n)
			}
		}
	} else {
		for n := range function.Descendants() {
			visit(n)
		}
	}
	return s
}

// maxLead bounds how many expressions are followed from a write backwards.
const maxLead = 100

// lead is the expressions that a write's rows come through: its own and those of the variables in them.
func lead(write parsers.Node, values map[string][]parsers.Node) []parsers.Node {
	out := []parsers.Node{write}
	seen := map[string]bool{}
	for i := 0; i < len(out) && len(out) < maxLead; i++ {
		for n := range out[i].Descendants() {
			if n.Is(python.Identifier) && !seen[n.Text()] {
				seen[n.Text()] = true
				out = append(out, values[n.Text()]...)
			}
		}
	}
	return out
}

// reading is what one call reads.
func reading(f *parsers.File, c parsers.Node) []graph.Ref {
	fn := c.Field(python.Function)
	if !fn.Is(python.Attribute) || bytes.Contains(fn.Bytes(), []byte(".write")) {
		return nil
	}
	method := fn.Field(python.AttributeField).Text()
	kind, ok := readers[method]
	if !ok || (method == "csv" || method == "json" || method == "orc" || method == "delta") && !bytes.Contains(fn.Bytes(), []byte("read")) {
		return nil
	}
	if method == "sql" && !sparkLike(fn.Field(python.Object)) {
		return nil
	}
	at := c.Field(python.Arguments).FirstNamed()
	if at.Is(python.KeywordArgument) {
		at = at.Field(python.Value)
	}
	text, ok := pycall.Text(f, at)
	if !ok || text == "" {
		return nil
	}
	span := f.Span(at.Start(), at.End())
	if kind == "query" && !strings.ContainsAny(strings.TrimSpace(text), " \n\t") {
		kind = "sql" // read_sql takes a table's name too
	}
	switch kind {
	case "query":
		var out []graph.Ref
		for _, st := range sqltext.Read(text) {
			for _, r := range st.Reads {
				out = append(out, graph.Ref{Tool: "sql", Parts: r.Parts, Span: span, Inferred: true})
			}
		}
		return out
	case "sql":
		parts, _ := graph.SplitName(text)
		return []graph.Ref{{Tool: "sql", Parts: parts, Span: span, Inferred: true}}
	}
	return []graph.Ref{{Tool: "path", Parts: []string{text}, Span: span, Inferred: true}}
}
