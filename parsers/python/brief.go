package python

import (
	"fmt"
	"strings"

	"delint/parsers"
)

// briefWidth is how many characters a quoted piece of code has at most in a message.
const briefWidth = 40

// Brief is a statement or expression as a message names it: its first call with the arguments that are plain names,
// "publish(df)", "client.load(…)"; else the head of the statement. It never quotes a literal.
func Brief(n parsers.Node) string {
	for d := range n.DescendantsSkipping(FunctionDefinition, ClassDefinition, Lambda) {
		if d.Is(Call) {
			return clip(call(d, true))
		}
		if d.Is(Block) {
			break
		}
	}
	if n.Is(Call) {
		return clip(call(n, true))
	}
	switch n.Kind() {
	case ExpressionStatement:
		return Brief(n.FirstNamed())
	case Assignment, AugmentedAssignment:
		return clip(expression(n.Field(Left)) + " = " + expression(n.Field(Right)))
	case ImportStatement, ImportFromStatement:
		return clip(strings.Join(strings.Fields(n.Text()), " "))
	case ReturnStatement, RaiseStatement, DeleteStatement:
		word, _, _ := strings.Cut(n.Text(), " ")
		return clip(word + " " + expression(n.FirstNamed()))
	case ForStatement, WhileStatement, IfStatement, WithStatement, TryStatement, MatchStatement, FunctionDefinition, ClassDefinition, AssertStatement:
		word, _, _ := strings.Cut(strings.TrimRight(strings.Fields(n.Text())[0], ":"), "(")
		return word + " …"
	}
	return clip(expression(n))
}

// expression is the names of an expression; what is no name becomes "…".
func expression(n parsers.Node) string {
	switch n.Kind() {
	case Identifier:
		return n.Text()
	case Attribute:
		return expression(n.Field(Object)) + "." + n.Field(AttributeField).Text()
	case Subscript:
		return expression(n.Field(Value)) + "[…]"
	case Call:
		return call(n, false)
	case Await, ParenthesizedExpression:
		return expression(n.FirstNamed())
	}
	return "…"
}

func call(n parsers.Node, whole bool) string {
	arguments := "…"
	var names []string
	plain := whole
	for a := range n.Field(Arguments).NamedChildren() {
		plain = plain && a.Is(Identifier, Attribute) && !strings.Contains(expression(a), "…")
		names = append(names, expression(a))
	}
	if list := strings.Join(names, ", "); len(names) == 0 {
		arguments = ""
	} else if plain && len(list) <= briefWidth/2 {
		arguments = list
	}
	return fmt.Sprintf("%s(%s)", expression(n.Field(Function)), arguments)
}

// clip cuts a text to briefWidth characters.
func clip(s string) string { return clipTo(s, briefWidth) }

func clipTo(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return string(r[:width-1]) + "…"
}
