package security

import (
	"bytes"

	"delint/parsers"
	"delint/parsers/json"
)

// isJSON reports whether a file of that name holds JSON.
func isJSON(p place) bool {
	switch p.ext {
	case "json", "tfstate", "webmanifest", "avsc", "workflow", "dockerconfigjson":
		return true
	}
	return p.base == ".dockercfg" || p.base == ".dockerconfigjson"
}

// jsonReading reads the pairs of a JSON text; ok is false where it is none.
func jsonReading(text []byte) (Reading, bool) {
	root, err := json.Parse(text)
	if err != nil {
		return Reading{}, false
	}
	var r dataReader
	r.walk(jsonDatum(root), nil)
	return r.Reading, true
}

// jsonDatum is a JSON value as data.
func jsonDatum(n *json.Node) *datum {
	d := &datum{}
	if n == nil {
		return d
	}
	switch n.Kind {
	case json.String:
		d.kind, d.span = textual, Span{n.From + 1, n.To - 1}
		d.text = n.Value()
		d.escaped = len(d.text) != d.span.End-d.span.Start
	case json.Number:
		d.kind, d.span, d.text = textual, Span{n.From, n.To}, n.Value()
	case json.Array:
		d.kind = sequence
		for _, item := range n.Items {
			d.items = append(d.items, jsonDatum(item))
		}
	case json.Object:
		d.kind = mapping
		for _, m := range n.Members {
			d.entries = append(d.entries, datumEntry{m.Key.Value(), Span{m.Key.From + 1, m.Key.To - 1}, jsonDatum(m.Value)})
		}
	}
	return d
}

// notebookTexts searches what a notebook holds beside its code: other cells and outputs, with their escapes undone.
func notebookTexts(f *parsers.File, texts []*parsers.Source) []Result {
	var out []Result
	for _, source := range texts {
		name := f.Path + ".txt"
		if bytes.Contains(source.Text, []byte("```")) {
			name = f.Path + ".md"
		}
		r := Detect(Input{Path: name, Text: source.Text})
		for i := range r.Secrets {
			x := &r.Secrets[i]
			x.Key, x.Value = rawSpan(source, x.Key), rawSpan(source, x.Value)
		}
		for i := range r.Hidden {
			r.Hidden[i].Span = rawSpan(source, r.Hidden[i].Span)
		}
		if len(r.Hidden) > 0 || len(r.Secrets) > 0 {
			out = append(out, r)
		}
	}
	return out
}
