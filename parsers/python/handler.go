package python

import (
	"iter"
	"sort"

	"delint/parsers"
)

// Handler is one place that catches exceptions: an except clause, or suppress(…) in a with statement.
type Handler struct {
	// Node is the except_clause, the except_group_clause, or the with_item of a suppress.
	Node parsers.Node
	// Types is what is caught, tuples not unpacked; empty for a bare except.
	Types []parsers.Node
	// Tried is the block that is watched.
	Tried parsers.Node
	// Body is the handler's own block; nil for suppress.
	Body    parsers.Node
	Breadth Breadth
	// Suppress says that the handler is contextlib.suppress.
	Suppress bool
}

// Handlers ranges over the exception handlers of a module: the except clauses in the order of the text, then the
// suppressing with items.
func Handlers(f *parsers.File) iter.Seq[Handler] {
	return func(yield func(Handler) bool) {
		for n := range f.Tree.All(ExceptClause, ExceptGroupClause) {
			try := n.Parent()
			if !try.Is(TryStatement) {
				continue // what is left of a try that could not be read
			}
			h := Handler{Node: n, Tried: try.Field(Body), Body: n.Child(Block), Types: caught(n)}
			h.Breadth = Bare
			if len(h.Types) > 0 {
				h.Breadth = BreadthOf(f, h.Types...)
			}
			if !yield(h) {
				return
			}
		}
		for item := range f.Tree.All(WithItem) {
			if h, ok := suppressing(f, item); ok && !yield(h) {
				return
			}
		}
	}
}

// caught is the types of an except clause: the named children before its block.
func caught(clause parsers.Node) []parsers.Node {
	var types []parsers.Node
	for c := range clause.NamedChildren() {
		switch c.Kind() {
		case Block:
			return types
		case Comment, LineContinuation:
		case AsPattern:
			types = append(types, c.FirstNamed())
		default:
			types = append(types, c)
		}
	}
	return types
}

func suppressing(f *parsers.File, item parsers.Node) (Handler, bool) {
	call := item.Field(Value)
	if call.Is(AsPattern) {
		call = call.FirstNamed()
	}
	if !call.Is(Call) || Imports(f).Resolve(call.Field(Function)) != "contextlib.suppress" {
		return Handler{}, false
	}
	h := Handler{Node: item, Suppress: true, Tried: item.Ancestor(WithStatement).Field(Body)}
	for a := range call.Field(Arguments).NamedChildren() {
		if !a.Is(Comment) {
			h.Types = append(h.Types, a)
		}
	}
	h.Breadth = BreadthOf(f, h.Types...)
	return h, len(h.Types) > 0
}

// Members is the caught types one by one, tuples unpacked.
func (h Handler) Members() []parsers.Node {
	var out []parsers.Node
	var unpack func(n parsers.Node)
	unpack = func(n parsers.Node) {
		if n.Is(Tuple, ParenthesizedExpression, ListSplat) {
			for c := range n.NamedChildren() {
				unpack(c)
			}
		} else if !n.Is(Comment) {
			out = append(out, n)
		}
	}
	for _, t := range h.Types {
		unpack(t)
	}
	return out
}

// Statements is the statements of a block, without comments.
func Statements(block parsers.Node) []parsers.Node {
	var out []parsers.Node
	for c := range block.NamedChildren() {
		if !c.Is(Comment, LineContinuation) {
			out = append(out, c)
		}
	}
	return out
}

// IsNothing reports whether a statement does nothing: pass, a constant standing alone ("…", None, ...), or an assert for
// the type checker.
func IsNothing(statement parsers.Node) bool {
	switch statement.Kind() {
	case PassStatement:
		return true
	case ExpressionStatement:
		e := statement.FirstNamed()
		if e.Is(String, ConcatenatedString) {
			for d := range e.Descendants() {
				if d.Is(Interpolation) {
					return false
				}
			}
			return true
		}
		return e.Is(Ellipsis, None, True, False, Integer, Float)
	case AssertStatement:
		test := statement.FirstNamed()
		return test.Is(Call) && test.Field(Function).Text() == "isinstance"
	}
	return false
}

// Comments is the comments that stand on the lines from the one of byte from to the one of byte to, after from.
func Comments(f *parsers.File, from, to int) []parsers.Node {
	all := parsers.Memo(f, commentsKey{}, func() []parsers.Node {
		var out []parsers.Node
		for c := range f.Tree.All(Comment) {
			out = append(out, c)
		}
		return out
	})
	first := sort.Search(len(all), func(i int) bool { return all[i].Start() >= from })
	end := to
	for end < len(f.Text) && f.Text[end] != '\n' {
		end++
	}
	last := first
	for last < len(all) && all[last].Start() < end {
		last++
	}
	return all[first:last]
}

type commentsKey struct{}
