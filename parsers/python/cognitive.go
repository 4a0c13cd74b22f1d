package python

import (
	"slices"

	"delint/parsers"
)

// Complexity is the cognitive complexity of a piece of code: G. Ann Campbell, "Cognitive Complexity", SonarSource, version
// 1.5 of 2021-04-05.
type Complexity struct {
	Score int
	// Costs is what the score is made of, in the order of the text.
	Costs []Cost
}

// Cost is one place that makes code harder to follow.
type Cost struct {
	Node   parsers.Node // the if, for, except …; of a sequence of operators the first of it
	Points int          // 1, or 1 and the level of nesting
}

// Cognitive is the complexity of a function, of what is nested in it too, without its decorators. Functions that apart says
// belong elsewhere are left out; apart may be nil.
func Cognitive(f *parsers.File, function parsers.Node, apart func(parsers.Node) bool) Complexity {
	c := &cognition{apart: apart}
	inner := 0
	if wraps(function) {
		inner = -1
	}
	c.push(function.Field(ParametersField), 0)
	c.push(function.Field(Body), inner)
	c.run()
	if recursive(f, function) {
		c.cost(function, 1)
	}
	return c.result()
}

// CognitiveModule is the complexity of a module's own statements, without its functions and classes.
func CognitiveModule(f *parsers.File) Complexity {
	c := &cognition{apart: func(parsers.Node) bool { return true }}
	for n := range f.Tree.Root().NamedChildren() {
		c.push(n, 0)
	}
	c.run()
	return c.result()
}

// cognition is a walk with a stack of its own: code may be nested as deeply as its author wants.
type cognition struct {
	apart func(parsers.Node) bool
	open  []nested
	costs []Cost
}

type nested struct {
	node  parsers.Node
	level int
}

func (c *cognition) push(n parsers.Node, level int) {
	if !n.IsNil() {
		c.open = append(c.open, nested{n, level})
	}
}

func (c *cognition) cost(n parsers.Node, points int) { c.costs = append(c.costs, Cost{n, points}) }

func (c *cognition) result() Complexity {
	slices.SortStableFunc(c.costs, func(a, b Cost) int { return a.Node.Start() - b.Node.Start() })
	out := Complexity{Costs: c.costs}
	for _, x := range c.costs {
		out.Score += x.Points
	}
	return out
}

func (c *cognition) run() {
	for len(c.open) > 0 {
		top := c.open[len(c.open)-1]
		c.open = c.open[:len(c.open)-1]
		c.visit(top.node, top.level)
	}
}

// visit counts a node and leaves its children on the stack with their levels.
func (c *cognition) visit(n parsers.Node, level int) {
	body := level // of the blocks below n
	switch n.Kind() {
	case IfStatement, ForStatement, WhileStatement, ExceptClause, ExceptGroupClause, MatchStatement:
		c.cost(n, 1+max(0, level))
		body++
	case ElifClause:
		c.cost(n, 1)
		body++
	case ElseClause:
		if n.Parent().Is(TryStatement) {
			break
		}
		c.cost(n, 1)
		body++
	case ConditionalExpression:
		c.cost(n, 1+max(0, level))
		level, body = level+1, level+1
	case Lambda:
		body++
	case FunctionDefinition:
		if c.apart != nil && c.apart(n) {
			return
		}
		if body++; wraps(n) {
			body--
		}
	case ClassDefinition:
		if c.apart != nil && c.apart(n) {
			return
		}
		body++
	case BooleanOperator:
		c.sequences(n, level)
		return
	}
	for child := range n.NamedChildren() {
		switch {
		case child.Is(Comment, String, Identifier, Integer):
			if child.Is(String) {
				c.push(child, level)
			}
		case child.Is(ElifClause, ElseClause, ExceptClause, ExceptGroupClause, FinallyClause):
			c.push(child, level)
		case child.Is(Block), n.Is(Lambda) && child.FieldID() == Body:
			c.push(child, body)
		default:
			c.push(child, level)
		}
	}
}

// sequences counts the sequences of like operators in a boolean expression; parentheses don't end one, "not" does.
func (c *cognition) sequences(n parsers.Node, level int) {
	type part struct {
		node     parsers.Node
		operator bool
	}
	last := ""
	for open := []part{{n, false}}; len(open) > 0; {
		top := open[len(open)-1]
		open = open[:len(open)-1]
		if top.operator {
			if word := top.node.Field(Operator).Text(); word != last {
				c.cost(top.node, 1)
				last = word
			}
			continue
		}
		inner := top.node
		for inner.Is(ParenthesizedExpression) {
			inner = operand(inner)
		}
		if inner.Is(BooleanOperator) {
			open = append(open, part{inner.Field(Right), false}, part{inner, true}, part{inner.Field(Left), false})
		} else {
			c.push(inner, level)
		}
	}
}

// operand is what parentheses hold.
func operand(n parsers.Node) parsers.Node {
	for c := range n.NamedChildren() {
		if !c.Is(Comment) {
			return c
		}
	}
	return parsers.Node{}
}

// wraps reports whether a function only makes another one and returns it, as a decorator does: it adds no level then.
func wraps(function parsers.Node) bool {
	var statements []parsers.Node
	for _, s := range Statements(function.Field(Body)) {
		if len(statements) > 0 || !isDocstring(s) {
			statements = append(statements, s)
		}
	}
	if len(statements) != 2 || !statements[1].Is(ReturnStatement) {
		return false
	}
	inner := statements[0]
	if inner.Is(DecoratedDefinition) {
		inner = inner.Field(Definition)
	}
	return inner.Is(FunctionDefinition) && statements[1].FirstNamed().Text() == inner.Field(Name).Text()
}

func isDocstring(s parsers.Node) bool {
	return s.Is(ExpressionStatement) && s.FirstNamed().Is(String, ConcatenatedString)
}

// recursive reports whether a function calls itself: by its name, or as a method of its first parameter.
func recursive(f *parsers.File, function parsers.Node) bool {
	name := function.Field(Name).Text()
	class := function.Ancestor(FunctionDefinition, ClassDefinition)
	for n := range function.Field(Body).Descendants() {
		if !n.Is(Call) {
			continue
		}
		fn := n.Field(Function)
		switch {
		case fn.Is(Identifier) && fn.Text() == name:
			for _, b := range Imports(f).Lookup(fn) {
				if b.Definition == function {
					return true
				}
			}
		case fn.Is(Attribute) && class.Is(ClassDefinition) && fn.Field(AttributeField).Text() == name:
			if o := fn.Field(Object); o.Is(Identifier) && (o.Text() == "self" || o.Text() == "cls" || o.Text() == class.Field(Name).Text()) {
				return true
			}
		}
	}
	return false
}
