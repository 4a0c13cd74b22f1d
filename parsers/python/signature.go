package python

import (
	"regexp"
	"strings"

	"delint/parsers"
)

// Parameter is one parameter of a function.
type Parameter struct {
	Name string
	Node parsers.Node // the whole parameter with its type and default
	Type parsers.Node // the annotation; nil without one
	// Star is "*" or "**" for those that take the rest.
	Star string
	// Comment says that a type comment gives the type.
	Comment bool
}

// Signature is what a function's head says, type comments included.
type Signature struct {
	Parameters []Parameter
	Return     parsers.Node // the annotation; nil without one
	// Comment says that a type comment gives the whole signature: "# type: (int) -> str".
	Comment bool
	// Receiver says that the first parameter is the instance or class of a method.
	Receiver bool
}

var (
	typeComment      = regexp.MustCompile(`^#\s*type:\s*[^(\s]`)
	signatureComment = regexp.MustCompile(`^#\s*type:\s*\(.*\)\s*->`)
	ignoreComment    = regexp.MustCompile(`^#\s*type:\s*ignore\b`)
)

// SignatureOf reads the head of a function.
func SignatureOf(f *parsers.File, d Def) Signature {
	list := d.Node.Field(ParametersField)
	s := Signature{Return: d.Node.Field(ReturnType)}
	for p := range list.NamedChildren() {
		if p.Is(Comment) {
			if n := len(s.Parameters); n > 0 && typeComment.Match(p.Bytes()) && !ignoreComment.Match(p.Bytes()) &&
				s.Parameters[n-1].Node.EndRow() == p.Row() {
				s.Parameters[n-1].Comment = true
			}
			continue
		}
		if param, ok := parameter(p); ok {
			s.Parameters = append(s.Parameters, param)
		}
	}
	for _, place := range []parsers.Node{d.Node, d.Node.Field(Body)} {
		for c := range place.NamedChildren() {
			if c.Is(Comment) && signatureComment.Match(c.Bytes()) {
				s.Comment = true
			} else if place.Is(Block) {
				break
			}
		}
	}
	class := d.Body.Parent().Parent()
	s.Receiver = class.Is(ClassDefinition) && !d.decorated(f, "builtins.staticmethod") || d.Node.Field(Name).Text() == "__new__"
	return s
}

func parameter(p parsers.Node) (Parameter, bool) {
	name, typ := p, parsers.Node{}
	switch p.Kind() {
	case DefaultParameter:
		name = p.Field(Name)
	case TypedDefaultParameter:
		name, typ = p.Field(Name), p.Field(TypeField)
	case TypedParameter:
		name, typ = p.FirstNamed(), p.Field(TypeField)
	}
	star := ""
	switch name.Kind() {
	case ListSplatPattern:
		star, name = "*", name.FirstNamed()
	case DictionarySplatPattern:
		star, name = "**", name.FirstNamed()
	}
	return Parameter{Name: name.Text(), Node: p, Type: typ, Star: star}, name.Is(Identifier)
}

// decorated reports whether one of the decorators resolves to one of the paths.
func (d Def) decorated(f *parsers.File, paths ...string) bool {
	for _, dec := range DecoratorPaths(f, d) {
		for _, p := range paths {
			if dec.Path == p {
				return true
			}
		}
	}
	return false
}

// Decorated reports whether one of the decorators is of the typing module (or typing_extensions) and has the name.
func (d Def) Decorated(f *parsers.File, typing string) bool {
	return d.decorated(f, "typing."+typing, "typing_extensions."+typing)
}

// ReturnsValue reports whether a function returns a value on some path, or yields.
func ReturnsValue(function parsers.Node) bool {
	for n := range function.Field(Body).DescendantsSkipping(FunctionDefinition, ClassDefinition, Lambda) {
		switch n.Kind() {
		case Yield:
			return true
		case ReturnStatement:
			if v := n.FirstNamed(); !v.IsNil() && !v.Is(None, Comment) {
				return true
			}
		}
	}
	return false
}

// frameTypes is the frames of the libraries, by the first part of their path.
var frameTypes = map[string][]string{
	"pandas": {"DataFrame", "Series"}, "polars": {"DataFrame", "LazyFrame", "Series", "Expr"}, "geopandas": {"GeoDataFrame"},
	"narwhals": {"DataFrame", "LazyFrame", "Series", "Expr"}, "pyspark": {"DataFrame", "Column"}, "modin": {"DataFrame", "Series"},
	"pyarrow": {"Table", "RecordBatch"}, "dask": {"DataFrame", "Series"}, "cudf": {"DataFrame", "Series"}, "snowflake": {"DataFrame"},
	"ibis": {"Table", "Expr"}, "duckdb": {"DuckDBPyRelation"}, "pandera": {"DataFrame", "Series", "LazyFrame"},
}

// frameMakers is the functions of those libraries that make frames.
var frameMakers = regexp.MustCompile(`^(?:pandas|polars|dask|geopandas)\.(?:.*\.)?(?:read_\w+|scan_\w+|concat|merge|json_normalize|DataFrame|from_\w+)$`)

// IsFramePath reports whether a dotted path is the type of a data frame or column.
func IsFramePath(path string) bool {
	root, _, _ := strings.Cut(path, ".")
	last := path[strings.LastIndexByte(path, '.')+1:]
	for _, name := range frameTypes[root] {
		if name == last {
			return true
		}
	}
	return false
}

// TakesOrReturnsFrame reports whether a function's head names a frame type, or, where it is silent, a returned value is
// made by a frame library or a parameter is called df in a module that imports one.
func TakesOrReturnsFrame(f *parsers.File, d Def, s Signature) bool {
	names := Imports(f)
	frames := func(typ parsers.Node) bool {
		for n := range typ.Descendants() {
			if n.Is(Identifier, Attribute) && IsFramePath(names.Resolve(n)) || n.Is(StringContent) && strings.Contains(n.Text(), "DataFrame") {
				return true
			}
		}
		return false
	}
	library := false
	for _, i := range names.Imports {
		root, _, _ := strings.Cut(i.Module, ".")
		library = library || frameTypes[root] != nil
	}
	for _, p := range s.Parameters {
		if frames(p.Type) || library && p.Type.IsNil() && (p.Name == "df" || strings.HasSuffix(p.Name, "_df") || strings.HasPrefix(p.Name, "df_")) {
			return true
		}
	}
	if frames(s.Return) {
		return true
	}
	for n := range d.Node.Field(Body).DescendantsSkipping(FunctionDefinition, ClassDefinition, Lambda) {
		if !n.Is(ReturnStatement) {
			continue
		}
		v := n.FirstNamed()
		if v.Is(Identifier) {
			v = names.constant(v)
		}
		if v.Is(Call) && frameMakers.MatchString(names.Resolve(v.Field(Function))) {
			return true
		}
	}
	return false
}
