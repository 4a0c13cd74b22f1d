package python

import (
	"strings"

	"delint/parsers"
)

// KeywordOf is the value of a call's keyword argument; nil without one.
func KeywordOf(call parsers.Node, name string) parsers.Node {
	for a := range call.Field(Arguments).NamedChildren() {
		if a.Is(KeywordArgument) && a.Field(Name).Text() == name {
			return a.Field(Value)
		}
	}
	return parsers.Node{}
}

// PositionalOf is a call's positional argument number i, from 0; nil if there are fewer. What follows a "*args" is not counted.
func PositionalOf(call parsers.Node, i int) parsers.Node {
	for a := range call.Field(Arguments).NamedChildren() {
		switch {
		case a.Is(KeywordArgument, DictionarySplat, Comment):
			continue
		case a.Is(ListSplat):
			return parsers.Node{}
		case i == 0:
			return a
		}
		i--
	}
	return parsers.Node{}
}

// Spreads reports whether a call is given arguments that only a run knows: f(*a), f(**k).
func Spreads(call parsers.Node) bool {
	for a := range call.Field(Arguments).NamedChildren() {
		if a.Is(ListSplat, DictionarySplat) {
			return true
		}
	}
	return false
}

// notFrames is the methods and attributes after which a value is no frame.
var notFrames = words(`to_dict to_dicts to_list tolist to_csv to_json to_parquet to_sql to_excel to_markdown to_string to_numpy to_pickle to_gbq
	to_feather item items height width shape columns schema dtypes dtype empty rows row iter_rows iterrows itertuples iter_slices
	write write_parquet write_csv write_json write_delta write_database save show printSchema first take isEmpty is_empty foreach
	foreachPartition keys values memory_usage info plot hist explain estimated_size index name size ndim sink_parquet sink_csv
	collect_schema n_unique nunique equals writeTo writeStream createOrReplaceTempView createTempView createOrReplaceGlobalTempView
	isStreaming storageLevel sparkSession na stat`)

// reducing is the methods that make one value of a column.
var reducing = words(`sum mean min max std var median count any all nunique quantile first last iat at len`)

func words(text string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		out[w] = true
	}
	return out
}

func (s *frameSearch) attribute(n parsers.Node) Frame {
	object, name := s.of(n.Field(Object)), n.Field(AttributeField).Text()
	switch {
	case object == (Frame{}):
		return s.session(n)
	case object.Shape == Session && (name == "read" || name == "readStream"):
		return Frame{SparkFrame, Reader}
	case object.Kind == SparkFrame && name == "rdd":
		return Frame{SparkFrame, RDD}
	case object.Kind == PandasFrame && (name == "loc" || name == "iloc"):
		return Frame{PandasFrame, AnyShape}
	case object.Kind == PandasFrame && (name == "T" || name == "str" || name == "dt"):
		return object
	case object.Kind == PolarsFrame && (name == "str" || name == "dt" || name == "list") && object.Shape == Column:
		return object
	}
	return Frame{}
}

func (s *frameSearch) subscript(n parsers.Node) Frame {
	object := s.of(n.Field(Value))
	if object == (Frame{}) || object.Shape == Session || object.Shape == Reader || object.Shape == RDD {
		return Frame{}
	}
	key := n.Field(SubscriptField)
	switch {
	case object.Shape == Grouped, object.Shape == Column:
		return object
	case object.Kind == SparkFrame:
		if key.Is(List) {
			return object
		}
		return Frame{SparkFrame, Column}
	case key.Is(String) && n.Field(Value).Is(Attribute) && n.Field(Value).Field(AttributeField).Text() == "loc":
		return Frame{object.Kind, AnyShape}
	case key.Is(String):
		return Frame{object.Kind, Column}
	case key.Is(List), key.Is(ComparisonOperator), key.Is(UnaryOperator), key.Is(Slice):
		return object
	}
	return Frame{object.Kind, AnyShape}
}

func (s *frameSearch) call(n parsers.Node) Frame {
	fn := n.Field(Function)
	if path := s.names.Resolve(fn); path != "" {
		return s.made(n, path)
	}
	if fn.Is(Identifier) {
		for _, b := range s.names.Lookup(fn) {
			if b.Definition.Is(FunctionDefinition) {
				return s.annotation(b.Definition.Field(ReturnType))
			}
		}
		return Frame{}
	}
	if !fn.Is(Attribute) {
		return Frame{}
	}
	name := fn.Field(AttributeField).Text()
	switch name {
	case "toPandas", "to_pandas", "fetchdf", "fetch_df", "fetch_pandas_all", "to_pandas_df":
		return Frame{PandasFrame, Table}
	case "to_polars":
		return Frame{PolarsFrame, Table}
	case "getOrCreate":
		if sparkBuilder(s.names, fn) {
			return Frame{SparkFrame, Session}
		}
	}
	return s.method(n, s.of(fn.Field(Object)), name)
}

