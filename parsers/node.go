package parsers

import (
	"bytes"
	"iter"
)

// Node is a place in a Tree. The zero Node is no node: IsNil tells, and every method of it answers empty.
type Node struct {
	tree *Tree
	i    uint32
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
