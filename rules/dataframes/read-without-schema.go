package dataframes

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// ReadWithoutSchema reports readers of text formats that guess the types of the columns, in functions that neither cast nor
// validate what was read.
var ReadWithoutSchema = rules.Python(rules.Rule{
	Name:     "read-without-schema",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Reach:    true,
	Topic:    "data-quality/data-contracts",
	Sentence: "Design schema evolution strategies",
}, func(pass *rules.Pass, tree *python.Tree) {
	if pass.Role != graph.RoleSource && pass.Role != graph.RoleNotebook || !importsFrames(pass.File) || document.MatchString(pass.File.Path) {
		return
	}
	for call := range tree.All(python.Call) {
		reader, declare := guessing(pass.File, call)
		if reader == "" || python.Spreads(call) || smallFile(pass.File, call) || typed(functionAround(call)) || asksSchema(functionAround(call)) {
			continue
		}
		f := pass.Report(call.Field(python.Function), "`%s` guesses the types of the columns; declare them (`%s`)", reader, declare)
		if pass.Role == graph.RoleNotebook {
			f.Severity = rules.Low
		}
	}
})

// document is the folders whose code people read, or run by hand: no pipeline runs it.
var document = regexp.MustCompile(`(?:^|/)_?(?:docs?|website|templates?|tutorials?|courses?|scripts?|tools?|bin)/`)

// guessing is the reader of a call that guesses types, and the argument that would declare them; empty if it doesn't.
func guessing(f *parsers.File, call parsers.Node) (reader, declare string) {
	fn := call.Field(python.Function)
	path := python.Imports(f).Resolve(fn)
	name := lastPart(fn)
	lacks := func(keys ...string) bool {
		for _, k := range keys {
			if !python.KeywordOf(call, k).IsNil() {
				return false
			}
		}
		return true
	}
	switch path {
	case "pandas.read_csv", "pandas.read_table", "pandas.read_fwf", "pandas.read_excel":
		if lacks("dtype", "converters", "nrows") {
			return name, "dtype"
		}
	case "pandas.read_json":
		if lacks("dtype", "nrows", "orient", "typ") {
			return name, "dtype"
		}
	case "polars.read_csv", "polars.scan_csv", "polars.read_json", "polars.read_ndjson", "polars.scan_ndjson":
		if lacks("schema", "schema_overrides", "dtypes", "infer_schema_length", "infer_schema", "n_rows") {
			return name, "schema"
		}
	case "duckdb.read_csv_auto":
		return name, "columns"
	case "":
		return guessingSpark(f, call, fn, name)
	}
	return "", ""
}

func guessingSpark(f *parsers.File, call, fn parsers.Node, name string) (reader, declare string) {
	switch name {
	case "csv", "json", "load", "option", "options":
	default:
		return "", ""
	}
	if python.FrameOf(f, fn.Field(python.Object)).Shape != python.Reader {
		return "", ""
	}
	chain := fn.Text()
	switch {
	case isTrue(f, python.KeywordOf(call, "inferSchema")):
		return "inferSchema", "schema"
	case name == "option" && strings.EqualFold(literal(f, python.PositionalOf(call, 0)), "inferSchema") && isTrue(f, python.PositionalOf(call, 1)):
		return "inferSchema", "schema"
	case name == "json" && !strings.Contains(chain, ".schema(") && !strings.Contains(chain, "inferSchema") && python.KeywordOf(call, "schema").IsNil() && python.PositionalOf(call, 1).IsNil():
		return "json", "schema"
	}
	return "", ""
}

func isTrue(f *parsers.File, n parsers.Node) bool { return strings.EqualFold(literal(f, n), "true") }

// smallPath is a file that a person keeps: a seed, a configuration, a lookup.
var smallPath = regexp.MustCompile(`(?i)seed|config|lookup|mapping|reference|template|metadata|fixture|sample`)

// smallFile reports whether the file that is read is named like a small one, or lies beside the code.
func smallFile(f *parsers.File, call parsers.Node) bool {
	argument := python.PositionalOf(call, 0)
	if text, _, ok := python.Fold(f, argument); ok && smallPath.MatchString(text) {
		return true
	}
	return smallPath.Match(argument.Bytes()) || strings.Contains(argument.Text(), "__file__") ||
		strings.Contains(argument.Text(), "read_text") || argument.Is(python.Subscript)
}

// asksSchema reports whether a function has a parameter for the types: who calls it decides.
func asksSchema(fn parsers.Node) bool {
	list := fn.Field(python.ParametersField).Text()
	return strings.Contains(list, "schema") || strings.Contains(list, "dtype") || strings.Contains(list, "**")
}

// typed reports whether a function casts or validates columns anywhere: the types that were guessed are then not those that go on.
func typed(fn parsers.Node) bool {
	for n := range fn.Descendants() {
		if !n.Is(python.Call) {
			continue
		}
		switch name := lastPart(n.Field(python.Function)); {
		case name == "astype", name == "cast", name == "convert_dtypes", name == "to_numeric", name == "to_datetime", name == "validate", name == "withColumnTypes", validates(name):
			return true
		}
	}
	return false
}
