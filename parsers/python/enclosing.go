package python

import (
	"sort"

	"delint/parsers"
)

// Def is a function or class with its qualified name inside the module.
type Def struct {
	Name string       // Class.method, outer.<locals>.inner is written outer.inner
	Kind string       // "function" or "class"
	Node parsers.Node // function_definition or class_definition
	Body parsers.Node // the outermost node that belongs to it: the decorated_definition, if it is decorated
}

type definitionsKey struct{}

// Definitions is every function and class of a module in the order of the text.
func Definitions(f *parsers.File) []Def {
	return parsers.Memo(f, definitionsKey{}, func() []Def {
		var defs []Def
		var open []int // indices in defs of the definitions around
		for n := range f.Tree.All(FunctionDefinition, ClassDefinition) {
			for len(open) > 0 && !defs[open[len(open)-1]].Node.Contains(n) {
				open = open[:len(open)-1]
			}
			d := Def{Name: n.Field(Name).Text(), Kind: "function", Node: n, Body: n}
			if n.Is(ClassDefinition) {
				d.Kind = "class"
			}
			if p := n.Parent(); p.Is(DecoratedDefinition) {
				d.Body = p
			}
			if len(open) > 0 {
				d.Name = defs[open[len(open)-1]].Name + "." + d.Name
			}
			open = append(open, len(defs))
			defs = append(defs, d)
		}
		return defs
	})
}

// Enclosing is the innermost function or class around a byte of the file on disk, its decorators included.
func Enclosing(f *parsers.File, at int) (name, kind string, node parsers.Node) {
	defs := Definitions(f)
	start := func(d Def) int { return f.Span(d.Body.Start(), d.Body.Start()).Start.Byte }
	last := sort.Search(len(defs), func(i int) bool { return start(defs[i]) > at })
	for i := last - 1; i >= 0; i-- {
		if f.Span(defs[i].Body.Start(), defs[i].Body.End()).End.Byte > at {
			return defs[i].Name, defs[i].Kind, defs[i].Body
		}
	}
	return "", "", parsers.Node{}
}
