package code

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// call reads a call: what it uses, what it adds to the logic, and in tests what it asserts, replaces and names.
func (w *walker) call(n parsers.Node) {
	w.record(callPath(w.buf[:0], n, maxSegments))
	fn := n.Field(python.Function)
	w.callLogic(n, fn)
	name := string(lastName(fn))
	if assertion(name) || name == "test" && fn.Is(python.Attribute) && strings.HasSuffix(string(lastName(fn.Field(python.Object))), "dag") {
		w.function().Asserts = true
	}
	if !w.test {
		return
	}
	switch {
	case name == "setattr" && fn.Is(python.Identifier) && w.top().name == "":
		w.fact.Generates = true
	case name == "getfixturevalue" || name == "usefixtures":
		for a := range n.Field(python.Arguments).NamedChildren() {
			if text, ok := plainString(a); ok {
				f := w.function()
				f.Mentions = append(f.Mentions, "fixture:"+text)
			}
		}
	default:
		if p := patched(n, fn, name); p != "" {
			w.patch(p)
		}
	}
}

func (w *walker) patch(p string) {
	if s := w.top(); s.class != nil {
		s.class.Patches = append(s.class.Patches, p)
	} else {
		s.fn.Patches = append(s.fn.Patches, p)
	}
}

// assertion reports whether a call of that name asserts something: pytest's helpers, unittest's methods, what testing
// libraries and people call their own.
func assertion(name string) bool {
	switch name {
	case "raises", "warns", "fail", "deprecated_call", "assume", "expect", "verify", "check", "approx", "run_dag", "run_dags": // what runs a DAG raises if a task fails
		return true
	}
	for _, p := range [...]string{"assert", "check_", "expect_", "verify_", "_assert", "_check_", "should_"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return strings.Contains(name, "assert_")
}

// patched is what a call replaces: patch("a.b"), patch.object(a, "b"), monkeypatch.setattr(a, "b", x).
func patched(n, fn parsers.Node, name string) string {
	object := string(lastName(fn.Field(python.Object)))
	switch {
	case name == "patch":
	case name == "object" && object == "patch":
	case name == "setattr" && fn.Is(python.Attribute) && (strings.Contains(object, "monkeypatch") || strings.Contains(object, "mp")):
	default:
		return ""
	}
	for k := range n.Field(python.Arguments).NamedChildren() {
		if k.Is(python.KeywordArgument) && k.Field(python.Name).Text() == "wraps" {
			return ""
		}
	}
	first, second := arguments(n)
	if text, ok := plainString(first); ok {
		if isDotted(text) {
			return text
		}
		return ""
	}
	if text, ok := plainString(second); ok && first.Is(python.Identifier, python.Attribute) && name != "patch" {
		return "=" + string(pathOf(nil, first, maxSegments)) + "." + text
	}
	return ""
}

// mention keeps a string that may name a module or a file.
func (w *walker) mention(n parsers.Node) {
	text, ok := plainString(n)
	if !ok || len(text) > 200 || len(text) < 3 {
		return
	}
	if strings.HasSuffix(text, ".py") && !strings.ContainsAny(text, " \n") || isDotted(text) || isFolder(text) {
		f := w.function()
		if len(f.Mentions) < maxRefs {
			f.Mentions = append(f.Mentions, text)
		}
	}
}

// isFolder reports whether a text may be the path of a folder below the root of the repository.
func isFolder(text string) bool {
	before, after, ok := strings.Cut(text, "/")
	return ok && before != "" && after != "" && !strings.ContainsAny(text, " \n:?*{}<>=,") && !strings.HasPrefix(text, "/")
}

// testFunction reads, of a function in a test file, its decorators' uses and what they bind its parameters to.
func (w *walker) testFunction(n parsers.Node, fn *graph.FunctionFact) {
	for d := range decoratorsOf(n) {
		w.decoratorUses(d)
		call := d.FirstNamed()
		if call.Is(python.Call) && string(lastName(call.Field(python.Function))) == "parametrize" {
			w.parametrize(call, fn)
		}
	}
	for _, p := range fn.Params {
		switch {
		case strings.Contains(p.Name, "snapshot"), strings.Contains(p.Name, "regression"), p.Name == "benchmark":
			fn.Asserts = true
		}
	}
}

// decoratorUses reads a decorator into the scope that is open: that of what it decorates.
func (w *walker) decoratorUses(d parsers.Node) {
	for n := range d.Descendants() {
		w.visit(n)
	}
}

// parametrize binds the parameters that a parametrisation names to the values that it gives them.
func (w *walker) parametrize(call parsers.Node, fn *graph.FunctionFact) {
	first, second := arguments(call)
	for k := range call.Field(python.Arguments).NamedChildren() {
		if k.Is(python.KeywordArgument) {
			switch k.Field(python.Name).Text() {
			case "argnames":
				first = k.Field(python.Value)
			case "argvalues":
				second = k.Field(python.Value)
			}
		}
	}
	var names []string
	if text, ok := plainString(first); ok {
		names = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	} else {
		for c := range first.NamedChildren() {
			if text, ok := plainString(c); ok {
				names = append(names, text)
			}
		}
	}
	refs := references(second)
	if second.Is(python.Identifier, python.Attribute) {
		refs = []string{string(pathOf(nil, second, maxSegments))}
	}
	for _, name := range names {
		fn.Binds = append(fn.Binds, graph.BindFact{Name: name, Refs: refs})
	}
}
