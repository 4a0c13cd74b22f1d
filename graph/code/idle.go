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
		return true
	case python.NotOperator:
		return w.judges(e.FirstNamed())
	case python.Call:
		name := string(lastName(e.Field(python.Function)))
		return name == "isinstance" || name == "issubclass" || name == "equals" || strings.HasPrefix(name, "is_") && !strings.HasPrefix(name, "is_in_")
	}
	return false
}
