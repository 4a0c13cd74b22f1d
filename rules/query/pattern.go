// Package query reads and runs declarative rules: TOML with a tree-sitter query, evaluated on the flat tree.
//
// The evaluation is delint's own, because the flat tree outlives tree-sitter's, because trees that a fallback parser built
// have no tree-sitter tree at all, and because tree-sitter's binding silently ignores predicates that it doesn't know.
package query

import (
	"fmt"

	"delint/parsers"
)

// Query is a compiled query: its patterns in order.
type Query struct {
	patterns []pattern
}

// pattern is one top-level pattern with its predicates.
type pattern struct {
	items      []item // one, or several siblings
	predicates []predicate
	captures   []string
	// guard is the texts of which the first node's child in the role guardField has one; nil if there is no such child.
	guard      []string
	guardField parsers.Field
}

// item is one step in a sequence of siblings.
type item struct {
	node     *node
	captures []string
	min, max int  // how often: 1,1 plain; 0,1 ?; 0,many *; 1,many +
	anchored bool // no named sibling stands between this and the item before it (or the parent's start)
	field    parsers.Field
}

// many is item.max without a bound.
const many = 1 << 30

// node is what one item matches.
type node struct {
	kinds        []parsers.Kind // empty: any node
	named        bool           // of a wildcard: only named nodes
	without      []parsers.Field
	items        []item
	anchoredLast bool // no named child stands after the last item
	alternatives []alternative
	group        []item // a group of siblings, only where quantified or captured as a whole
}

// alternative is one branch of [ … ].
type alternative struct {
	node     *node
	captures []string
	field    parsers.Field
}

// Error is a fault in a query, with its place in the query's text.
type Error struct {
	Line, Column int // from 1
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }
