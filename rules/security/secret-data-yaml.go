package security

import (
	"bytes"
	"strings"

	"delint/parsers"
	"delint/parsers/yaml"
)

// yamlReading reads the pairs of a YAML file; ok is false where it has no whole tree.
func yamlReading(f *parsers.File) (Reading, bool) {
	if f.Tree.Errors() > 0 {
		return Reading{}, false
	}
	var r dataReader
	for _, document := range yaml.Documents(f) {
		r.walk(yamlDatum(f, document, 0), nil)
	}
	return r.Reading, true
}

// yamlDatum is a YAML node as data. Aliases are left to their anchors, and what has a tag of its own names its secret elsewhere.
func yamlDatum(f *parsers.File, n *yaml.Node, depth int) *datum {
	d := &datum{}
	if n == nil || n.Shape == yaml.Reference || depth > maxData {
		return d
	}
	if n.Tag != "" && !strings.HasPrefix(n.Tag, "!!") {
		return d
	}
	switch n.Shape {
	case yaml.Mapping:
		d.kind = mapping
		for _, e := range n.Entries {
			key := yamlDatum(f, e.Key, depth+1)
			if key.kind == textual {
				d.entries = append(d.entries, datumEntry{key.text, key.span, yamlDatum(f, e.Value, depth+1)})
			}
		}
	case yaml.Sequence:
		d.kind = sequence
		for _, item := range n.Items {
			d.items = append(d.items, yamlDatum(f, item, depth+1))
		}
	case yaml.Scalar:
		if n.IsNull() {
			return d
		}
		d.kind, d.text = textual, n.Value()
		d.span = rawSpan(f.Source, Span{n.From, n.To})
		raw := f.Raw[d.span.Start:d.span.End]
		if n.Syntax.Is(yaml.BlockScalar) { // its text begins in the line after the sign
			d.span.Start = min(d.span.End, lineEnd(f.Raw, d.span.Start)+1)
			raw = f.Raw[d.span.Start:d.span.End]
		}
		if len(raw) > 1 && (raw[0] == '"' || raw[0] == '\'') && raw[len(raw)-1] == raw[0] {
			d.span.Start, d.span.End = d.span.Start+1, d.span.End-1
			raw = raw[1 : len(raw)-1]
		}
		d.many = bytes.IndexByte(bytes.TrimSpace(raw), '\n') >= 0
		d.escaped = d.text != string(raw)
		d.many = d.many && strings.ContainsAny(strings.TrimSpace(d.text), " \t\n") // else one word
	}
	return d
}
