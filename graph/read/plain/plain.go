// Package plain reads the YAML of data tools into values with their places: mappings in their order with every key kept,
// sequences and scalars, aliases and merges resolved.
package plain

import (
	"delint/parsers"
	"delint/parsers/yaml"
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

// Documents is the documents of a YAML file; ok is false where it can't be read, so that what it might say is unknown.
func Documents(f *parsers.File) (values []*Value, ok bool) {
	d := parsers.Memo(f, documentsKey{}, func() documents {
		if f.Tree == nil || f.Tree.Grammar != yaml.Grammar || f.Tree.Errors() > 0 {
			return documents{}
		}
		r := &reader{file: f, left: maxValues}
		var out []*Value
		for _, n := range yaml.Documents(f) {
			out = append(out, r.value(n, 0))
		}
		return documents{out, r.left > 0}
	})
	return d.values, d.ok
}

// Read reads YAML that stands in another file.
func Read(s *parsers.Source) (values []*Value, ok bool) {
	f := &parsers.File{Source: s, Language: yaml.Language, Limits: parsers.DefaultLimits}
	if yaml.Parse(f) != nil {
		return nil, false
	}
	return Documents(f)
}

type reader struct {
	file *parsers.File
	left int
}

// maxDepth bounds how deep aliases may lead.
const maxDepth = 200

func (r *reader) value(n *yaml.Node, depth int) *Value {
	n = n.Resolve()
	r.left--
	if n == nil || r.left <= 0 || depth > maxDepth {
		return &Value{}
	}
	v := &Value{Span: r.file.Span(n.Start(), n.End())}
	switch {
	case n.IsMapping():
		v.Kind = Mapping
		for key, e := range n.Pairs() {
			v.Pairs = append(v.Pairs, Pair{Key: key, At: r.file.Span(e.Key.Start(), e.Key.End()), Value: r.value(e.Value, depth+1)})
		}
	case n.IsSequence():
		v.Kind = Sequence
		for item := range n.Elements() {
			v.Items = append(v.Items, r.value(item, depth+1))
		}
	case !n.IsNull():
		v.Kind, v.Text = Scalar, n.Value()
	}
	return v
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
