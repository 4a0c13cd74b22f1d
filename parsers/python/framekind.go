package python

import (
	"strings"

	"delint/parsers"
)

// FrameKind is the library that a data frame belongs to; empty where it is not known.
type FrameKind string

// The kinds of frames.
const (
	PandasFrame   FrameKind = "pandas"
	PolarsFrame   FrameKind = "polars"
	PolarsLazy    FrameKind = "polars-lazy"
	NarwhalsFrame FrameKind = "narwhals"
	SparkFrame    FrameKind = "spark"
	ArrowTable    FrameKind = "arrow"
	DaskFrame     FrameKind = "dask"
)

// FrameShape is what of a library a value is.
type FrameShape uint8

// The shapes. AnyShape is a table or one of its columns: what df[x] gives.
const (
	AnyShape FrameShape = iota
	Table
	Column
	Grouped
	Session // that makes tables: SparkSession
	Reader  // of Spark: session.read with its options
	RDD
)

// Frame is what is known of a value that a data frame library made; the zero Frame is a value of which nothing is known.
type Frame struct {
	Kind  FrameKind
	Shape FrameShape
}

// maxFrameSteps bounds how many assignments and calls FrameOf follows for one value.
const maxFrameSteps = 60

// FrameOf is the kind of frame that an expression has where it stands: by readers and constructors of resolved imports,
// annotations, and methods that keep or change the kind. Where two branches give a name different kinds it is unknown.
func FrameOf(f *parsers.File, n parsers.Node) Frame {
	s := &frameSearch{f: f, names: Imports(f)}
	return s.of(n)
}

type frameSearch struct {
	f     *parsers.File
	names *ImportTable
	steps int
}

func (s *frameSearch) of(n parsers.Node) Frame {
	if s.steps++; s.steps > maxFrameSteps {
		return Frame{}
	}
	switch n.Kind() {
	case ParenthesizedExpression, Await:
		return s.of(n.FirstNamed())
	case Identifier:
		return s.name(n)
	case Attribute:
		return s.attribute(n)
	case Subscript:
		return s.subscript(n)
	case Call:
		return s.call(n)
	case BinaryOperator:
		return s.of(n.Field(Left))
	}
	return Frame{}
}

// name joins what the bindings give that may reach the use: back to the nearest one that always runs before it.
func (s *frameSearch) name(use parsers.Node) Frame {
	found := s.names.Lookup(use)
	if len(found) == 0 || len(found) > maxBindings {
		return s.session(use)
	}
	var out Frame
	sameScope := use.Ancestor(FunctionDefinition, Module).Index() == ownerIndex(found[0])
	for i := len(found) - 1; i >= 0; i-- {
		b := found[i]
		if b.Import != nil || !b.Definition.IsNil() {
			return Frame{}
		}
		if sameScope && b.Node.Start() >= use.Start() || b.Value.Contains(use) {
			continue
		}
		k := s.bound(b)
		if k == (Frame{}) || out != (Frame{}) && out.Kind != k.Kind {
			return s.session(use)
		}
		if out != (Frame{}) && out.Shape != k.Shape {
			k.Shape = AnyShape
		}
		out = k
		if sameScope && dominates(b.Node, use) {
			break
		}
	}
	if out == (Frame{}) {
		return s.session(use)
	}
	return out
}

func ownerIndex(b Binding) int { return b.Scope.Index() }

// dominates reports whether the statement of a binding stands in a block around the use, or is a parameter.
func dominates(binding, use parsers.Node) bool {
	block := binding.Ancestor(Block, Module, Parameters)
	return block.Is(Parameters) || block.Contains(use)
}

func (s *frameSearch) bound(b Binding) Frame {
	if p := b.Node.Parent(); p.Is(TypedParameter, TypedDefaultParameter) || p.Is(Assignment) && !p.Field(TypeField).IsNil() {
		return s.annotation(p.Field(TypeField))
	}
	if b.Value.IsNil() {
		return Frame{}
	}
	return s.of(b.Value)
}

// annotation reads a type: a name, a text that holds one, one with parameters, one that may be None.
func (s *frameSearch) annotation(n parsers.Node) Frame {
	for n.Is(Type) {
		n = n.FirstNamed()
	}
	switch n.Kind() {
	case Identifier, Attribute:
		return typeFrame(s.names.Resolve(n))
	case GenericType, Subscript:
		return s.annotation(n.FirstNamed())
	case UnionType, BinaryOperator:
		for c := range n.NamedChildren() {
			if k := s.annotation(c); k != (Frame{}) {
				return k
			}
		}
	case String:
		text, _, _ := Fold(s.f, n)
		local, rest, dotted := strings.Cut(text, ".")
		for _, i := range s.names.Imports {
			if i.Local == local {
				if dotted {
					return typeFrame(i.Target() + "." + rest)
				}
				return typeFrame(i.Target())
			}
		}
	}
	return Frame{}
}

// typeFrame is the frame whose type has a dotted path.
func typeFrame(path string) Frame {
	root, _, _ := strings.Cut(path, ".")
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case path == "pyspark.sql.SparkSession" || path == "pyspark.sql.session.SparkSession":
		return Frame{SparkFrame, Session}
	case root == "pyspark" && !strings.HasPrefix(path, "pyspark.pandas"):
		if last == "DataFrame" {
			return Frame{SparkFrame, Table}
		}
	case root == "pandas" || root == "geopandas":
		switch last {
		case "DataFrame", "GeoDataFrame":
			return Frame{PandasFrame, Table}
		case "Series", "GeoSeries":
			return Frame{PandasFrame, Column}
		}
	case strings.HasPrefix(path, "pandera.typing.") && last == "DataFrame" && !strings.Contains(path, "polars") && !strings.Contains(path, "pyspark"):
		return Frame{PandasFrame, Table}
	case root == "polars":
		switch last {
		case "DataFrame":
			return Frame{PolarsFrame, Table}
		case "LazyFrame":
			return Frame{PolarsLazy, Table}
		case "Series", "Expr":
			return Frame{PolarsFrame, Column}
		}
	case root == "narwhals" && (strings.HasSuffix(last, "Frame") || strings.HasSuffix(last, "FrameT")):
		return Frame{NarwhalsFrame, Table}
	case root == "pyarrow" && last == "Table":
		return Frame{ArrowTable, Table}
	case root == "dask" && last == "DataFrame":
		return Frame{DaskFrame, Table}
	}
	return Frame{}
}

// session is the Spark session that a name like spark stands for by convention, in a module that imports pyspark.
func (s *frameSearch) session(n parsers.Node) Frame {
	name := n.Text()
	if n.Is(Attribute) {
		name = n.Field(AttributeField).Text()
	}
	if name != "spark" && name != "spark_session" && name != "_spark" {
		return Frame{}
	}
	for _, i := range s.names.Imports {
		if i.Module == "pyspark" || strings.HasPrefix(i.Module, "pyspark.") && !strings.HasPrefix(i.Module, "pyspark.pandas") {
			return Frame{SparkFrame, Session}
		}
	}
	return Frame{}
}
