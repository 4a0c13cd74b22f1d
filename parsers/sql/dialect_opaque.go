package sql

import "delint/parsers"

// Opaque counts the tokens of a tree that its structure explains by nothing, and all of its tokens. A token is a leaf that is
// no comment and stands in no template; commas and brackets are none. Opaque are
//   - a bare word that follows a word or an operand with no operator, and is no alias, type of a column, modifier or keyword
//     that the grammar knows: NULLS LAST, PRIMARY KEY, ENCODE zstd, STORED AS …;
//   - every word after the first of a statement that begins with no verb the grammar knows: VACUUM FULL t;
//   - closing brackets without an opening one, and text that the parser skipped.
//
// Names, literals, operators, calls, and the words of clauses are explained.
func Opaque(tree *Tree) (opaque, tokens int) {
	for i := range tree.Len() {
		n := tree.At(i)
		switch {
		case !n.Named():
		case n.Is(parsers.Error):
			opaque++
			tokens++
		case !n.FirstNamed().IsNil():
			opaque += opaqueChildren(n)
		default:
			switch n.Kind() {
			case Comment, TemplateComment, TagOpen, TemplateName, TemplateString, TemplateOperator, SourceFile, Block, Unclosed:
			case Number:
				if !n.Parent().Is(Template, TemplateTag, TemplateItem, TemplateCall, TemplateGroup) {
					tokens++
				}
			case Stray:
				opaque++
				tokens++
			default:
				tokens++
			}
		}
	}
	return opaque, tokens
}

// opaqueChildren counts the opaque words right below a node.
func opaqueChildren(parent parsers.Node) int {
	opaque, place, lastOpaque := 0, 0, false
	var before parsers.Node
	for c := range parent.NamedChildren() {
		if c.Is(Comment, TemplateComment, TemplateTag) {
			continue
		}
		lastOpaque = c.Is(Name) && c.FieldID() == 0 && place > 0 && isOpaque(parent, before, place)
		if lastOpaque {
			opaque++
		}
		before = c
		place++
	}
	if lastOpaque && parent.Is(Item) && parent.Parent().Is(SelectClause, Subquery, ReturningClause) {
		opaque-- // an alias without AS
	}
	return opaque
}

// isOpaque judges a bare word by what stands before it and by its place among its siblings, from 0.
func isOpaque(parent, before parsers.Node, place int) bool {
	switch {
	case parent.Is(SqlStatement):
		return true
	case !isOperand(before) && !before.Is(Star):
		return false
	case parent.Is(FromItem):
		return place > 1 // the first is the alias
	case parent.Is(Item):
		if list := parent.Parent(); list.Is(Group) && list.FieldID() == Columns {
			return place > 1 // a column's name and its type
		}
	}
	return true
}
