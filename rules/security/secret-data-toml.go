package security

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"delint/parsers"
	"delint/parsers/toml"
)

// tomlReading reads the pairs of a TOML text; ok is false where it is none.
func tomlReading(text []byte, limit time.Duration) (Reading, bool) {
	tree, err := toml.Grammar.Parse(text, limit)
	if err != nil || tree.Errors() > 0 {
		return Reading{}, false
	}
	var r dataReader
	root := &datum{kind: mapping}
	for n := range tree.Root().NamedChildren() {
		switch n.KindName() {
		case "pair":
			root.entries = append(root.entries, tomlPair(n, 0))
		case "table", "table_array_element":
			table := &datum{kind: mapping}
			e := datumEntry{value: table}
			for c := range n.NamedChildren() {
				if c.KindName() == "pair" {
					table.entries = append(table.entries, tomlPair(c, 0))
				} else if e.key == "" {
					e.key, e.span = tomlKey(c), Span{c.Start(), c.End()}
				}
			}
			root.entries = append(root.entries, e)
		}
	}
	r.walk(root, nil)
	return r.Reading, true
}

// tomlKey is a key without its quotes.
func tomlKey(n parsers.Node) string {
	return strings.NewReplacer(`"`, "", "'", "").Replace(n.Text())
}

func tomlPair(n parsers.Node, depth int) datumEntry {
	e := datumEntry{value: &datum{}}
	for c := range n.NamedChildren() {
		switch kind := c.KindName(); {
		case strings.HasSuffix(kind, "_key"):
			e.key, e.span = tomlKey(c), Span{c.Start(), c.End()}
		case kind != "comment":
			e.value = tomlDatum(c, depth)
		}
	}
	return e
}

func tomlDatum(n parsers.Node, depth int) *datum {
	d := &datum{}
	if depth > maxData {
		return d
	}
	switch n.KindName() {
	case "string":
		raw := n.Bytes()
		quotes := 1
		if bytes.HasPrefix(raw, []byte(`"""`)) || bytes.HasPrefix(raw, []byte("'''")) {
			quotes = 3
		}
		if len(raw) < 2*quotes {
			return d
		}
		d.kind, d.span = textual, Span{n.Start() + quotes, n.End() - quotes}
		body := string(raw[quotes : len(raw)-quotes])
		d.text, d.many = body, strings.Contains(body, "\n")
		if raw[0] == '"' && !d.many {
			if text, err := strconv.Unquote(`"` + body + `"`); err == nil {
				d.text = text
			}
		}
		d.escaped = d.text != body
	case "integer", "float":
		d.kind, d.span, d.text = textual, Span{n.Start(), n.End()}, n.Text()
	case "array":
		d.kind = sequence
		for c := range n.NamedChildren() {
			d.items = append(d.items, tomlDatum(c, depth+1))
		}
	case "inline_table":
		d.kind = mapping
		for c := range n.NamedChildren() {
			if c.KindName() == "pair" {
				d.entries = append(d.entries, tomlPair(c, depth+1))
			}
		}
	}
	return d
}
