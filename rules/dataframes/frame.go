package dataframes

import (
	"strings"

	"delint/parsers"
	"delint/parsers/python"
)

// importsFrames reports whether a module imports a library of data frames that these rules know.
func importsFrames(f *parsers.File) bool {
	for _, i := range python.Imports(f).Imports {
		switch root, _, _ := strings.Cut(i.Module, "."); root {
		case "pandas", "polars", "pyspark", "narwhals", "geopandas", "duckdb":
			return true
		}
	}
	return false
}

// lastPart is the last name of a name or chain of attributes.
func lastPart(n parsers.Node) string {
	if n.Is(python.Attribute) {
		return n.Field(python.AttributeField).Text()
	}
	return n.Text()
}

// lastTwo is the last name of a chain, with "na." before it where it stands there.
func lastTwo(fn parsers.Node) string {
	if o := fn.Field(python.Object); o.Is(python.Attribute) && lastPart(o) == "na" {
		return "na." + lastPart(fn)
	}
	return lastPart(fn)
}

// literal is the text of a literal without holes, or the word True, False, None or a number; empty for everything else.
func literal(f *parsers.File, n parsers.Node) string {
	switch n.Kind() {
	case python.True, python.False, python.None, python.Integer:
		return n.Text()
	case python.String, python.ConcatenatedString, python.Identifier:
		if text, holes, ok := python.Fold(f, n); ok && !holes {
			return text
		}
	}
	return ""
}

func noArguments(call parsers.Node) bool { return call.Field(python.Arguments).FirstNamed().IsNil() }

// functionAround is the function that a node stands in; the module's root for one outside.
func functionAround(n parsers.Node) parsers.Node {
	return n.Ancestor(python.FunctionDefinition, python.Module)
}
