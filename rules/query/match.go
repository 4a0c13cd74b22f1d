package query

import (
	"bytes"
	"slices"

	"delint/parsers"
)

// match is one way in which a pattern fits.
type match struct {
	file     *parsers.File
	root     parsers.Node
	captures []capture
}

type capture struct {
	name string
	node parsers.Node
}

// nodes is what a capture took, in order.
func (m *match) nodes(name string) []parsers.Node {
	var out []parsers.Node
	for _, c := range m.captures {
		if c.name == name {
			out = append(out, c.node)
		}
	}
	return out
}

// budget bounds the steps of one query on one file: a pattern of many wildcards is exponential.
const budget = 2_000_000

// run gives every match of the query in a file to yield, pattern by pattern, in the order of the text. Ways that capture the
// same nodes are one match. It reports whether it came to its end within the budget.
func (q *Query) run(file *parsers.File, yield func(*match)) bool {
	steps := budget
	for i := range q.patterns {
		p := &q.patterns[i]
		if !p.possible(file.Tree.Text) {
			continue
		}
		m := &matcher{match: match{file: file}, steps: &steps, predicates: p.predicates}
		seen := map[string]bool{}
		for n := range starts(file.Tree, p.items[0].node) {
			if !p.guarded(n) {
				continue
			}
			m.root = n
			clear(seen)
			m.top(p, n, func() {
				for i := range p.predicates {
					if p.predicates[i].late && !p.predicates[i].holds(&m.match) {
						return
					}
				}
				key := m.key()
				if seen[key] {
					return
				}
				seen[key] = true
				found := m.match
				found.captures = append([]capture(nil), m.captures...)
				yield(&found)
			})
			if steps <= 0 {
				return false
			}
		}
	}
	return true
}

// possible reports whether a text holds the words without which the pattern can't match: most files don't.
func (p *pattern) possible(text []byte) bool {
	for _, pred := range p.predicates {
		if pred.words != nil && !slices.ContainsFunc(pred.words, func(w string) bool { return bytes.Contains(text, []byte(w)) }) {
			return false
		}
	}
	return true
}

// guarded reports whether a node can be the first of the pattern, by the text of the child that the pattern's guard names.
func (p *pattern) guarded(n parsers.Node) bool {
	if p.guard == nil {
		return true
	}
	text := n.Field(p.guardField).Bytes()
	for _, w := range p.guard {
		if string(text) == w {
			return true
		}
	}
	return false
}

// setGuard finds a child of the first node that must have one of a few texts: it is asked before anything is matched. In an
// alternation every branch must have it.
func (p *pattern) setGuard() {
	first := p.items[0].node
	if first.group != nil {
		return
	}
	branches := []*node{first}
	if first.alternatives != nil {
		branches = nil
		for _, a := range first.alternatives {
			branches = append(branches, a.node)
		}
	}
	for i, b := range branches {
		field, words := p.guardOf(b)
		if words == nil || i > 0 && (field != p.guardField || !slices.Equal(words, p.guard)) {
			p.guard = nil
			return
		}
		p.guardField, p.guard = field, words
	}
}

// guardOf is the role and the texts of a child that a node must have; nil if there is none.
func (p *pattern) guardOf(n *node) (parsers.Field, []string) {
	for _, child := range n.items {
		for _, pred := range p.predicates {
			if child.field != parsers.NoField && child.min > 0 && pred.words != nil && slices.Contains(child.captures, pred.args[0].text) {
				return child.field, pred.words
			}
		}
	}
	return parsers.NoField, nil
}

// bound is the captures that a match of the items always has.
func bound(items []item) map[string]bool {
	out := map[string]bool{}
	for _, i := range items {
		if i.min == 0 {
			continue
		}
		for _, name := range i.captures {
			out[name] = true
		}
		for name := range i.node.bound() {
			out[name] = true
		}
	}
	return out
}

func (n *node) bound() map[string]bool {
	out := bound(append(append([]item(nil), n.items...), n.group...))
	for i, a := range n.alternatives {
		of := a.node.bound()
		for _, name := range a.captures {
			of[name] = true
		}
		if i == 0 {
			out = of
			continue
		}
		for name := range out {
			if !of[name] {
				delete(out, name)
			}
		}
	}
	return out
}

// starts ranges over the nodes that a pattern's first node can match.
func starts(tree *parsers.Tree, n *node) func(func(parsers.Node) bool) {
	if kinds := firstKinds(n); kinds != nil {
		return tree.All(kinds...)
	}
	return func(yield func(parsers.Node) bool) {
		for i := range tree.Len() {
			if !yield(tree.At(i)) {
				return
			}
		}
	}
}

