package code

import (
	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// typeMakers is the calls whose arguments are types, not things that somebody calls later.
var typeMakers = set("TypeVar NewType ParamSpec cast isinstance issubclass Annotated create_model namedtuple print len type")

// held reports whether an expression is put away for somebody to call it later: it is a member of a dict, list, tuple or
// set, an argument of a call, or what is stored under a key.
func held(n parsers.Node) bool {
	for range 4 {
		p := n.Parent()
		switch p.Kind() {
		case python.List, python.Tuple, python.Set:
			return true
		case python.Pair:
			return n.FieldID() == python.Value
		case python.Assignment:
			return n.FieldID() == python.Right && p.Field(python.Left).Is(python.Subscript)
		case python.KeywordArgument:
			if n.FieldID() != python.Value {
				return false
			}
		case python.ArgumentList:
			call := p.Parent()
			return call.Is(python.Call) && !typeMakers[string(lastName(call.Field(python.Function)))]
		case python.ConditionalExpression, python.ParenthesizedExpression, python.BooleanOperator:
		default:
			return false
		}
		n = p
	}
	return false
}

// hold keeps what the module's or a class's own statements put away.
func (w *walker) hold(n parsers.Node, path []byte) {
	if s := w.top(); (s.class != nil || s.name == "") && len(w.fact.Held) < maxRefs && held(n) {
		w.fact.Held = append(w.fact.Held, string(path))
	}
}

// registry marks what the statements of a module put away: functions, what a factory makes, the methods of classes.
func (l *linker) registry(m *graph.Module, e *evidence) {
	mark := func(binds []graph.BindFact) {
		for _, b := range binds {
			for i := -1; i < len(b.Refs); i++ {
				r := b.Value
				if i >= 0 {
					r = b.Refs[i]
				}
				l.registered(m, r, i >= 0 && r != b.Value, e)
			}
		}
	}
	mark(m.Body().Binds)
	for _, c := range m.Classes {
		mark(c.Binds)
	}
	for _, p := range m.Held {
		l.registered(m, p, true, e)
		for _, v := range l.eval(m.Body(), p).values {
			if v.kind != vClass {
				continue
			}
			for _, c := range ancestry(v.class) {
				for _, fn := range l.info[c.Module].methods[c] {
					e.registered[fn] = true
				}
			}
		}
	}
}

// registered marks the function of a path, if it is held, or what the function that the path calls makes.
func (l *linker) registered(m *graph.Module, p string, holds bool, e *evidence) {
	called := len(p) > 2 && p[len(p)-2:] == "()"
	if called {
		p = p[:len(p)-2]
	}
	for _, v := range l.eval(m.Body(), p).values {
		switch {
		case v.kind != vFunction:
		case called:
			for _, made := range l.inner(v.fn) {
				e.registered[made] = true
			}
		case holds:
			e.registered[v.fn] = true
		}
	}
}
