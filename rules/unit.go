package rules

import (
	"fmt"
	"path"
	"strings"

	"delint/parsers"
	"delint/parsers/notebook"
	"delint/parsers/python"
	"delint/parsers/sql"
	"delint/parsers/yaml"
)

// UnitAt is the innermost named thing that encloses a span of the file: a function or class, a notebook's cell, a query
// or a block of YAML; else the file.
func UnitAt(f *parsers.File, span parsers.Span) Unit {
	if cell, ok := notebook.CellAt(f, span.Start.Line); ok {
		return Unit{Kind: "cell", Name: cell.Name, StartLine: cell.StartLine, EndLine: cell.EndLine}
	}
	if f.Tree == nil {
		return ModuleUnit(f.Path, f.LineCount())
	}
	switch f.Tree.Grammar {
	case python.Grammar:
		if name, kind, node := python.Enclosing(f, span.Start.Byte); !node.IsNil() {
			s := f.Span(node.Start(), node.End())
			return Unit{Kind: kind, Name: name, StartLine: s.Start.Line, EndLine: s.End.Line}
		}
	case sql.Grammar:
		if u := sql.Of(f).UnitAt(span.Start.Byte); !u.Node.IsNil() {
			name := u.Name
			if name == "" {
				name = strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
			}
			s := f.Span(u.Node.Start(), u.Node.End())
			return Unit{Kind: "query", Name: name, StartLine: s.Start.Line, EndLine: s.End.Line}
		}
	case yaml.Grammar:
		if unit, ok := yamlUnit(f, span.Start.Byte); ok {
			return unit
		}
	}
	return ModuleUnit(f.Path, f.LineCount())
}

// yamlUnit is the block of a YAML file around a byte: the nearest mapping below the document's own that has a name, else the
// path of keys to the mapping around.
func yamlUnit(f *parsers.File, at int) (unit Unit, ok bool) {
	var keys []string
	for _, doc := range yaml.Documents(f) {
		if at < doc.Start() || doc.End() <= at {
			continue
		}
		named := false
		from := doc.Start()
		for n := doc; n != nil; {
			if n.Shape == yaml.Mapping && n != doc {
				if name := n.Entry("name").Value; name.IsString() && name.Shape == yaml.Scalar && name.Value() != "" && len(name.Value()) <= 100 {
					unit, ok, named = blockUnit(f, name.Value(), from, n.End()), true, true
				} else if !named && len(keys) > 0 {
					unit, ok = blockUnit(f, strings.Join(keys, "."), from, n.End()), true
				}
			}
			n, from = below(n, at, from, &keys)
		}
		break
	}
	return unit, ok
}

// below is the node under n that holds a byte, with where its entry begins; nil if none does.
func below(n *yaml.Node, at, from int, path *[]string) (*yaml.Node, int) {
	for _, e := range n.Entries {
		if e.From <= at && at < e.Value.End() {
			*path = append(*path, e.Key.Value())
			return e.Value, e.From
		}
	}
	for i, item := range n.Items {
		if item.Start() <= at && at < item.End() {
			if last := len(*path) - 1; last >= 0 {
				(*path)[last] += fmt.Sprintf("[%d]", i+1)
			}
			return item, item.Start()
		}
	}
	return nil, from
}

func blockUnit(f *parsers.File, name string, start, end int) Unit {
	s := f.Span(start, end)
	return Unit{Kind: "block", Name: name, StartLine: s.Start.Line, EndLine: s.End.Line}
}