// firstKinds is the kinds that a node can have; nil if it can have any.
func firstKinds(n *node) []parsers.Kind {
	if n.group != nil {
		return firstKinds(n.group[0].node)
	}
	if n.alternatives == nil {
		return n.kinds
	}
	var kinds []parsers.Kind
	for _, a := range n.alternatives {
		k := firstKinds(a.node)
		if k == nil {
			return nil
		}
		kinds = append(kinds, k...)
	}
	return kinds
}

// matcher backtracks. Its methods call their continuation for every way that fits.
type matcher struct {
	match
	steps      *int
	predicates []predicate
}

func (m *matcher) key() string {
	b := make([]byte, 0, 8*len(m.captures))
	for _, c := range m.captures {
		i := c.node.Index()
		b = append(append(b, c.name...), byte(i>>24), byte(i>>16), byte(i>>8), byte(i))
	}
	return string(b)
}

// with runs f with captures of a node added, unless a predicate rejects the node.
func (m *matcher) with(names []string, n parsers.Node, f func()) {
	before := len(m.captures)
	for _, name := range names {
		for i := range m.predicates {
			if p := &m.predicates[i]; !p.late && p.args[0].text == name && !p.test(&m.match, n) {
				m.captures = m.captures[:before]
				return
			}
		}
		m.captures = append(m.captures, capture{name, n})
	}
	f()
	m.captures = m.captures[:before]
}

// top matches a pattern whose first item is the node n; the others are siblings after it.
func (m *matcher) top(p *pattern, n parsers.Node, done func()) {
	first := p.items[0]
	if first.field != parsers.NoField && n.FieldID() != first.field {
		return
	}
	if len(p.items) == 1 && first.max == 1 {
		m.node(first.node, n, func() { m.with(first.captures, n, done) })
		return
	}
	var siblings []parsers.Node
	for s := n; !s.IsNil(); s = s.NextSibling() {
		siblings = append(siblings, s)
	}
	items := append([]item(nil), p.items...)
	items[0].anchored = false
	m.sequence(items, siblings, 0, true, func(int) { done() })
}

// node matches one node.
func (m *matcher) node(p *node, n parsers.Node, done func()) {
	if *m.steps--; *m.steps <= 0 {
		return
	}
	for _, a := range p.alternatives {
		if a.field == parsers.NoField || n.FieldID() == a.field {
			m.node(a.node, n, func() { m.with(a.captures, n, done) })
		}
	}
	if p.alternatives != nil || p.named && !n.Named() || len(p.kinds) > 0 && !n.Is(p.kinds...) {
		return
	}
	for _, f := range p.without {
		if !n.Field(f).IsNil() {
			return
		}
	}
	if len(p.items) == 0 && !p.anchoredLast {
		done()
		return
	}
	var children []parsers.Node
	for c := range n.Children() {
		children = append(children, c)
	}
	m.sequence(p.items, children, 0, false, func(next int) {
		if p.anchoredLast {
			for _, c := range children[next:] {
				if c.Named() {
					return
				}
			}
		}
		done()
	})
}

// sequence matches items among siblings from a position on. fixed says that the first item must match just there.
func (m *matcher) sequence(items []item, siblings []parsers.Node, from int, fixed bool, done func(next int)) {
	if *m.steps--; *m.steps <= 0 {
		return
	}
	if len(items) == 0 {
		done(from)
		return
	}
	first, rest := items[0], items[1:]
	took := false
	for at := from; at < len(siblings); at++ {
		m.one(first, siblings, at, func(next int) {
			took = true
			if first.max == many {
				m.more(first, rest, siblings, next, done)
			} else {
				m.sequence(rest, siblings, next, false, done)
			}
		})
		if fixed || first.anchored && siblings[at].Named() || took && first.max == many {
			break
		}
	}
	if first.min == 0 && !took {
		m.sequence(rest, siblings, from, fixed, done)
	}
}

// more takes as many further siblings as fit an item, then the rest.
func (m *matcher) more(first item, rest []item, siblings []parsers.Node, from int, done func(int)) {
	took := false
	for at := from; at < len(siblings) && !took; at++ {
		m.one(first, siblings, at, func(next int) {
			if !took {
				took = true
				m.more(first, rest, siblings, next, done)
			}
		})
	}
	if !took {
		m.sequence(rest, siblings, from, false, done)
	}
}

// one matches an item once, at a sibling.
func (m *matcher) one(i item, siblings []parsers.Node, at int, done func(next int)) {
	n := siblings[at]
	if i.field != parsers.NoField && n.FieldID() != i.field {
		return
	}
	if i.node.group != nil {
		m.sequence(i.node.group, siblings, at, true, func(next int) { m.with(i.captures, n, func() { done(next) }) })
		return
	}
	m.node(i.node, n, func() { m.with(i.captures, n, func() { done(at + 1) }) })
}
