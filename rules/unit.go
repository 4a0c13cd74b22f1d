package rules

import (
	"delint/parsers"
	"delint/parsers/python"
)

// UnitAt is the innermost named thing that encloses a span of the file.
func UnitAt(f *parsers.File, span parsers.Span) Unit {
	if f.Language != nil && f.Tree != nil && f.Tree.Grammar == python.Grammar {
		if name, kind, node := python.Enclosing(f, span.Start.Byte); !node.IsNil() {
			s := f.Span(node.Start(), node.End())
			return Unit{Kind: kind, Name: name, StartLine: s.Start.Line, EndLine: s.End.Line}
		}
	}
	return ModuleUnit(f.Path, f.LineCount())
}
