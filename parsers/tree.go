// Package parsers turns bytes into trees. It is the only place that knows tree-sitter or any other parser:
// the rest of delint reads the flat Tree, the Source that maps its offsets to the file, and File, which holds both.
package parsers

import (
	"bytes"
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

// Node is a place in a Tree. The zero Node is no node: IsNil tells, and every method of it answers empty.
type Node struct {
	tree *Tree
	i    uint32
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

func (n Node) p() *packed { return &n.tree.nodes[n.i] }

// IsNil reports whether there is no node.
func (n Node) IsNil() bool { return n.tree == nil }

// Tree is the tree that the node stands in.
func (n Node) Tree() *Tree { return n.tree }

// Index is the node's number in preorder: a parent's is smaller than its children's.
func (n Node) Index() int { return int(n.i) }

// Kind is the node's kind; 0 (which no node has) for nil.
func (n Node) Kind() Kind {
	if n.tree == nil {
		return 0
	}
	return Kind(n.p().kind)
}

// KindName is the kind's name in the grammar, for messages and dumps.
func (n Node) KindName() string {
	if n.tree == nil {
		return ""
	}
	return n.tree.Grammar.KindName(n.Kind())
}

// Is reports whether the node has one of the kinds.
func (n Node) Is(kinds ...Kind) bool {
	if n.tree == nil {
		return false
	}
	k := n.Kind()
	for _, x := range kinds {
		if k == x {
			return true
		}
	}
	return false
}

// Named reports whether the node is a named one, not a literal token.
func (n Node) Named() bool { return n.tree != nil && n.tree.Grammar.KindNamed(n.Kind()) }

// Missing reports whether the parser inserted the node to recover.
func (n Node) Missing() bool { return n.tree != nil && n.p().field&missing != 0 }

// FieldID is the node's role under its parent.
func (n Node) FieldID() Field {
	if n.tree == nil {
		return NoField
	}
	return Field(n.p().field &^ missing)
}

// Start is the offset of the node's first byte in Tree.Text.
func (n Node) Start() int {
	if n.tree == nil {
		return 0
	}
	return int(n.p().start)
}

// End is the offset after the node's last byte in Tree.Text.
func (n Node) End() int {
	if n.tree == nil {
		return 0
	}
	return int(n.p().end)
}

// Row is the line of Start in Tree.Text, counted from 0.
func (n Node) Row() int {
	if n.tree == nil {
		return 0
	}
	return int(n.p().row)
}

// EndRow is the line of End in Tree.Text, counted from 0.
func (n Node) EndRow() int {
	if n.tree == nil {
		return 0
	}
	return n.Row() + bytes.Count(n.Bytes(), []byte{'\n'})
}

// Bytes is the node's text, shared with the tree.
func (n Node) Bytes() []byte {
	if n.tree == nil {
		return nil
	}
	return n.tree.Text[n.p().start:n.p().end]
}

// Text is the node's text.
func (n Node) Text() string { return string(n.Bytes()) }

// Parent is the node above; nil for the root.
func (n Node) Parent() Node {
	if n.tree == nil || n.p().parent == noParent {
		return Node{}
	}
	return Node{n.tree, n.p().parent}
}

// Ancestor is the nearest node above of one of the kinds; nil if there is none.
func (n Node) Ancestor(kinds ...Kind) Node {
	for p := n.Parent(); !p.IsNil(); p = p.Parent() {
		if p.Is(kinds...) {
			return p
		}
	}
	return Node{}
}

// Contains reports whether other is the node itself or stands below it.
func (n Node) Contains(other Node) bool {
	return n.tree != nil && n.tree == other.tree && n.i <= other.i && other.i < n.p().next
}

// Children ranges over the node's children, named and literal ones.
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.tree == nil {
			return
		}
		end := n.p().next
		for i := n.i + 1; i < end; i = n.tree.nodes[i].next {
			if !yield(Node{n.tree, i}) {
				return
			}
		}
	}
}

// NamedChildren ranges over the node's named children (comments included where the grammar names them).
func (n Node) NamedChildren() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for c := range n.Children() {
			if c.Named() && !yield(c) {
				return
			}
		}
	}
}

// Descendants ranges over everything below the node in the order of the text.
func (n Node) Descendants() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.tree == nil {
			return
		}
		for i := n.i + 1; i < n.p().next; i++ {
			if !yield(Node{n.tree, i}) {
				return
			}
		}
	}
}

// DescendantsSkipping is Descendants without what stands below a node of the given kinds; that node itself is yielded.
func (n Node) DescendantsSkipping(kinds ...Kind) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.tree == nil {
			return
		}
		for i := n.i + 1; i < n.p().next; {
			c := Node{n.tree, i}
			if !yield(c) {
				return
			}
			if c.Is(kinds...) {
				i = c.p().next
			} else {
				i++
			}
		}
	}
}

// Field is the node's first child in that role; nil if it has none.
func (n Node) Field(f Field) Node {
	for c := range n.Children() {
		if c.FieldID() == f {
			return c
		}
	}
	return Node{}
}

// Fields ranges over all children in that role.
func (n Node) Fields(f Field) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for c := range n.Children() {
			if c.FieldID() == f && !yield(c) {
				return
			}
		}
	}
}

// Child is the node's first child of one of the kinds; nil if it has none.
func (n Node) Child(kinds ...Kind) Node {
	for c := range n.Children() {
		if c.Is(kinds...) {
			return c
		}
	}
	return Node{}
}

// FirstNamed is the node's first named child; nil if it has none.
func (n Node) FirstNamed() Node {
	for c := range n.NamedChildren() {
		return c
	}
	return Node{}
}

// NextSibling is the node after this one under the same parent; nil for the last.
func (n Node) NextSibling() Node {
	p := n.Parent()
	if p.IsNil() || n.p().next >= p.p().next {
		return Node{}
	}
	return Node{n.tree, n.p().next}
}

// HasError reports whether an ERROR or MISSING node is the node or stands below it.
func (n Node) HasError() bool {
	if n.tree == nil || n.tree.errors == 0 {
		return false
	}
	if n.Is(Error) || n.Missing() {
		return true
	}
	for c := range n.Descendants() {
		if c.Is(Error) || c.Missing() {
			return true
		}
	}
	return false
}

// InError reports whether an ERROR node is the node or stands above it.
func (n Node) InError() bool {
	for ; !n.IsNil(); n = n.Parent() {
		if n.Is(Error) {
			return true
		}
	}
	return false
}
