package yaml

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"delint/parsers"

	yaml "go.yaml.in/yaml/v3"
)

// maxFallback bounds the text that the second parser is asked about, in bytes.
const maxFallback = 1 << 20

// decodeAll reads every document with the authority. It never panics.
func decodeAll(text []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("cannot be read")
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		switch err := decoder.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return nil, err
		}
		docs = append(docs, &doc)
	}
}

// SyntaxError is what the authority says of a file whose tree has errors, without its text; "" if it accepts the file or
// was not asked (a large file).
func SyntaxError(f *parsers.File) string {
	if f.Tree == nil || f.Tree.Errors() == 0 || len(f.Text) > maxFallback {
		return ""
	}
	if _, err := decodeAll(f.Text); err != nil {
		return strings.TrimPrefix(err.Error(), "yaml: ")
	}
	return ""
}

// fallback builds the tree from the authority's nodes, in the shape of the grammar's own but without literal tokens; nil if
// the authority rejects the text or a node's place cannot be found again.
func fallback(text []byte) (tree *parsers.Tree) {
	if len(text) > maxFallback || bytes.HasPrefix(text, []byte("\ufeff")) || hasOddBreaks(text) {
		return nil
	}
	docs, err := decodeAll(text)
	if err != nil {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			if _, lost := v.(lostPlace); !lost {
				panic(v)
			}
			tree = nil
		}
	}()
	r := &rebuild{text: text, b: parsers.NewBuilder(Grammar, text), lines: []int{0}}
	for i, c := range text {
		if c == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	r.b.Open(Stream, parsers.NoField, 0)
	for _, doc := range docs {
		if len(doc.Content) == 1 && !isEmpty(doc.Content[0]) {
			r.b.Open(Document, parsers.NoField, r.place(doc.Content[0]))
			r.b.Close(r.node(doc.Content[0], parsers.NoField, -1, 0))
		}
	}
	r.b.Close(len(text))
	return r.b.Tree()
}

// hasOddBreaks reports whether a text has line breaks that the authority counts and delint doesn't.
func hasOddBreaks(text []byte) bool {
	if bytes.Contains(text, []byte("\u0085")) || bytes.Contains(text, []byte("\u2028")) || bytes.Contains(text, []byte("\u2029")) {
		return true
	}
	return bytes.Count(text, []byte{'\r'}) != bytes.Count(text, []byte("\r\n"))
}

// lostPlace is panicked with where the text at a node's place is not what the node says.
type lostPlace struct{}

type rebuild struct {
	text  []byte
	b     *parsers.Builder
	lines []int
}

func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Anchor == "" && n.Style&^yaml.TaggedStyle == 0 && n.Tag == "!!null"
}

// place is the byte at which a node begins: lines and columns count from 1, columns in code points.
func (r *rebuild) place(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(r.lines) {
		panic(lostPlace{})
	}
	at := r.lines[n.Line-1]
	for range n.Column - 1 {
		if at >= len(r.text) {
			panic(lostPlace{})
		}
		for at++; at < len(r.text) && r.text[at]&0xC0 == 0x80; at++ {
		}
	}
	return at
}

func (r *rebuild) expect(at int, c byte) {
	if at >= len(r.text) || r.text[at] != c {
		panic(lostPlace{})
	}
}

// blank skips white space and comments.
func (r *rebuild) blank(at int) int {
	for at < len(r.text) {
		switch c := r.text[at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			at++
		case c == '#':
			for at < len(r.text) && r.text[at] != '\n' {
				at++
			}
		default:
			return at
		}
	}
	return at
}

// node emits a node with its properties and returns where it ends. indent is the column of the block collection around.
func (r *rebuild) node(n *yaml.Node, field parsers.Field, indent, depth int) int {
	if depth > maxFlow {
		panic(lostPlace{})
	}
	at := r.place(n)
	outer := FlowNode
	flow := n.Style&yaml.FlowStyle != 0
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || !flow && (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) {
		outer = BlockNode
	}
	if flow && n.Kind == yaml.MappingNode && at < len(r.text) && !strings.ContainsRune("{&!", rune(r.text[at])) {
		return r.flow(n, at, depth) // a single pair of a flow sequence
	}
	r.b.Open(outer, field, at)
	end := at
	for n.Kind != yaml.AliasNode && at < len(r.text) && (r.text[at] == '&' || r.text[at] == '!') {
		end = at + 1
		for end < len(r.text) && !strings.ContainsRune(" \t\r\n,]}", rune(r.text[end])) {
			end++
		}
		if r.text[at] == '&' {
			r.b.Open(Anchor, parsers.NoField, at)
			r.leaf(AnchorName, at+1, end)
			r.b.Close(end)
		} else {
			r.leaf(Tag, at, end)
		}
		at = r.blank(end)
	}
	switch {
	case n.Kind == yaml.AliasNode:
		r.expect(at, '*')
		end = at + 1 + len(n.Value)
		r.b.Open(Alias, parsers.NoField, at)
		r.leaf(AliasName, at+1, end)
		r.b.Close(end)
	case n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0:
		// properties without a value
	case n.Kind == yaml.ScalarNode:
		end = r.scalar(n, at, indent)
	case flow:
		end = r.flow(n, at, depth)
	case n.Kind == yaml.SequenceNode:
		end = r.sequence(n, at, depth)
	default:
		end = r.mapping(n, at, depth)
	}
	r.b.Close(end)
	return end
}

func (r *rebuild) leaf(k parsers.Kind, start, end int) {
	r.b.Open(k, parsers.NoField, start)
	r.b.Close(end)
}

