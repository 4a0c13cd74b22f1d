package pycall

import (
	"strconv"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// maxValue is how deep names and operands are followed; maxItems how many items of a list are written.
const (
	maxValue = 6
	maxItems = 40
)

// Value writes an expression as graph.ArgumentFact explains.
func Value(f *parsers.File, n parsers.Node) string { return value(f, n, maxValue) }

func value(f *parsers.File, n parsers.Node, depth int) string {
	if n.IsNil() || depth == 0 {
		return "?"
	}
	switch n.Kind() {
	case python.True, python.False, python.None, python.Integer, python.Float:
		return n.Text()
	case python.UnaryOperator:
		return n.Text()
	case python.ParenthesizedExpression, python.Await:
		return value(f, n.FirstNamed(), depth)
	case python.Dictionary:
		return "{}"
	case python.Lambda:
		return "lambda"
	case python.List, python.Tuple, python.Set:
		var items []string
		for item := range n.NamedChildren() {
			if !item.Is(python.Comment) && len(items) < maxItems {
				items = append(items, value(f, item, depth-1))
			}
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	if text, ok := Constant(f, n); ok {
		return strconv.Quote(text)
	}
	names := python.Imports(f)
	switch n.Kind() {
	case python.BinaryOperator:
		op := n.Field(python.Operator).Text()
		return value(f, n.Field(python.Left), depth-1) + " " + op + " " + value(f, n.Field(python.Right), depth-1)
	case python.Call:
		if path := callee(f, n.Field(python.Function), depth); path != "" {
			return path + "()"
		}
	case python.Attribute:
		if path := names.Resolve(n); path != "" {
			return path
		}
	case python.Identifier:
		if path := names.Resolve(n); path != "" {
			return path
		}
		found := names.Lookup(n)
		if len(found) != 1 {
			return "?"
		}
		if !found[0].Definition.IsNil() {
			return n.Text()
		}
		if !found[0].Value.IsNil() && !found[0].Value.Contains(n) {
			return value(f, found[0].Value, depth-1)
		}
	}
	return "?"
}

// Callee is the dotted path of what is called, as graph.CallFact explains; empty where nothing tells.
func Callee(f *parsers.File, fn parsers.Node) string { return callee(f, fn, maxValue) }

// callee is the path of what is called; of a method on a call, "path().method"; of a function of the module, its name.
func callee(f *parsers.File, fn parsers.Node, depth int) string {
	if path := python.Imports(f).Resolve(fn); path != "" || depth == 0 {
		return path
	}
	switch fn.Kind() {
	case python.Attribute:
		object := fn.Field(python.Object)
		if object.Is(python.Call, python.Attribute, python.BinaryOperator, python.ParenthesizedExpression, python.Identifier) {
			if before := value(f, object, depth-1); before != "?" {
				return before + "." + fn.Field(python.AttributeField).Text()
			}
		}
	case python.Identifier:
		if found := python.Imports(f).Lookup(fn); len(found) == 1 && !found[0].Definition.IsNil() {
			return fn.Text()
		}
	}
	return ""
}

// Constant is the constant text of an expression as it is written, templates in it too, with graph.Hole for what only a run
// knows.
func Constant(f *parsers.File, n parsers.Node) (string, bool) {
	if n.IsNil() {
		return "", false
	}
	text, _, ok := python.Fold(f, n)
	return strings.ReplaceAll(text, python.Hole, graph.Hole), ok
}

// Arguments reads the keyword arguments of a call; "**x" that is a dict of this module is read too. nil gives none.
func Arguments(f *parsers.File, call parsers.Node) graph.Arguments {
	out := graph.Arguments{}
	if call.IsNil() {
		return out
	}
	out.Span = f.Span(call.Start(), call.Field(python.Function).End())
	for a := range call.Field(python.Arguments).NamedChildren() {
		switch a.Kind() {
		case python.KeywordArgument:
			out.List = append(out.List, graph.ArgumentFact{
				Name: a.Field(python.Name).Text(), Value: Value(f, a.Field(python.Value)), Span: f.Span(a.Start(), a.End()),
			})
		case python.DictionarySplat:
			merge(&out, Dict(f, a.FirstNamed()))
		}
	}
	return out
}

func merge(into *graph.Arguments, more graph.Arguments) {
	into.List = append(into.List, more.List...)
	into.From = append(into.From, more.From...)
	into.Open = into.Open || more.Open
}

// Dict reads an expression that gives a dict of settings: a literal, dict(…), a name for one with what is added to it
// afterwards, a copy, a | b, and what a function of this module returns.
func Dict(f *parsers.File, n parsers.Node) graph.Arguments { return dict(f, n, maxValue) }

func dict(f *parsers.File, n parsers.Node, depth int) graph.Arguments {
	unknown := graph.Arguments{Open: true}
	if n.IsNil() || n.Is(python.None) {
		return graph.Arguments{}
	}
	if depth == 0 {
		return unknown
	}
	names := python.Imports(f)
	switch n.Kind() {
	case python.ParenthesizedExpression:
		return dict(f, n.FirstNamed(), depth)
	case python.Dictionary:
		return literal(f, n, depth)
	case python.BinaryOperator:
		if n.Field(python.Operator).Text() == "|" {
			out := dict(f, n.Field(python.Left), depth-1)
			merge(&out, dict(f, n.Field(python.Right), depth-1))
			return out
		}
	case python.Call:
		return called(f, n, depth)
	case python.Attribute:
		if path := names.Resolve(n); path != "" {
			return graph.Arguments{From: []string{path}, Span: f.Span(n.Start(), n.End())}
		}
	case python.Identifier:
		found := names.Lookup(n)
		if len(found) == 1 && found[0].Import != nil {
			return graph.Arguments{From: []string{found[0].Import.Target()}, Span: f.Span(n.Start(), n.End())}
		}
		if len(found) != 1 || found[0].Value.IsNil() || found[0].Value.Contains(n) {
			return unknown
		}
		out := dict(f, found[0].Value, depth-1)
		added(f, &out, found[0], depth)
		return out
	}
	return unknown
}

func literal(f *parsers.File, n parsers.Node, depth int) graph.Arguments {
	out := graph.Arguments{Span: f.Span(n.Start(), n.End())}
	for item := range n.NamedChildren() {
		switch item.Kind() {
		case python.Pair:
			key, ok := Constant(f, item.Field(python.Key))
			if !ok || strings.Contains(key, graph.Hole) {
				out.Open = true
				continue
			}
			out.List = append(out.List, graph.ArgumentFact{
				Name: key, Value: Value(f, item.Field(python.Value)), Span: f.Span(item.Start(), item.End()),
			})
		case python.DictionarySplat:
			merge(&out, dict(f, item.FirstNamed(), depth-1))
		}
	}
	return out
}

func called(f *parsers.File, n parsers.Node, depth int) graph.Arguments {
	fn := n.Field(python.Function)
	names := python.Imports(f)
	path := names.Resolve(fn)
	switch {
	case path == "builtins.dict":
		out := Arguments(f, n)
		out.Span = f.Span(n.Start(), n.End())
		if first := Argument(n, "", 0); !first.IsNil() && !first.Is(python.DictionarySplat) {
			base := dict(f, first, depth-1)
			base.Span = out.Span
			merge(&base, out)
			return base
		}
		return out
	case path == "copy.copy" || path == "copy.deepcopy":
		return dict(f, Argument(n, "x", 0), depth-1)
	case fn.Is(python.Attribute) && fn.Field(python.AttributeField).Text() == "copy":
		return dict(f, fn.Field(python.Object), depth-1)
	case path != "" && !strings.HasPrefix(path, "builtins."):
		return graph.Arguments{From: []string{path}, Span: f.Span(n.Start(), n.End())}
	}
	if fn.Is(python.Identifier) {
		for _, b := range names.Lookup(fn) {
			if b.Definition.Is(python.FunctionDefinition) {
				return returned(f, b.Definition, depth-1)
			}
		}
	}
	return graph.Arguments{Open: true}
}

// returned is the dict that a function returns: the last one, open where it has several.
func returned(f *parsers.File, function parsers.Node, depth int) graph.Arguments {
	out, count := graph.Arguments{Open: true}, 0
	for n := range function.Field(python.Body).DescendantsSkipping(python.FunctionDefinition, python.ClassDefinition, python.Lambda) {
		if n.Is(python.ReturnStatement) && !n.FirstNamed().IsNil() {
			out = dict(f, n.FirstNamed(), depth)
			count++
		}
	}
	out.Open = out.Open || count > 1
	return out
}

// added reads what is done to a dict after its name is bound: d["key"] = value; d.update(…) of a literal; any other use of
// a method that writes leaves it open.
func added(f *parsers.File, out *graph.Arguments, b python.Binding, depth int) {
	for s := range b.Scope.Descendants() {
		switch {
		case s.Is(python.Assignment) && s.Field(python.Left).Is(python.Subscript):
			left := s.Field(python.Left)
			if left.Field(python.Value).Text() != b.Name {
				continue
			}
			key, ok := Constant(f, left.Field(python.SubscriptField))
			if !ok {
				out.Open = true
				continue
			}
			out.List = append(out.List, graph.ArgumentFact{
				Name: key, Value: Value(f, s.Field(python.Right)), Span: f.Span(s.Start(), s.End()),
			})
		case s.Is(python.Call) && s.Field(python.Function).Is(python.Attribute):
			fn := s.Field(python.Function)
			if fn.Field(python.Object).Text() != b.Name {
				continue
			}
			switch fn.Field(python.AttributeField).Text() {
			case "update":
				if first := Argument(s, "", 0); !first.IsNil() {
					merge(out, dict(f, first, depth-1))
				} else {
					merge(out, Arguments(f, s))
				}
			case "setdefault", "pop", "clear", "popitem":
				out.Open = true
			}
		}
	}
}

// Dicts is the dicts that a module binds to names or returns from functions, of those that have one of the keys.
func Dicts(f *parsers.File, keys map[string]bool) []graph.DictFact {
	var out []graph.DictFact
	add := func(name string, a graph.Arguments) {
		a.Span.Path = f.Path
		for _, item := range a.List {
			if keys[item.Name] {
				out = append(out, graph.DictFact{Name: name, Arguments: a})
				return
			}
		}
		if len(a.From) > 0 {
			out = append(out, graph.DictFact{Name: name, Arguments: a})
		}
	}
	for s := range f.Tree.Root().NamedChildren() {
		if s.Is(python.DecoratedDefinition) {
			continue
		}
		if s.Is(python.FunctionDefinition) {
			if name := s.Field(python.Name); returnsDict(s) {
				add(name.Text(), returned(f, s, maxValue))
			}
			continue
		}
		a := s.FirstNamed()
		if !s.Is(python.ExpressionStatement) || !a.Is(python.Assignment) || !a.Field(python.Left).Is(python.Identifier) {
			continue
		}
		right := a.Field(python.Right)
		if right.Is(python.Dictionary) || right.Is(python.Call) && right.Field(python.Function).Text() == "dict" {
			add(a.Field(python.Left).Text(), dict(f, a.Field(python.Left), maxValue))
		}
	}
	return out
}

func returnsDict(function parsers.Node) bool {
	for n := range function.Field(python.Body).DescendantsSkipping(python.FunctionDefinition, python.ClassDefinition, python.Lambda) {
		if n.Is(python.ReturnStatement) && n.FirstNamed().Is(python.Dictionary, python.Identifier, python.Call, python.BinaryOperator) {
			return true
		}
	}
	return false
}
