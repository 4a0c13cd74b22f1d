package code

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// maxIdle is how much of an idle expression is kept, in characters.
const maxIdle = 40

// idle notes an expression that stands alone and only says yes or no: a comparison, isinstance(…), is_valid(…), a.equals(b).
// What a context expects to raise, or a try watches, is run for that.
func (w *walker) idle(e parsers.Node) {
	if !w.judges(e) || len(w.function().Idle) >= maxRefs {
		return
	}
	for p := e.Parent(); !p.IsNil() && !p.Is(python.FunctionDefinition, python.ClassDefinition); p = p.Parent() {
		switch p.Kind() {
		case python.TryStatement:
			return
		case python.WithStatement:
			head := p.Child(python.WithClause).Text()
			for _, word := range [...]string{"raises", "warns", "Raises", "Warns", "Logs", "nullcontext", "does_not", "not_raise", "expect", "context", "error"} {
				if strings.Contains(head, word) {
					return
				}
			}
		}
	}
	text := []rune(strings.Join(strings.Fields(e.Text()), " "))
	if len(text) > maxIdle {
		text = append(text[:maxIdle-1], '…')
	}
	fn := w.function()
	fn.Idle = append(fn.Idle, graph.IdleFact{Span: w.f.Span(e.Start(), e.End()), Text: string(text), Compares: e.Is(python.ComparisonOperator)})
}

func (w *walker) judges(e parsers.Node) bool {
	switch e.Kind() {
	case python.ComparisonOperator:
		left, right := e.FirstNamed(), parsers.Node{}
		for c := range e.NamedChildren() {
			right = c
		}
		return left.Text() != right.Text() // "x == x" is run for what it does
	case python.NotOperator:
		return w.judges(e.FirstNamed())
	case python.Call:
		fn := e.Field(python.Function)
		switch name := string(lastName(fn)); {
		case name == "isinstance", name == "issubclass":
			return true
		case fn.Is(python.Attribute) && (name == "equals" || strings.HasPrefix(name, "is_") && !strings.HasPrefix(name, "is_valid")):
			// a function of a module is what is tested; a chain of a library of assertions asserts
			object := strings.ToLower(fn.Field(python.Object).Text())
			return python.Imports(w.f).Resolve(fn) == "" && !strings.Contains(object, "assert") && !strings.Contains(object, "expect") && !strings.Contains(object, "that(") && !strings.Contains(object, "should")
		}
	}
	return false
}
