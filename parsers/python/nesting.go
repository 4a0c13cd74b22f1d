package python

import "delint/parsers"

// Nested is a statement that stands in blocks of blocks.
type Nested struct {
	// First is the first statement of a function beyond the limit.
	First parsers.Node
	// Depth is the deepest level of the function: how many if, for, while, try and match stand around one statement.
	Depth int
	// Guard is the outermost if, where it has no else and nothing follows it in its block: turned round it costs no level.
	Guard parsers.Node
}

// DeepNesting is what stands in more than limit levels of if, for, while, try and match in one function; false if nothing
// does. A with adds no level, nor does the else of an if whose branches before it all leave, nor an if in an else that is
// alone there (an elif in other words). Functions and classes inside are not looked at.
func DeepNesting(function parsers.Node, limit int) (Nested, bool) {
	var out Nested
	type place struct {
		node  parsers.Node
		level int
		guard parsers.Node
	}
	open := []place{{function.Field(Body), 0, parsers.Node{}}}
	for len(open) > 0 {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		n := at.node
		switch n.Kind() {
		case FunctionDefinition, ClassDefinition, DecoratedDefinition, Lambda:
			continue
		case Block:
			statements := Statements(n)
			if len(statements) > 0 && at.level > limit && (out.First.IsNil() || statements[0].Start() < out.First.Start()) {
				out.First, out.Guard = statements[0], at.guard
			}
			if len(statements) > 0 {
				out.Depth = max(out.Depth, at.level)
			}
			for i, s := range statements {
				guard := at.guard
				if guard.IsNil() && i == len(statements)-1 && s.Is(IfStatement) && s.Child(ElifClause, ElseClause).IsNil() {
					guard = s
				}
				open = append(open, place{s, at.level, guard})
			}
			continue
		}
		inner := at.level
		if n.Is(IfStatement, ForStatement, WhileStatement, TryStatement, MatchStatement) {
			inner++
		}
		left := n.Is(IfStatement) && ends(n.Field(Consequence))
		for c := range n.NamedChildren() {
			level := inner
			switch {
			case c.Is(ElifClause):
				left = left && ends(c.Field(Consequence))
			case c.Is(ElseClause) && (left || elseIf(c)):
				level--
			}
			if c.Is(Block) {
				open = append(open, place{c, level, at.guard})
				continue
			}
			if c.Is(ElifClause, ElseClause, ExceptClause, ExceptGroupClause, FinallyClause, CaseClause) {
				for b := range c.NamedChildren() {
					if b.Is(Block) {
						open = append(open, place{b, level, at.guard})
					}
				}
			}
		}
	}
	return out, out.Depth > limit
}

// elseIf reports whether an else holds one if and nothing else.
func elseIf(clause parsers.Node) bool {
	statements := Statements(clause.Child(Block))
	return clause.Parent().Is(IfStatement) && len(statements) == 1 && statements[0].Is(IfStatement)
}

// ends reports whether a block always leaves: its last statement returns, raises, continues or breaks.
func ends(block parsers.Node) bool {
	statements := Statements(block)
	return len(statements) > 0 && statements[len(statements)-1].Is(ReturnStatement, RaiseStatement, ContinueStatement, BreakStatement)
}
