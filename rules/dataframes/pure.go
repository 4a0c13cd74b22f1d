package dataframes

import (
	"delint/parsers"
	"delint/parsers/python"
)

// pureCalls is the functions and methods that have no effect outside and that column expressions have too.
var (
	pureCalls = set(`str int float bool len abs min max round sum sorted isinstance list tuple dict set append extend add update range enumerate zip
	strip lstrip rstrip lower upper title replace split join startswith endswith format zfill isdigit isnumeric isalpha get keys values items
	isna isnull notna notnull isnan pd.isna timedelta total_seconds days date strftime floor ceil sqrt exp log10 log1p
	capitalize removeprefix removesuffix any all`)
	expressions = set(`str int float bool len abs min max round strip lstrip rstrip lower upper title replace startswith endswith zfill get
	isna isnull notna notnull isnan capitalize split`)
)

// pure reports whether nothing below a node calls what may have an effect, and nothing waits, yields or raises.
func pure(f *parsers.File, n parsers.Node) bool {
	for d := range n.Descendants() {
		switch d.Kind() {
		case python.Dictionary, python.DictionaryComprehension: // a record for a system that takes no frames
			return false
		case python.Await, python.Yield, python.RaiseStatement, python.WithStatement, python.TryStatement, python.ReturnStatement, python.BreakStatement:
			return false
		case python.Call:
			fn := d.Field(python.Function)
			if !pureCalls[lastPart(fn)] {
				return false
			}
			if fn.Is(python.Identifier) && !python.IsBuiltin(fn.Text()) && len(python.Imports(f).Lookup(fn)) == 0 {
				return false
			}
		}
	}
	return true
}

// expressible reports whether a function of a row or value is one that a column expression can be: a lambda, or a function of
// the module, of arithmetic, comparisons, conditions, text methods and look-ups.
func expressible(f *parsers.File, n parsers.Node) bool {
	body := n.Field(python.Body)
	if n.Is(python.Identifier) {
		found := python.Imports(f).Lookup(n)
		if len(found) != 1 || !found[0].Definition.Is(python.FunctionDefinition) {
			return false
		}
		body = found[0].Definition.Field(python.Body)
	}
	if body.IsNil() {
		return false
	}
	for d := range body.Descendants() {
		switch d.Kind() {
		case python.Call:
			if !expressions[lastPart(d.Field(python.Function))] {
				return false
			}
		case python.ForStatement, python.WhileStatement, python.TryStatement, python.WithStatement, python.Await, python.Yield, python.RaiseStatement,
			python.ListComprehension, python.DictionaryComprehension, python.GeneratorExpression, python.SetComprehension, python.Dictionary, python.DictionarySplat, python.Interpolation:
			return false
		}
	}
	return !body.Is(python.Call) || expressions[lastPart(body.Field(python.Function))]
}
