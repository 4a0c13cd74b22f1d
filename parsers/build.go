package parsers

// Builder makes a flat tree without tree-sitter, for a fallback parser that must look like the grammar's own tree.
type Builder struct {
	grammar *Grammar
	text    []byte
	nodes   []packed
	open    []uint32
	lines   []uint32
}

// NewBuilder begins a tree of the grammar over text.
func NewBuilder(g *Grammar, text []byte) *Builder {
	b := &Builder{grammar: g, text: text, lines: []uint32{0}}
	for i, c := range text {
		if c == '\n' {
			b.lines = append(b.lines, uint32(i+1))
		}
	}
	return b
}

// Open begins a node at byte start under the node that is open now.
func (b *Builder) Open(k Kind, f Field, start int) {
	parent := uint32(noParent)
	if len(b.open) > 0 {
		parent = b.open[len(b.open)-1]
	}
	b.open = append(b.open, uint32(len(b.nodes)))
	b.nodes = append(b.nodes, packed{kind: uint16(k), field: uint16(f), start: uint32(start), row: b.row(start), parent: parent})
}

// Close ends the node that is open now at byte end.
func (b *Builder) Close(end int) {
	n := &b.nodes[b.open[len(b.open)-1]]
	n.end, n.next = uint32(end), uint32(len(b.nodes))
	b.open = b.open[:len(b.open)-1]
}

// Tree is what was built; every Open must have had its Close.
func (b *Builder) Tree() *Tree { return newTree(b.grammar, b.text, b.nodes) }

func (b *Builder) row(offset int) uint32 {
	lo, hi := 0, len(b.lines)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; b.lines[mid] <= uint32(offset) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return uint32(lo)
}