// sparkBuilder reports whether a chain of calls begins at SparkSession.builder.
func sparkBuilder(names *ImportTable, n parsers.Node) bool {
	for range maxAttributes {
		switch n.Kind() {
		case Attribute:
			if strings.HasSuffix(names.Resolve(n), "SparkSession.builder") {
				return true
			}
			n = n.Field(Object)
		case Call:
			n = n.Field(Function)
		case ParenthesizedExpression:
			n = n.FirstNamed()
		default:
			return false
		}
	}
	return false
}

// made is what a function of a library gives.
func (s *frameSearch) made(n parsers.Node, path string) Frame {
	root, _, _ := strings.Cut(path, ".")
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch root {
	case "pandas", "geopandas":
		switch {
		case !KeywordOf(n, "chunksize").IsNil() || !KeywordOf(n, "iterator").IsNil():
			return Frame{}
		case strings.HasPrefix(last, "read_"), last == "DataFrame", last == "GeoDataFrame", strings.HasPrefix(last, "merge"), last == "json_normalize",
			last == "pivot_table", last == "melt", last == "crosstab", strings.HasPrefix(path, "pandas.DataFrame.from_"):
			return Frame{PandasFrame, Table}
		case last == "concat":
			return Frame{PandasFrame, AnyShape}
		case last == "Series", last == "cut", last == "qcut":
			return Frame{PandasFrame, Column}
		case last == "to_numeric", last == "to_datetime", last == "to_timedelta":
			return s.of(PositionalOf(n, 0))
		}
	case "polars":
		switch {
		case strings.HasPrefix(last, "scan_"), last == "LazyFrame":
			return Frame{PolarsLazy, Table}
		case strings.HasPrefix(last, "read_"), last == "DataFrame", strings.HasPrefix(last, "from_"):
			return Frame{PolarsFrame, Table}
		case last == "col", last == "Series", last == "when", last == "lit", last == "struct", last == "concat_str":
			return Frame{PolarsFrame, Column}
		case last == "concat":
			if list := PositionalOf(n, 0); list.Is(List) {
				return s.of(list.FirstNamed())
			}
		}
	case "narwhals":
		switch {
		case last == "from_native", strings.HasPrefix(last, "read_"), strings.HasPrefix(last, "scan_"):
			return Frame{NarwhalsFrame, Table}
		case last == "col", last == "when", last == "lit":
			return Frame{NarwhalsFrame, Column}
		}
	case "dask":
		if strings.HasPrefix(last, "read_") || last == "from_pandas" {
			return Frame{DaskFrame, Table}
		}
	case "pyspark":
		switch {
		case strings.HasPrefix(path, "pyspark.sql.functions."):
			return Frame{SparkFrame, Column}
		case strings.HasSuffix(path, "SparkSession.getActiveSession"), strings.HasSuffix(path, "SparkSession.active"):
			return Frame{SparkFrame, Session}
		case sparkBuilder(s.names, n.Field(Function)) && last == "getOrCreate":
			return Frame{SparkFrame, Session}
		}
	}
	return Frame{}
}

// method is what a method of a frame gives.
func (s *frameSearch) method(n parsers.Node, object Frame, name string) Frame {
	if object == (Frame{}) || notFrames[name] {
		return Frame{}
	}
	switch object.Shape {
	case Session:
		if name == "table" || name == "sql" || name == "createDataFrame" || name == "range" {
			return Frame{SparkFrame, Table}
		}
		return Frame{}
	case Reader:
		switch name {
		case "option", "options", "format", "schema":
			return object
		case "csv", "json", "parquet", "orc", "text", "load", "table", "jdbc", "delta", "xml":
			return Frame{SparkFrame, Table}
		}
		return Frame{}
	case RDD:
		if name == "toDF" {
			return Frame{SparkFrame, Table}
		}
		if name == "collect" || name == "count" || name == "take" {
			return Frame{}
		}
		return object
	case Column:
		switch {
		case reducing[name] && object.Kind == PandasFrame:
			return Frame{}
		case name == "to_frame" || name == "reset_index":
			return Frame{object.Kind, Table}
		}
		return object
	case Grouped:
		switch name {
		case "rolling", "resample", "expanding":
			return object
		}
		return Frame{object.Kind, AnyShape}
	}
	switch name {
	case "groupby", "group_by", "groupBy", "rolling", "resample", "group_by_dynamic", "rollup", "cube":
		return Frame{object.Kind, Grouped}
	case "lazy":
		return Frame{PolarsLazy, Table}
	case "collect":
		if object.Kind == PolarsLazy {
			return Frame{PolarsFrame, Table}
		}
		if object.Kind != NarwhalsFrame {
			return Frame{}
		}
	case "compute":
		if object.Kind == DaskFrame {
			return Frame{PandasFrame, Table}
		}
	case "to_series", "get_column", "squeeze", "apply", "sum", "mean", "min", "max", "std", "isna", "isnull", "any", "all", "nunique":
		return Frame{object.Kind, AnyShape}
	case "count", "pop", "get", "pipe", "transform":
		return Frame{}
	case "to_native", "toLocalIterator", "head", "tail":
		if object.Kind == NarwhalsFrame && name == "to_native" || object.Kind == SparkFrame {
			return Frame{}
		}
	}
	return object
}
