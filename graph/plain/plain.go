// Package plain reads the YAML of data tools into values with their places: mappings in their order with every key kept,
// sequences and scalars, aliases and merges resolved.
package plain

import (
	"bytes"
	"strings"

	"delint/parsers"

	"go.yaml.in/yaml/v3"
)

// Value is one value of a document. The nil Value is nothing, and every method of it answers empty.
type Value struct {
	Text  string // of a scalar
	Kind  Kind
	Pairs []Pair   // of a mapping
	Items []*Value // of a sequence
	Span  parsers.Span
}

// Kind is what a value is.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Scalar
	Mapping
	Sequence
)

// Pair is a key with its value.
type Pair struct {
	Key   string
	At    parsers.Span // of the key
	Value *Value
}

// maxValues bounds what aliases may unfold to.
const maxValues = 500_000

type documentsKey struct{}

type documents struct {
	values []*Value
	ok     bool
}

// Documents is the documents of a YAML file; ok is false where it can't be read.
func Documents(f *parsers.File) (values []*Value, ok bool) {
	d := parsers.Memo(f, documentsKey{}, func() documents {
		v, ok := Read(f.Source)
		return documents{v, ok}
	})
	return d.values, d.ok
}

// Read reads the Text of a source; ok is false where it is no YAML.
func Read(s *parsers.Source) (values []*Value, ok bool) {
	r := &reader{source: s, text: bytes.TrimPrefix(s.Text, []byte("\ufeff")), left: maxValues}
	r.shift = len(s.Text) - len(r.text)
	r.lines = []int{0}
	for i, c := range r.text {
		if c == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	defer func() {
		if recover() != nil {
			values, ok = nil, false
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(r.text))
	for {
		var n yaml.Node
		if err := decoder.Decode(&n); err != nil {
			return values, err.Error() == "EOF"
		}
		values = append(values, r.value(&n, 0))
		if r.left <= 0 {
			return nil, false
		}
	}
}

type reader struct {
	source *parsers.Source
	text   []byte
	shift  int
	lines  []int
	left   int
}

func (r *reader) span(n *yaml.Node) parsers.Span {
	if n.Line < 1 || n.Line > len(r.lines) {
		return r.source.Span(0, 0)
	}
	at := r.lines[n.Line-1]
	for c := 1; c < n.Column && at < len(r.text); c++ {
		at++
		for at < len(r.text) && r.text[at]&0xC0 == 0x80 {
			at++
		}
	}
	length := 0
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && !strings.Contains(n.Value, "\n") {
		length = len(n.Value)
		if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
			length += 2
		}
	}
	return r.source.Span(at+r.shift, min(at+length, len(r.text))+r.shift)
}

func (r *reader) value(n *yaml.Node, depth int) *Value {
	if r.left--; r.left <= 0 || depth > 200 {
		return &Value{}
	}
	v := &Value{Span: r.span(n)}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) > 0 {
			return r.value(n.Content[0], depth+1)
		}
	case yaml.AliasNode:
		return r.value(n.Alias, depth+1)
	case yaml.ScalarNode:
		v.Text = n.Value
		if n.Tag != "!!null" {
			v.Kind = Scalar
		}
	case yaml.SequenceNode:
		v.Kind = Sequence
		for _, c := range n.Content {
			v.Items = append(v.Items, r.value(c, depth+1))
		}
	case yaml.MappingNode:
		v.Kind = Mapping
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, c := n.Content[i], r.value(n.Content[i+1], depth+1)
			if k.Tag == "!!merge" {
				v.merge(c)
				continue
			}
			v.Pairs = append(v.Pairs, Pair{Key: k.Value, At: r.span(k), Value: c})
		}
	}
	return v
}

// merge adds the pairs of << that the mapping doesn't have.
func (v *Value) merge(from *Value) {
	for _, p := range from.Pairs {
		if v.Get(p.Key) == nil {
			v.Pairs = append(v.Pairs, p)
		}
	}
	for _, item := range from.Items {
		v.merge(item)
	}
}

// Get is the value of a key; nil if there is none.
func (v *Value) Get(keys ...string) *Value {
	for _, key := range keys {
		if v == nil {
			return nil
		}
		var found *Value
		for _, p := range v.Pairs {
			if p.Key == key {
				found = p.Value
			}
		}
		v = found
	}
	return v
}

// Has reports whether a mapping has the key.
func (v *Value) Has(key string) bool { return v.Get(key) != nil }

// String is the text of a scalar at a path of keys; empty for everything else.
func (v *Value) String(keys ...string) string {
	if v = v.Get(keys...); v == nil || v.Kind != Scalar {
		return ""
	}
	return v.Text
}

// List is the items of a sequence at a path of keys; a mapping there is a list of one.
func (v *Value) List(keys ...string) []*Value {
	v = v.Get(keys...)
	switch {
	case v == nil:
		return nil
	case v.Kind == Mapping || v.Kind == Scalar:
		return []*Value{v}
	}
	return v.Items
}

// Strings is the scalars of a list at a path of keys; a scalar there is a list of one.
func (v *Value) Strings(keys ...string) []string {
	var out []string
	for _, item := range v.List(keys...) {
		if item.Kind == Scalar {
			out = append(out, item.Text)
		}
	}
	return out
}

// False reports whether a scalar at a path of keys says no.
func (v *Value) False(keys ...string) bool {
	switch v.String(keys...) {
	case "false", "False", "FALSE", "no", "off":
		return true
	}
	return false
}

// True reports whether a scalar at a path of keys says yes.
func (v *Value) True(keys ...string) bool {
	switch v.String(keys...) {
	case "true", "True", "TRUE", "yes", "on":
		return true
	}
	return false
}

// Entries is the pairs of a mapping; none for everything else.
func (v *Value) Entries() []Pair {
	if v == nil {
		return nil
	}
	return v.Pairs
}
