package dataframes

import (
	"regexp"
	"strconv"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// RowWiseFrameLoop reports loops and row functions over frames of a known kind that compute what a column expression can:
// their bodies call nothing but pure functions.
var RowWiseFrameLoop = rules.Python(rules.Rule{
	Name:     "row-wise-frame-loop",
	Severity: rules.Medium,
	Class:    rules.Reliability,
	Topic:    "technologies/polars-narwhals",
	Sentence: "Narwhals (with Polars backend) for DataFrame operations",
}, func(pass *rules.Pass, tree *python.Tree) {
	if pass.Role != graph.RoleSource || !importsFrames(pass.File) {
		return
	}
	f := pass.File
	for loop := range tree.All(python.ForStatement) {
		if call := loop.Field(python.Right); rowLoop(f, call) && pure(f, loop.Field(python.Body)) {
			pass.Report(call, "`%s` goes through the frame row by row", short(call.Field(python.Function)))
		}
		indexedLoop(pass, f, loop)
	}
	for call := range tree.All(python.Call) {
		rowFunction(pass, f, call)
	}
})

var configName = regexp.MustCompile(`(?i)config|settings|mapping|lookup|params|metadata|meta`)

// rowLoop reports whether a loop goes over the rows of a frame that is not known to be small.
func rowLoop(f *parsers.File, call parsers.Node) bool {
	fn := call.Field(python.Function)
	if !call.Is(python.Call) || !fn.Is(python.Attribute) {
		return false
	}
	object := fn.Field(python.Object)
	frame := python.FrameOf(f, object)
	switch lastPart(fn) {
	case "iterrows", "itertuples":
		if frame.Kind != python.PandasFrame {
			return false
		}
	case "iter_rows", "rows":
		if frame.Kind != python.PolarsFrame && frame.Kind != python.NarwhalsFrame {
			return false
		}
	case "toLocalIterator":
		if frame.Kind != python.SparkFrame {
			return false
		}
	default:
		return false
	}
	return !configName.MatchString(object.Text()) && !small(f, object)
}

// small reports whether a chain of calls takes few rows: head, limit, sample, an aggregation, a literal.
func small(f *parsers.File, n parsers.Node) bool {
	for range 30 {
		switch n.Kind() {
		case python.Call:
			fn := n.Field(python.Function)
			switch lastPart(fn) {
			case "head", "limit", "tail", "sample", "nlargest", "nsmallest", "groupby", "group_by", "groupBy", "agg", "value_counts", "drop_duplicates", "unique", "describe":
				return true
			case "DataFrame":
				return true
			}
			n = fn
		case python.Attribute:
			n = n.Field(python.Object)
		case python.Subscript:
			if n.Field(python.SubscriptField).Is(python.Slice) {
				return true
			}
			n = n.Field(python.Value)
		case python.Identifier:
			found := python.Imports(f).Lookup(n)
			if len(found) != 1 || found[0].Value.IsNil() || found[0].Value.Contains(n) {
				return false
			}
			n = found[0].Value
		default:
			return false
		}
	}
	return false
}

// rowFunction looks at apply(axis=1), at map_elements and apply with a pure lambda, and at frames that grow in a loop.
func rowFunction(pass *rules.Pass, f *parsers.File, call parsers.Node) {
	fn := call.Field(python.Function)
	if python.Imports(f).Resolve(fn) == "pandas.concat" {
		growing(pass, f, call)
		return
	}
	if !fn.Is(python.Attribute) {
		return
	}
	name := lastPart(fn)
	argument := python.PositionalOf(call, 0)
	switch name {
	case "apply":
		axis := literal(f, python.KeywordOf(call, "axis"))
		if axis == "" {
			axis = literal(f, python.PositionalOf(call, 1))
		}
		byRow := axis == "1" || axis == "columns"
		frame := python.FrameOf(f, fn.Field(python.Object))
		if frame.Kind != python.PandasFrame || small(f, fn.Field(python.Object)) {
			return
		}
		if byRow && frame.Shape != python.Grouped && !handsOn(call) && expressible(f, argument) {
			pass.Report(fn.Field(python.AttributeField), "`apply(axis=1)` runs a Python function on every row")
		} else if frame.Shape == python.Column && argument.Is(python.Lambda) && expressible(f, argument) {
			pass.Report(fn.Field(python.AttributeField), "`apply` runs a Python function on every value of a column")
		}
	case "map_elements":
		frame := python.FrameOf(f, fn.Field(python.Object))
		if (frame.Kind == python.PolarsFrame || frame.Kind == python.PolarsLazy) && argument.Is(python.Lambda) && expressible(f, argument) {
			pass.Report(fn.Field(python.AttributeField), "`map_elements` runs a Python function on every value of a column")
		}
	}
}

// handsOn reports whether an apply hands its function more than the row.
func handsOn(call parsers.Node) bool {
	for a := range call.Field(python.Arguments).NamedChildren() {
		if a.Is(python.KeywordArgument) && a.Field(python.Name).Text() != "axis" {
			return true
		}
	}
	return false
}

// fewRounds is how many rounds of a loop are too few to matter.
const fewRounds = 20

// growing reports x = pd.concat([x, …]) in a loop of many rounds: each round copies the frame.
func growing(pass *rules.Pass, f *parsers.File, call parsers.Node) {
	assignment := call.Parent()
	loop := call.Ancestor(python.ForStatement, python.WhileStatement, python.FunctionDefinition, python.Lambda, python.ListComprehension)
	list := python.PositionalOf(call, 0)
	if !assignment.Is(python.Assignment) || !loop.Is(python.ForStatement, python.WhileStatement) || !list.Is(python.List, python.Tuple) || bounded(f, loop) {
		return
	}
	target := assignment.Field(python.Left).Text()
	for item := range list.NamedChildren() {
		if item.Text() == target {
			if !renewed(loop, target) {
				pass.Report(call, "`%s` is copied in every round of the loop to make it longer", target).Severity = rules.Low
			}
			return
		}
	}
}

// renewed reports whether a loop gives a name a value that does not come from its old one.
func renewed(loop parsers.Node, name string) bool {
	for n := range loop.Field(python.Body).Descendants() {
		if n.Is(python.Assignment) && n.Field(python.Left).Text() == name && !strings.Contains(n.Field(python.Right).Text(), name) {
			return true
		}
	}
	return false
}

// bounded reports whether a loop has few rounds by what it is written over.
func bounded(f *parsers.File, loop parsers.Node) bool {
	over := loop.Field(python.Right)
	if over.Is(python.Identifier) {
		if found := python.Imports(f).Lookup(over); len(found) == 1 {
			over = found[0].Value
		}
	}
	if over.Is(python.List, python.Tuple, python.Set, python.Dictionary) {
		items := 0
		for range over.NamedChildren() {
			items++
		}
		return items <= fewRounds
	}
	if over.Is(python.Call) && over.Field(python.Function).Text() == "range" {
		n, err := strconv.Atoi(python.PositionalOf(over, 0).Text())
		return err == nil && n <= fewRounds && python.PositionalOf(over, 1).IsNil()
	}
	return false
}

// indexedLoop reports df.at[i, "x"] = … in a loop over range(len(df)).
func indexedLoop(pass *rules.Pass, f *parsers.File, loop parsers.Node) {
	over := loop.Field(python.Right).Text()
	if !strings.HasPrefix(over, "range(len(") {
		return
	}
	for n := range loop.Field(python.Body).Descendants() {
		if !n.Is(python.Assignment) || !n.Field(python.Left).Is(python.Subscript) {
			continue
		}
		at := n.Field(python.Left).Field(python.Value)
		if name := lastPart(at); !at.Is(python.Attribute) || name != "at" && name != "iloc" && name != "iat" && name != "loc" {
			continue
		}
		if frame := at.Field(python.Object); python.FrameOf(f, frame).Kind == python.PandasFrame && strings.Contains(over, frame.Text()) && pure(f, loop.Field(python.Body)) {
			pass.Report(loop.Field(python.Right), "the loop sets `%s` row by row", frame.Text())
			return
		}
	}
}

func short(n parsers.Node) string {
	if text := n.Text(); len(text) <= 40 && !strings.Contains(text, "\n") {
		return text
	}
	return lastPart(n)
}