func (r *rebuild) sequence(n *yaml.Node, at, depth int) int {
	column := r.column(at)
	r.b.Open(BlockSequence, parsers.NoField, at)
	end := at
	for _, item := range n.Content {
		at = r.blank(at)
		r.expect(at, '-')
		r.b.Open(BlockSequenceItem, parsers.NoField, at)
		end = at + 1
		if !isEmpty(item) {
			end = r.node(item, parsers.NoField, column, depth+1)
		}
		r.b.Close(end)
		at = end
	}
	r.b.Close(end)
	return end
}

func (r *rebuild) mapping(n *yaml.Node, at, depth int) int {
	column := r.column(at)
	r.b.Open(BlockMapping, parsers.NoField, at)
	end := at
	for i := 0; i+1 < len(n.Content); i += 2 {
		at = r.blank(at)
		r.b.Open(BlockMappingPair, parsers.NoField, at)
		end = r.pair(n.Content[i], n.Content[i+1], at, column, depth)
		r.b.Close(end)
		at = end
	}
	r.b.Close(end)
	return end
}

// pair emits a key and its value and returns where the pair ends.
func (r *rebuild) pair(key, value *yaml.Node, at, column, depth int) int {
	end := at
	if at+1 < len(r.text) && r.text[at] == '?' && strings.ContainsRune(" \t\r\n", rune(r.text[at+1])) {
		end = at + 1
	}
	if !isEmpty(key) {
		end = r.node(key, Key, column, depth+1)
	}
	if colon := r.blank(end); colon < len(r.text) && r.text[colon] == ':' {
		end = colon + 1
	}
	if !isEmpty(value) {
		end = r.node(value, Value, column, depth+1)
	}
	return end
}

// flow emits what stands in brackets, or a single pair of a flow sequence.
func (r *rebuild) flow(n *yaml.Node, at, depth int) int {
	kind, closing := FlowSequence, byte(']')
	if n.Kind == yaml.MappingNode {
		kind, closing = FlowMapping, '}'
		if at >= len(r.text) || r.text[at] != '{' {
			r.b.Open(FlowPair, parsers.NoField, at)
			end := r.pair(n.Content[0], n.Content[1], at, -1, depth)
			r.b.Close(end)
			return end
		}
	} else {
		r.expect(at, '[')
	}
	r.b.Open(kind, parsers.NoField, at)
	at++
	step := 1
	if kind == FlowMapping {
		step = 2
	}
	for i := 0; i+step <= len(n.Content); i += step {
		for at = r.blank(at); at < len(r.text) && r.text[at] == ','; at = r.blank(at + 1) {
		}
		if step == 1 {
			if !isEmpty(n.Content[i]) {
				at = r.node(n.Content[i], parsers.NoField, -1, depth+1)
			}
			continue
		}
		r.b.Open(FlowPair, parsers.NoField, at)
		at = r.pair(n.Content[i], n.Content[i+1], at, -1, depth)
		r.b.Close(at)
	}
	for at = r.blank(at); at < len(r.text) && r.text[at] == ','; at = r.blank(at + 1) {
	}
	r.expect(at, closing)
	r.b.Close(at + 1)
	return at + 1
}

func (r *rebuild) column(at int) int { return at - (bytes.LastIndexByte(r.text[:at], '\n') + 1) }

var plainKinds = map[string]parsers.Kind{
	"!!null": NullScalar, "!!bool": BooleanScalar, "!!int": IntegerScalar, "!!float": FloatScalar, "!!timestamp": TimestampScalar,
}

func (r *rebuild) scalar(n *yaml.Node, at, indent int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		r.expect(at, '"')
		end := at + 1
		for end < len(r.text) && r.text[end] != '"' {
			if r.text[end] == '\\' {
				end++
			}
			end++
		}
		r.expect(end, '"')
		r.leaf(DoubleQuoteScalar, at, end+1)
		return end + 1
	case n.Style&yaml.SingleQuotedStyle != 0:
		r.expect(at, '\'')
		end := at + 1
		for end < len(r.text) && (r.text[end] != '\'' || end+1 < len(r.text) && r.text[end+1] == '\'') {
			if r.text[end] == '\'' {
				end++
			}
			end++
		}
		r.expect(end, '\'')
		r.leaf(SingleQuoteScalar, at, end+1)
		return end + 1
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		end := blockEnd(r.text, at, indent)
		r.leaf(BlockScalar, at, end)
		return end
	}
	end := at
	for i := 0; i < len(n.Value); {
		if isBlank(n.Value[i]) {
			for i < len(n.Value) && isBlank(n.Value[i]) {
				i++
			}
			for end < len(r.text) && isBlank(r.text[end]) {
				end++
			}
			continue
		}
		r.expect(end, n.Value[i])
		i, end = i+1, end+1
	}
	kind, ok := plainKinds[n.ShortTag()]
	if !ok {
		kind = StringScalar
	}
	r.b.Open(PlainScalar, parsers.NoField, at)
	r.leaf(kind, at, end)
	r.b.Close(end)
	return end
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// blockEnd is the end of the last line with text of the block scalar at a place.
func blockEnd(text []byte, at, parent int) int {
	eol := func(i int) int {
		if j := bytes.IndexByte(text[i:], '\n'); j >= 0 {
			return i + j
		}
		return len(text)
	}
	end := eol(at)
	last := end
	for end < len(text) {
		start := end + 1
		end = eol(start)
		line := text[start:end]
		indent := len(line) - len(bytes.TrimLeft(line, " "))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if indent <= parent {
			break
		}
		last = end
	}
	return at + len(bytes.TrimRight(text[at:last], "\r\n"))
}
