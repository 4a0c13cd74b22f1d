package python

import (
	"slices"
	"strings"

	"delint/parsers"
)

// Breadth is how much an exception handler catches.
type Breadth uint8

// The breadths, from the narrowest.
const (
	Narrow  Breadth = iota // one kind of error
	Unknown                // an expression that the module alone can't resolve
	Root                   // the base class of all errors of a library or of the operating system
	Broad                  // Exception
	Base                   // BaseException: also interrupts and the signals of orchestrators
	Bare                   // no type at all
)

// roots is the base classes from which a library derives its errors.
var roots = map[string]bool{
	"builtins.OSError": true, "builtins.IOError": true, "builtins.EnvironmentError": true,
	"airflow.exceptions.AirflowException": true, "airflow.sdk.exceptions.AirflowException": true, "airflow.AirflowException": true,
	"requests.RequestException": true, "requests.exceptions.RequestException": true,
	"httpx.HTTPError":                               true,
	"psycopg.Error":                                 true,
	"psycopg2.Error":                                true,
	"botocore.exceptions.ClientError":               true,
	"botocore.exceptions.BotoCoreError":             true,
	"google.api_core.exceptions.GoogleAPIError":     true,
	"google.api_core.exceptions.GoogleAPICallError": true,
	"google.cloud.exceptions.GoogleCloudError":      true,
	"snowflake.connector.errors.Error":              true,
	"snowflake.connector.Error":                     true,
	"pandas.errors.ParserError":                     true,
	"builtins.ExceptionGroup":                       true,
}

// rootEndings is roots by their last name, under a package that exports them from several modules.
var rootEndings = map[string][]string{
	"dagster":    {"DagsterError", "DagsterInvariantViolationError"},
	"prefect":    {"PrefectException"},
	"sqlalchemy": {"SQLAlchemyError"},
	"pyspark":    {"PySparkException"},
	"pandera":    {"SchemaError", "SchemaErrors"},
}

// BreadthOf is the breadth of the types of a handler or of the arguments of suppress: of the broadest of them.
func BreadthOf(f *parsers.File, types ...parsers.Node) Breadth {
	breadth := Narrow
	for _, t := range types {
		breadth = max(breadth, Imports(f).breadth(t, maxAliases))
	}
	return breadth
}

func (t *ImportTable) breadth(n parsers.Node, depth int) Breadth {
	switch n.Kind() {
	case Tuple, List, Set, ParenthesizedExpression, ListSplat, ExpressionList:
		breadth := Narrow
		for c := range n.NamedChildren() {
			if !c.Is(Comment) {
				breadth = max(breadth, t.breadth(c, depth))
			}
		}
		return breadth
	case BinaryOperator: // (A, B) + MORE
		return max(t.breadth(n.Field(Left), depth), t.breadth(n.Field(Right), depth))
	}
	if paths := t.ResolveAll(n); len(paths) > 0 {
		breadth := Narrow
		for _, p := range paths {
			breadth = max(breadth, pathBreadth(p))
		}
		return breadth
	}
	if !n.Is(Identifier) {
		return Unknown
	}
	found := t.Lookup(n)
	if len(found) > maxBindings {
		return Unknown
	}
	breadth := Narrow
	for _, b := range found {
		switch {
		case b.Definition.Is(ClassDefinition):
		case b.Value.IsNil() || depth == 0 || b.Value.Contains(n):
			breadth = max(breadth, Unknown)
		default:
			breadth = max(breadth, t.breadth(b.Value, depth-1))
		}
	}
	if len(found) == 0 {
		return Unknown
	}
	return breadth
}

func pathBreadth(path string) Breadth {
	switch path {
	case "builtins.BaseException", "builtins.BaseExceptionGroup":
		return Base
	case "builtins.Exception":
		return Broad
	}
	if roots[path] {
		return Root
	}
	root, _, _ := strings.Cut(path, ".")
	last := path[strings.LastIndexByte(path, '.')+1:]
	if slices.Contains(rootEndings[root], last) || root == "py4j" && strings.HasSuffix(last, "Error") {
		return Root
	}
	return Narrow
}
