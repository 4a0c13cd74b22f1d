package dataframes

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// JoinWithoutCardinality reports joins of pandas and Polars frames that don't say how often a key may match, where no side is
// provably unique and the result is returned or aggregated.
var JoinWithoutCardinality = rules.Python(rules.Rule{
	Name:      "join-without-cardinality",
	Severity:  rules.Medium,
	Class:     rules.Correctness,
	Reach:     true,
	Precision: rules.MediumPrec,
	Disabled:  true,
	Topic:     "data-quality/overview",
	Sentence:  "Test edge cases, null handling, schema evolution, and failure scenarios",
}, func(pass *rules.Pass, tree *python.Tree) {
	if pass.Role != graph.RoleSource || !importsFrames(pass.File) {
		return
	}
	f := pass.File
	for call := range tree.All(python.Call) {
		left, right, ok := joined(f, call)
		if !ok || python.Spreads(call) || !python.KeywordOf(call, "validate").IsNil() {
			continue
		}
		switch literal(f, python.KeywordOf(call, "how")) {
		case "cross", "semi", "anti":
			continue
		}
		fn := functionAround(call)
		if !fn.Is(python.FunctionDefinition) || weight(fn) < leastWeight || unique(f, left) || unique(f, right) || !flows(f, call, fn) {
			continue
		}
		name := "join"
		if lastPart(call.Field(python.Function)) == "merge" {
			name = "merge"
		}
		pass.Report(lastName(call.Field(python.Function)), "this %s doesn't say how often a key may match (`validate`)", name)
	}
})

// lastName is the name of the method that a call calls.
func lastName(fn parsers.Node) parsers.Node {
	if fn.Is(python.Attribute) {
		return fn.Field(python.AttributeField)
	}
	return fn
}

// leastWeight is how many operations on frames a function has that is more than a wrapper.
const leastWeight = 3

// joined is the two sides of a merge or join of frames that know validate.
func joined(f *parsers.File, call parsers.Node) (left, right parsers.Node, ok bool) {
	fn := call.Field(python.Function)
	if python.Imports(f).Resolve(fn) == "pandas.merge" {
		return python.PositionalOf(call, 0), python.PositionalOf(call, 1), true
	}
	name := lastPart(fn)
	if !fn.Is(python.Attribute) || name != "merge" && name != "join" {
		return left, right, false
	}
	left, right = fn.Field(python.Object), python.PositionalOf(call, 0)
	frame := python.FrameOf(f, left)
	if frame.Shape != python.Table && frame.Shape != python.AnyShape {
		return left, right, false
	}
	switch frame.Kind {
	case python.PandasFrame:
		return left, right, name == "merge" || frame.Shape == python.Table && python.FrameOf(f, right).Kind == python.PandasFrame
	case python.PolarsFrame, python.PolarsLazy:
		return left, right, name == "join"
	}
	return left, right, false
}

// operations is the methods that a transform is made of.
var operations = set(`merge join groupby group_by agg filter assign with_columns select drop_duplicates unique sort_values sort rename
	drop fillna fill_null pivot melt concat astype cast explode query reset_index set_index dropna drop_nulls apply`)

func weight(fn parsers.Node) int {
	n := 0
	for d := range fn.Field(python.Body).Descendants() {
		if d.Is(python.Call) && operations[lastPart(d.Field(python.Function))] {
			n++
		}
	}
	return n
}

// unique reports whether one side has each key once by what made it: duplicates dropped, grouped, counted, or written as a literal.
func unique(f *parsers.File, n parsers.Node) bool {
	for range maxFrameLinks {
		switch n.Kind() {
		case python.Call:
			fn := n.Field(python.Function)
			switch name := lastPart(fn); name {
			case "drop_duplicates", "unique", "groupby", "group_by", "value_counts", "pivot_table", "pivot", "agg", "nunique", "crosstab", "distinct":
				return true
			case "DataFrame", "LazyFrame":
				return python.PositionalOf(n, 0).Is(python.Dictionary, python.List)
			case "merge", "join":
				return false
			}
			n = fn
		case python.Attribute:
			n = n.Field(python.Object)
		case python.Subscript:
			n = n.Field(python.Value)
		case python.ParenthesizedExpression:
			n = n.FirstNamed()
		case python.Identifier:
			found := python.Imports(f).Lookup(n)
			for _, b := range found {
				if !b.Value.IsNil() && b.Value.Start() < n.Start() && !b.Value.Contains(n) && len(found) <= 10 && unique(f, b.Value) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

// flows reports whether the result of a join is returned, or grouped: then a doubled row is a doubled number.
func flows(f *parsers.File, call, fn parsers.Node) bool {
	n := call
	for ; ; n = n.Parent() {
		switch p := n.Parent(); p.Kind() {
		case python.ReturnStatement, python.Yield:
			return true
		case python.Attribute, python.Call, python.ArgumentList, python.Subscript, python.ParenthesizedExpression, python.KeywordArgument:
			if p.Is(python.Attribute) {
				switch lastPart(p) {
				case "groupby", "group_by", "agg", "sum", "pivot_table":
					return true
				case "shape", "empty", "height":
					return false
				}
			}
		case python.Assignment:
			target := p.Field(python.Left).Text()
			for d := range fn.Descendants() {
				switch d.Kind() {
				case python.ReturnStatement:
					if strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(d.Text(), "return")), target) {
						return true
					}
				case python.Attribute:
					if d.Field(python.Object).Text() == target && (lastPart(d) == "groupby" || lastPart(d) == "group_by") {
						return true
					}
				}
			}
			return false
		default:
			return false
		}
	}
}
