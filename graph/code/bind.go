package code

import (
	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// binds is where the open scope keeps what its names are bound to.
func (w *walker) binds() *[]graph.BindFact {
	if s := w.top(); s.class != nil {
		return &s.class.Binds
	}
	return &w.top().fn.Binds
}

func (w *walker) assignment(n parsers.Node) {
	left, right, typ := n.Field(python.Left), n.Field(python.Right), n.Field(python.TypeField)
	if n.Is(python.NamedExpression) {
		left, right = n.Field(python.Name), n.Field(python.Value)
	}
	if left.Is(python.PatternList, python.TuplePattern) {
		w.unpack(left, right)
		return
	}
	if !left.Is(python.Identifier, python.Attribute) {
		if w.top().name == "" && left.Is(python.Subscript) && callsGlobals(left.Field(python.Value)) {
			w.fact.Generates = true
		}
		return
	}
	w.bind(left, right, typ.Text())
	w.top().kinds[left.Text()] = w.kindAssigned(right, typ.Text())
}

func callsGlobals(n parsers.Node) bool {
	name := string(lastName(n.Field(python.Function)))
	return n.Is(python.Call) && (name == "globals" || name == "vars" || name == "locals")
}

// unpack binds "a, b = X(), Y()" pair by pair; of any other right side each name may be anything that stands in it.
func (w *walker) unpack(left, right parsers.Node) {
	var values []parsers.Node
	if right.Is(python.ExpressionList, python.Tuple, python.List) {
		for v := range right.NamedChildren() {
			values = append(values, v)
		}
	}
	kind, i := w.kindOf(right), 0
	for name := range left.NamedChildren() {
		if name.Is(python.Identifier, python.Attribute) {
			if i < len(values) {
				w.bind(name, values[i], "")
				kind = w.kindOf(values[i])
			} else {
				w.bind(name, right, "")
			}
			w.top().kinds[name.Text()] = kind
		}
		i++
	}
}

func (w *walker) bind(name, value parsers.Node, typ string) {
	fact := graph.BindFact{Name: string(pathOf(nil, name, maxSegments)), Type: typ}
	if !value.IsNil() {
		for value.Is(python.ParenthesizedExpression, python.Await) {
			value = value.FirstNamed()
		}
		switch value.Kind() {
		case python.Identifier, python.Attribute, python.Call, python.Subscript:
			fact.Value = string(pathOf(nil, value, maxSegments))
		}
		fact.Refs = references(value)
	}
	binds := w.binds()
	*binds = append(*binds, fact)
}

// maxRefs is how many names one value may mention.
const maxRefs = 4000

// references is the names that a value mentions besides what it calls itself: the members of a list, the arguments of a call.
func references(value parsers.Node) []string {
	if value.Is(python.Identifier, python.Attribute) {
		return nil
	}
	var out []string
	var buf []byte
	for n := range value.DescendantsSkipping(python.Attribute) {
		switch n.Kind() {
		case python.Call:
			buf = pathOf(buf[:0], n, maxSegments)
		case python.Identifier, python.Attribute:
			if callee(n) || n.Is(python.Identifier) && n.Parent().Is(python.KeywordArgument) && n.FieldID() == python.Name {
				continue
			}
			buf = pathOf(buf[:0], n, maxSegments)
		default:
			continue
		}
		if len(out) >= maxRefs {
			break
		}
		out = append(out, string(buf))
	}
	return out
}

func (w *walker) bindLoop(n parsers.Node) {
	left, right := n.Field(python.Left), n.Field(python.Right)
	if left.Is(python.Identifier) {
		binds := w.binds()
		*binds = append(*binds, graph.BindFact{Name: left.Text(), Value: string(append(pathOf(nil, right, maxSegments), "[]"...)), Refs: references(right)})
		w.top().kinds[left.Text()] = w.kindOf(right)
		return
	}
	for name := range left.NamedChildren() {
		if name.Is(python.Identifier) {
			binds := w.binds()
			*binds = append(*binds, graph.BindFact{Name: name.Text(), Value: string(append(pathOf(nil, right, maxSegments), "[]"...)), Refs: references(right)})
			w.top().kinds[name.Text()] = w.kindOf(right)
		}
	}
}

// bindWith binds "with X() as x".
func (w *walker) bindWith(n parsers.Node) {
	if alias := n.Field(python.Alias).FirstNamed(); alias.Is(python.Identifier, python.Attribute) {
		w.bind(alias, n.FirstNamed(), "")
		w.top().kinds[alias.Text()] = w.kindOf(n.FirstNamed())
	}
}

func (w *walker) result(n parsers.Node) {
	fn := w.top().fn
	if fn == nil {
		return
	}
	value := n.FirstNamed()
	if value.IsNil() || value.Is(python.None) {
		if n.Is(python.Yield) {
			fn.Value = true
		}
		return
	}
	fn.Value = true
	if len(fn.Results) > 20 {
		return
	}
	switch value.Kind() {
	case python.Identifier, python.Attribute, python.Call, python.Subscript, python.Await, python.ParenthesizedExpression:
		fn.Results = append(fn.Results, string(pathOf(nil, value, maxSegments)))
	case python.ConditionalExpression, python.ExpressionList, python.Tuple, python.List, python.Dictionary:
		fn.Results = append(fn.Results, references(value)...)
	}
}
