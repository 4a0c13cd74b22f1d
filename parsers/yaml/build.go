package yaml

import "delint/parsers"

type documentsKey struct{}

// maxDepth bounds how deep documents are read; what stands deeper is left out.
const maxDepth = maxBlocks + maxFlow

// Documents is the documents of a file in order, empty ones left out. What the grammar could not read is missing from them:
// ask f.Tree.Errors() before concluding from an absence. The same slice is given to everyone: don't change it.
func Documents(f *parsers.File) []*Node {
	return parsers.Memo(f, documentsKey{}, func() []*Node {
		if f.Tree == nil || f.Tree.Grammar != Grammar {
			return nil
		}
		var docs []*Node
		for d := range f.Tree.All(Document) {
			b := builder{text: f.Tree.Text, anchors: map[string]*Node{}}
			for c := range d.NamedChildren() {
				if c.Is(BlockNode, FlowNode) {
					docs = append(docs, b.node(c, 0))
				}
			}
		}
		return docs
	})
}

type builder struct {
	text    []byte
	anchors map[string]*Node
}

// node reads a block_node or flow_node.
func (b *builder) node(s parsers.Node, depth int) *Node {
	n := &Node{From: s.End(), To: s.End()}
	if depth > maxDepth {
		return n
	}
	for c := range s.NamedChildren() {
		switch c.Kind() {
		case Tag:
			n.Tag = c.Text()
		case Anchor:
			n.Anchor = c.FirstNamed().Text()
			b.anchors[n.Anchor] = n
		case Comment, parsers.Error:
		default:
			n.Syntax, n.From, n.To = c, c.Start(), c.End()
			b.content(n, c, depth)
			// At the end of a file the grammar's blocks take the last line break in.
			for n.To > n.From && n.Shape != Scalar && isBlank(b.text[n.To-1]) {
				n.To--
			}
		}
	}
	return n
}

func (b *builder) content(n *Node, c parsers.Node, depth int) {
	switch c.Kind() {
	case Alias:
		n.Shape = Reference
		n.target = b.anchors[c.FirstNamed().Text()]
	case BlockMapping, FlowMapping:
		n.Shape = Mapping
		for p := range c.NamedChildren() {
			switch {
			case p.Is(BlockMappingPair, FlowPair):
				n.Entries = append(n.Entries, b.entry(p, depth))
			case p.Is(FlowNode): // {a, b}: keys without values
				key := b.node(p, depth+1)
				n.Entries = append(n.Entries, Entry{Key: key, Value: &Node{From: p.End(), To: p.End()}, From: p.Start()})
			}
		}
	case BlockSequence, FlowSequence:
		n.Shape = Sequence
		for p := range c.NamedChildren() {
			switch p.Kind() {
			case BlockSequenceItem:
				item := &Node{From: p.End(), To: p.End()}
				for v := range p.NamedChildren() {
					if v.Is(BlockNode, FlowNode) {
						item = b.node(v, depth+1)
					}
				}
				n.Items = append(n.Items, item)
			case FlowNode:
				n.Items = append(n.Items, b.node(p, depth+1))
			case FlowPair:
				e := b.entry(p, depth+1)
				n.Items = append(n.Items, &Node{Shape: Mapping, Syntax: p, From: p.Start(), To: p.End(), Entries: []Entry{e}})
			}
		}
	case FlowPair:
		n.Shape = Mapping
		n.Entries = []Entry{b.entry(c, depth)}
	default:
		n.value = string(decode(c, b.text, nil))
	}
}

func (b *builder) entry(p parsers.Node, depth int) Entry {
	e := Entry{From: p.Start()}
	if k := p.Field(Key); !k.IsNil() {
		e.Key = b.node(k, depth+1)
	} else {
		e.Key = &Node{From: p.Start(), To: p.Start()}
	}
	if v := p.Field(Value); !v.IsNil() {
		e.Value = b.node(v, depth+1)
	} else {
		e.Value = &Node{From: p.End(), To: p.End()}
	}
	return e
}
