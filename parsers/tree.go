// Package parsers turns bytes into trees. It is the only place that knows tree-sitter or any other parser:
// the rest of delint reads the flat Tree, the Source that maps its offsets to the file, and File, which holds both.
package parsers

import (
	"iter"
	"sync"
)

// Kind is a node kind: the grammar's public symbol number. The language folders name the kinds they use.
type Kind uint16

// Field is the role of a node under its parent: the grammar's field number; NoField if it has none.
type Field uint16

// Error is the kind of a node that holds what the grammar could not read.
const Error Kind = 0xFFFF

// NoField is the field of a node that stands under its parent without a name.
const NoField Field = 0

// Tree is a syntax tree flattened into one slice in preorder, with the text it was read from.
// It is immutable after Parse and safe for concurrent reading.
type Tree struct {
	Grammar *Grammar
	Text    []byte
	nodes   []packed

	once   sync.Once
	byKind []uint32 // the numbers of all nodes, grouped by kind
	starts []uint32 // where each kind's group begins in byKind; the last is ERROR's
	errors int
}

// newTree finishes a tree: kinds become the canonical ones of the grammar, errors are counted.
func newTree(g *Grammar, text []byte, nodes []packed) *Tree {
	t := &Tree{Grammar: g, Text: text, nodes: nodes}
	for i := range nodes {
		n := &nodes[i]
		if int(n.kind) < len(g.canonical) {
			n.kind = g.canonical[n.kind]
		} else {
			t.errors++
		}
		if n.field&missing != 0 {
			t.errors++
		}
	}
	return t
}

// Release gives the tree's memory to the next one. Neither the tree nor a node of it may be used afterwards: a use panics.
func (t *Tree) Release() {
	if t == nil {
		return
	}
	spare.give(t.nodes)
	t.nodes, t.byKind, t.starts = nil, nil, nil
}

// Len is the number of nodes, named and literal ones.
func (t *Tree) Len() int { return len(t.nodes) }

// Errors is the number of ERROR and MISSING nodes.
func (t *Tree) Errors() int { return t.errors }

// Root is the tree's first node; nil for an empty tree.
func (t *Tree) Root() Node {
	if t == nil || len(t.nodes) == 0 {
		return Node{}
	}
	return Node{t, 0}
}

// At returns node number i in preorder.
func (t *Tree) At(i int) Node { return Node{t, uint32(i)} }

// All ranges over the nodes of the given kinds in the order of the text. It costs only what it yields.
func (t *Tree) All(kinds ...Kind) iter.Seq[Node] {
	t.once.Do(t.index)
	return func(yield func(Node) bool) {
		if len(kinds) == 1 {
			for _, i := range t.group(kinds[0]) {
				if !yield(Node{t, i}) {
					return
				}
			}
			return
		}
		lists := make([][]uint32, 0, len(kinds))
		for _, k := range kinds {
			if l := t.group(k); len(l) > 0 {
				lists = append(lists, l)
			}
		}
		for len(lists) > 0 {
			first := 0
			for j := range lists {
				if lists[j][0] < lists[first][0] {
					first = j
				}
			}
			if !yield(Node{t, lists[first][0]}) {
				return
			}
			if lists[first] = lists[first][1:]; len(lists[first]) == 0 {
				lists = append(lists[:first], lists[first+1:]...)
			}
		}
	}
}

// slot is the place of a kind in starts: ERROR's number is far above the others'.
func (t *Tree) slot(k Kind) int { return min(int(k), len(t.Grammar.kinds)) }

func (t *Tree) group(k Kind) []uint32 {
	s := t.slot(k)
	return t.byKind[t.starts[s]:t.starts[s+1]]
}

// index sorts the nodes' numbers by kind, by counting.
func (t *Tree) index() {
	starts := make([]uint32, len(t.Grammar.kinds)+2)
	for i := range t.nodes {
		starts[t.slot(Kind(t.nodes[i].kind))+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	byKind := make([]uint32, len(t.nodes))
	next := append([]uint32(nil), starts...)
	for i := range t.nodes {
		s := t.slot(Kind(t.nodes[i].kind))
		byKind[next[s]] = uint32(i)
		next[s]++
	}
	t.byKind, t.starts = byKind, starts
}

// Enclosing returns the smallest node that contains the byte range [start, end) of the text.
func (t *Tree) Enclosing(start, end int) Node {
	n := t.Root()
	for !n.IsNil() {
		inner := Node{}
		for c := range n.Children() {
			if c.Start() <= start && end <= c.End() && (c.Start() < c.End() || start == end) {
				inner = c
				break
			}
			if c.Start() > start {
				break
			}
		}
		if inner.IsNil() {
			break
		}
		n = inner
	}
	return n
}
