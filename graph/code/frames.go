package code

import "strings"

// frameRoots is the libraries of data frames, by the first part of their import path.
var frameRoots = map[string]bool{
	"pandas": true, "polars": true, "narwhals": true, "pyspark": true, "pyarrow": true, "dask": true, "modin": true, "cudf": true,
	"geopandas": true, "ibis": true, "duckdb": true, "pandera": true, "patito": true, "dataframely": true, "databricks": true,
	"snowflake": true, "bigframes": true, "awswrangler": true,
}

// isFrameType reports whether a dotted path names a type of data frames, their columns or expressions.
func isFrameType(path string) bool {
	root, _, _ := strings.Cut(path, ".")
	if !frameRoots[root] {
		return false
	}
	switch last := path[strings.LastIndexByte(path, '.')+1:]; last {
	case "DataFrame", "LazyFrame", "GeoDataFrame":
		return true
	case "Series", "GeoSeries":
		return root != "pyspark" || strings.Contains(path, "pandas")
	case "Expr":
		return root == "polars" || root == "narwhals" || root == "ibis"
	case "Column":
		return root == "pyspark" || root == "snowflake"
	case "Table":
		return root == "pyarrow" || root == "ibis"
	case "RecordBatch":
		return root == "pyarrow"
	case "DuckDBPyRelation":
		return root == "duckdb"
	default:
		return root == "narwhals" && (strings.HasSuffix(last, "Frame") || strings.HasSuffix(last, "FrameT"))
	}
}

// makesFrame reports whether a call of a dotted path gives a frame or an expression on one.
func makesFrame(path string) bool {
	root, rest, _ := strings.Cut(path, ".")
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch root {
	case "pandas", "geopandas", "cudf", "modin", "dask", "bigframes", "awswrangler":
		return strings.HasPrefix(last, "read_") || isFrameType(path) || strong[last] || last == "concat" || last == "from_pandas" ||
			last == "cut" || last == "qcut" || last == "to_datetime" || last == "to_numeric" || last == "crosstab" || last == "get_dummies"
	case "polars", "narwhals":
		return strings.Contains("read_ scan_ from_", firstPart(last)) || isFrameType(path) || last == "col" || last == "when" ||
			last == "lit" || last == "concat" || last == "struct" || last == "concat_str" || last == "coalesce" || last == "all"
	case "pyspark":
		return strings.HasPrefix(rest, "sql.functions.")
	case "duckdb":
		return last == "sql" || last == "query" || last == "from_df" || last == "table"
	case "ibis":
		return last == "table" || last == "memtable"
	}
	return false
}

// firstPart is "read_" of "read_csv"; something that no list holds for a name without underscore.
func firstPart(name string) string {
	if i := strings.IndexByte(name, '_'); i >= 0 {
		return name[:i+1]
	}
	return "\x00"
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// strong is the methods that no other library than one of data frames is likely to have.
var strong = set(`groupby group_by groupBy merge merge_asof merge_ordered withColumn withColumns with_columns withColumnRenamed agg
	pivot melt unpivot explode fillna fill_null fill_nan dropna drop_nulls drop_duplicates dropDuplicates assign astype sort_values orderBy
	unionByName unionAll resample rolling pivot_table json_normalize set_index reset_index wide_to_long join_asof
	group_by_dynamic nlargest nsmallest cumsum cum_sum shift diff rank ffill bfill interpolate stack unstack combine_first
	selectExpr crossJoin applyInPandas mapInPandas iterrows itertuples applymap`)

// wide is what counts besides on a value that is surely a frame.
var wide = set(`select filter where join concat union distinct unique cast rename sort replace query apply map map_elements map_batches
	map_rows mapPartitions over isin is_in between contains otherwise when then explode_outer clip
	intersect subtract exceptAll hstack vstack union_all select_seq duplicated value_counts isna notna isnull notnull
	transform is_null is_not_null isNull isNotNull quantile mean sum min max std`)

// scalar is the methods after which a value is no frame any more.
var scalar = set(`to_dict to_dicts to_list tolist to_csv to_json to_parquet to_sql to_numpy item count height width shape columns schema dtypes empty rows iter_rows write write_parquet write_csv save show printSchema
	first take isEmpty is_empty len`)

// turnsFrame is the methods whose result is a frame whatever they are called on.
var turnsFrame = set(`toPandas to_pandas to_polars to_arrow createDataFrame fetch_pandas_all fetchdf fetch_df to_dataframe get_pandas_df
	read_sql read_parquet read_csv read_json`)

// external is the calls by which a unit hands its work to another system.
var external = set(`DbtCliResource SlingResource replicate submit_job run_job run_dbt_job start_query_execution run_task submit_spark_job
	run_sync_and_poll sync_and_poll KubernetesPodOperator execute_k8s_job submit_run run_now start_job_run add_job_flow_steps
	run_notebook trigger_dag_run`)
