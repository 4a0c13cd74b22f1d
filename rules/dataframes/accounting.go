package dataframes

import (
	"strings"

	"delint/parsers"
	"delint/parsers/python"
)

// accounts knows which functions of a module count what they lose.
type accounts struct {
	f     *parsers.File
	known map[int]bool // by the number of the function's node
}

// accounted reports whether the function around a call, or one of the module that calls that function, counts rows or nulls
// and does something with the number, or hands the data to a validation.
func (a *accounts) accounted(call parsers.Node) bool {
	fn := functionAround(call)
	if a.counts(fn) {
		return true
	}
	if !fn.Is(python.FunctionDefinition) {
		return false
	}
	name := fn.Field(python.Name).Text()
	for c := range a.f.Tree.All(python.Call) {
		if lastPart(c.Field(python.Function)) == name {
			if around := functionAround(c); around != fn && around.Is(python.FunctionDefinition) && a.counts(around) {
				return true
			}
		}
	}
	return false
}

// nullTests is the calls that ask which values are null or valid; counted are those that say how many rows there are.
var (
	nullTests = set(`isna isnull is_null null_count isNull is_not_null isNotNull notna notnull is_nan has_nulls`)
	counting  = set(`count height shape nunique num_rows value_counts estimated_size size`)
	telling   = set(`info warning warn error exception critical debug log print add_output_metadata Output MaterializeResult MetadataValue
		xcom_push gauge increment incr emit create_markdown_artifact create_table_artifact AssetCheckResult echo secho`)
)

func (a *accounts) counts(fn parsers.Node) bool {
	if known, ok := a.known[fn.Index()]; ok {
		return known
	}
	a.known[fn.Index()] = false
	rows, nulls, told := false, false, false
	for n := range fn.Descendants() {
		switch n.Kind() {
		case python.RaiseStatement, python.AssertStatement:
			told = true
		case python.Call:
			name := lastPart(n.Field(python.Function))
			rows = rows || name == "len" || counting[name]
			nulls = nulls || nullTests[name]
			told = told || telling[name]
			if validates(name) {
				a.known[fn.Index()] = true
			}
		case python.Attribute:
			rows = rows || counting[lastPart(n)]
		case python.Identifier, python.String:
			if strings.Contains(strings.ToLower(n.Text()), "reject") || strings.Contains(strings.ToLower(n.Text()), "quarantine") {
				a.known[fn.Index()] = true
			}
		}
	}
	if nulls || rows && told {
		a.known[fn.Index()] = true
	}
	return a.known[fn.Index()]
}

// validates reports whether a function of that name looks at the data it is given.
func validates(name string) bool {
	name = strings.ToLower(strings.TrimLeft(name, "_"))
	return strings.HasPrefix(name, "validate") || strings.HasPrefix(name, "expect_") || strings.HasPrefix(name, "check_") || strings.Contains(name, "quality")
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
