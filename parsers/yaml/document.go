package yaml

import (
	"iter"
	"strings"

	"delint/parsers"
)

// Shape is what a node of a document is.
type Shape uint8

// The shapes.
const (
	Scalar Shape = iota
	Mapping
	Sequence
	Reference // an alias; every method of it but Start and End answers for its anchor
)

// Node is a node of a document: a scalar, mapping, sequence or alias, with its place. The nil Node is no node, and every
// method of it answers empty. A document can be cyclic through its aliases: who walks it follows Entries and Items, which
// hold aliases unresolved, or counts.
type Node struct {
	Shape Shape
	// Syntax is the node's own place in the tree: a scalar, mapping, sequence or alias node; nil for an empty value.
	Syntax parsers.Node
	// From and To are its range in File.Text, without tag and anchor. An empty value stands where its key's colon ends.
	From, To int
	Tag      string // as written: !Ref, !!str; empty if none
	Anchor   string
	Entries  []Entry // of a mapping, in order, duplicate and merge keys kept
	Items    []*Node // of a sequence
	target   *Node
	value    string
}

// Entry is a key and its value in a mapping. From is where the entry begins.
type Entry struct {
	Key, Value *Node
	From       int
}

// maxMerges bounds how deep merge keys are followed, and maxMerged how many entries they may give.
const (
	maxMerges = 16
	maxMerged = 10_000
)

// Start is the offset of the node's first byte in File.Text.
func (n *Node) Start() int {
	if n == nil {
		return 0
	}
	return n.From
}

// End is the offset after the node's last byte in File.Text.
func (n *Node) End() int {
	if n == nil {
		return 0
	}
	return n.To
}

// Resolve is the node that an alias stands for, else the node itself; nil for an alias without an anchor before it.
func (n *Node) Resolve() *Node {
	if n != nil && n.Shape == Reference {
		return n.target
	}
	return n
}

// IsMapping reports whether the node is a mapping.
func (n *Node) IsMapping() bool { n = n.Resolve(); return n != nil && n.Shape == Mapping }

// IsSequence reports whether the node is a sequence.
func (n *Node) IsSequence() bool { n = n.Resolve(); return n != nil && n.Shape == Sequence }

// IsScalar reports whether the node is a scalar, null included.
func (n *Node) IsScalar() bool { n = n.Resolve(); return n != nil && n.Shape == Scalar }

// IsNull reports whether there is no node or no value: an empty one, ~ or null.
func (n *Node) IsNull() bool {
	n = n.Resolve()
	return n == nil || n.Shape == Scalar && (n.Syntax.IsNil() && n.Tag == "" || n.Syntax.FirstNamed().Is(NullScalar))
}

// IsString reports whether the node is a scalar that no schema reads as a number, boolean, time or null.
func (n *Node) IsString() bool {
	n = n.Resolve()
	if n == nil || n.Shape != Scalar || n.Syntax.IsNil() {
		return false
	}
	return !n.Syntax.Is(PlainScalar) || n.Syntax.FirstNamed().Is(StringScalar) || n.Tag == "!!str"
}

// IsPlain reports whether the node is a scalar without quotes or block style.
func (n *Node) IsPlain() bool { n = n.Resolve(); return n != nil && n.Syntax.Is(PlainScalar) }

// Bool is the truth value of a plain scalar as YAML 1.1 writes it; ok is false if it has none.
func (n *Node) Bool() (value, ok bool) {
	if !n.IsPlain() {
		return false, false
	}
	switch strings.ToLower(n.Value()) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}

// Value is a scalar's text, decoded; empty for other shapes and for null.
func (n *Node) Value() string {
	n = n.Resolve()
	if n == nil || n.Shape != Scalar {
		return ""
	}
	return n.value
}

// Values is the text of a scalar, or of every scalar of a sequence: many tools take either.
func (n *Node) Values() []string {
	n = n.Resolve()
	switch {
	case n == nil || n.Shape == Mapping || n.IsNull():
		return nil
	case n.Shape == Scalar:
		return []string{n.value}
	}
	var all []string
	for _, item := range n.Items {
		if item.IsScalar() && !item.IsNull() {
			all = append(all, item.Value())
		}
	}
	return all
}

// Elements is a sequence's items with aliases resolved.
func (n *Node) Elements() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		if n = n.Resolve(); n == nil {
			return
		}
		for _, item := range n.Items {
			if item = item.Resolve(); item != nil && !yield(item) {
				return
			}
		}
	}
}

// Pairs ranges over a mapping's entries by key, what it merges (<<) included: own entries first, and of one key only those of
// the nearest mapping. Duplicates inside one mapping are all yielded. The value is resolved and may be nil.
func (n *Node) Pairs() iter.Seq2[string, Entry] {
	return func(yield func(string, Entry) bool) {
		count := 0
		n.pairs(map[string]bool{}, 0, &count, yield)
	}
}

func (n *Node) pairs(hidden map[string]bool, depth int, count *int, yield func(string, Entry) bool) bool {
	n = n.Resolve()
	if n == nil || depth > maxMerges {
		return true
	}
	var merges []*Node
	own := map[string]bool{}
	for _, e := range n.Entries {
		key := e.Key.Value()
		if key == "<<" && e.Key.IsPlain() {
			merges = append(merges, e.Value)
			continue
		}
		if hidden[key] {
			continue
		}
		own[key] = true
		if *count++; *count > maxMerged {
			return false
		}
		e.Value = e.Value.Resolve()
		if !yield(key, e) {
			return false
		}
	}
	if len(merges) == 0 {
		return true
	}
	for key := range own {
		hidden[key] = true
	}
	for _, m := range merges {
		m = m.Resolve()
		if m == nil {
			continue
		}
		sources := []*Node{m}
		if m.Shape == Sequence {
			sources = m.Items
		}
		for _, s := range sources {
			if *count++; *count > maxMerged || !s.pairs(hidden, depth+1, count, yield) {
				return false
			}
		}
	}
	return true
}

// Entry is a mapping's entry of that key, merged ones included; of duplicates the last, which is what loaders keep.
// Its Key is nil where there is none.
func (n *Node) Entry(key string) Entry {
	var found Entry
	if n = n.Resolve(); n == nil {
		return found
	}
	for _, e := range n.Entries {
		if e.Key.Value() == key {
			found = e
		}
	}
	if found.Key != nil {
		return found
	}
	for k, e := range n.Pairs() {
		if k == key {
			return e
		}
	}
	return found
}

// Get is a mapping's value of that key, resolved; nil if there is none.
func (n *Node) Get(key string) *Node { return n.Entry(key).Value.Resolve() }

// At follows keys from mapping to mapping; nil where one is missing.
func (n *Node) At(keys ...string) *Node {
	for _, key := range keys {
		n = n.Get(key)
	}
	return n.Resolve()
}

// Walk calls visit for the node and everything below it in the order of the text, aliases unresolved, until visit says false
// for a node: what stands below that one is left out. path holds the keys (and, for items, "-") above; it is reused.
func (n *Node) Walk(visit func(path []string, n *Node) bool) { n.walk(nil, visit) }

func (n *Node) walk(path []string, visit func([]string, *Node) bool) {
	if n == nil || !visit(path, n) {
		return
	}
	for _, e := range n.Entries {
		e.Value.walk(append(path, e.Key.Value()), visit)
	}
	for _, item := range n.Items {
		item.walk(append(path, "-"), visit)
	}
}
