package dataframes

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// SilentRowLoss reports readers, casts and filters that drop or null data without an error, in functions that count nothing.
var SilentRowLoss = rules.Python(rules.Rule{
	Name:     "silent-row-loss",
	Severity: rules.High,
	Class:    rules.Correctness,
	Reach:    true,
	Topic:    "data-quality/overview",
	Sentence: "Test edge cases, null handling, schema evolution, and failure scenarios",
}, func(pass *rules.Pass, tree *python.Tree) {
	if pass.Role != graph.RoleSource || !importsFrames(pass.File) {
		return
	}
	a := accounts{f: pass.File, known: map[int]bool{}}
	for call := range tree.All(python.Call) {
		if at, message := losing(pass.File, call); message != "" && !a.accounted(call) {
			finding := pass.Report(at, "%s; nothing counts what is lost", message)
			if strings.Contains(message, "leaves what") {
				finding.Severity = rules.Medium
				finding.Message = message + "; its type depends on the data"
			}
		}
	}
})

// losing is the argument or call that loses data, and what it does.
func losing(f *parsers.File, call parsers.Node) (parsers.Node, string) {
	fn := call.Field(python.Function)
	path := python.Imports(f).Resolve(fn)
	name := lastPart(fn)
	root, _, _ := strings.Cut(path, ".")
	option := func(key string, values ...string) (parsers.Node, string) {
		v := python.KeywordOf(call, key)
		if text := literal(f, v); text != "" {
			for _, want := range values {
				if strings.EqualFold(text, want) {
					return v.Parent(), text
				}
			}
		}
		return parsers.Node{}, ""
	}
	switch {
	case root == "pandas" && strings.HasPrefix(name, "read_"):
		if at, _ := option("on_bad_lines", "skip", "warn"); !at.IsNil() {
			return at, "`" + name + "` drops the lines that it can't read (`" + at.Text() + "`)"
		}
		if at, _ := option("error_bad_lines", "False"); !at.IsNil() {
			return at, "`" + name + "` drops the lines that it can't read (`" + at.Text() + "`)"
		}
		if at, _ := option("encoding_errors", "ignore"); !at.IsNil() {
			return at, "`" + name + "` drops the bytes that it can't decode (`" + at.Text() + "`)"
		}
	case root == "pandas" && (name == "to_numeric" || name == "to_datetime" || name == "to_timedelta") && columnLike(f, python.PositionalOf(call, 0)) && !known(call):
		if at, _ := option("errors", "coerce"); !at.IsNil() {
			return at, "`" + name + "` makes what it can't read null (`" + at.Text() + "`)"
		}
		if at, _ := option("errors", "ignore"); !at.IsNil() {
			return at, "`" + name + "` leaves what it can't read as it is (`" + at.Text() + "`)"
		}
	case root == "polars" && (strings.HasPrefix(name, "read_") || strings.HasPrefix(name, "scan_")):
		if at, _ := option("ignore_errors", "True"); !at.IsNil() {
			return at, "`" + name + "` makes what it can't read null (`" + at.Text() + "`)"
		}
	case strings.HasPrefix(path, "pyspark.sql.functions.try_"):
		return fn, "`" + name + "` makes what it can't read null"
	case path == "builtins.open":
		if at, _ := option("errors", "ignore"); !at.IsNil() {
			return at, "`open` drops the bytes that it can't decode (`" + at.Text() + "`)"
		}
	case fn.Is(python.Attribute):
		return losingMethod(f, call, fn, name, option)
	}
	return parsers.Node{}, ""
}

// known reports whether a conversion is of values whose type was asked for just before, or only compares the result.
func known(call parsers.Node) bool {
	return call.Parent().Is(python.ComparisonOperator) ||
		strings.Contains(call.Ancestor(python.IfStatement, python.FunctionDefinition).Field(python.Condition).Text(), "isinstance(")
}

// columnLike reports whether an expression is surely a column: of a frame, or what a text or a name selects.
func columnLike(f *parsers.File, n parsers.Node) bool {
	for n.Is(python.Call) && n.Field(python.Function).Is(python.Attribute) && python.FrameOf(f, n) == (python.Frame{}) {
		n = n.Field(python.Function).Field(python.Object) // df["day"].astype(str)
		if n.Is(python.Attribute) && lastPart(n) == "str" {
			n = n.Field(python.Object)
		}
	}
	if n.Is(python.Subscript) && n.Field(python.SubscriptField).Is(python.String, python.Identifier, python.List) {
		return true
	}
	return python.FrameOf(f, n) != (python.Frame{})
}

func losingMethod(f *parsers.File, call, fn parsers.Node, name string, option func(string, ...string) (parsers.Node, string)) (parsers.Node, string) {
	switch name {
	case "astype", "cast", "to_date", "to_datetime", "to_time", "strptime", "dropna", "drop_nulls", "option", "csv", "json", "options", "drop":
	default:
		return parsers.Node{}, ""
	}
	object := fn.Field(python.Object)
	if name == "drop" {
		if lastPart(object) != "na" || !object.Is(python.Attribute) {
			return parsers.Node{}, ""
		}
		object = object.Field(python.Object)
	}
	frame := python.FrameOf(f, object)
	switch {
	case frame == (python.Frame{}):
	case name == "astype" && frame.Kind == python.PandasFrame:
		if at, _ := option("errors", "ignore"); !at.IsNil() {
			return at, "`astype` leaves what it can't read as it is (`" + at.Text() + "`)"
		}
	case frame.Kind == python.PolarsFrame || frame.Kind == python.PolarsLazy:
		if at, _ := option("strict", "False"); !at.IsNil() {
			return at, "`" + name + "` makes what it can't read null (`" + at.Text() + "`)"
		}
		if name == "drop_nulls" && frame.Shape == python.Table && noArguments(call) {
			return fn.Field(python.AttributeField), "`drop_nulls()` drops every row that has a null in any column"
		}
	case frame.Shape == python.Reader:
		if at, mode := option("mode", "DROPMALFORMED"); mode != "" {
			return at, "the reader drops malformed rows (`DROPMALFORMED`)"
		}
		if value := python.PositionalOf(call, 1); name == "option" && literal(f, python.PositionalOf(call, 0)) == "mode" {
			switch mode := literal(f, value); {
			case strings.EqualFold(mode, "DROPMALFORMED"):
				return value, "the reader drops malformed rows (`DROPMALFORMED`)"
			case strings.EqualFold(mode, "PERMISSIVE") && !f.Mentions("columnNameOfCorruptRecord", "badRecordsPath", "_corrupt_record"):
				return value, "the reader makes malformed fields null (`PERMISSIVE`, no column for corrupt records)"
			}
		}
	case (name == "dropna" || name == "drop") && frame.Shape == python.Table && dropsAny(f, call):
		return fn.Field(python.AttributeField), "`" + lastTwo(fn) + "()` drops every row that has a null in any column"
	}
	return parsers.Node{}, ""
}

// dropsAny reports whether a dropna looks at all columns and drops rows for one null.
func dropsAny(f *parsers.File, call parsers.Node) bool {
	if !python.PositionalOf(call, 0).IsNil() || python.Spreads(call) {
		return false
	}
	for _, key := range []string{"subset", "thresh", "axis"} {
		if !python.KeywordOf(call, key).IsNil() {
			return false
		}
	}
	how := python.KeywordOf(call, "how")
	return how.IsNil() || literal(f, how) == "any"
}
