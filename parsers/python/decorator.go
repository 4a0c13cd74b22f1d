package python

import (
	"iter"
	"strings"

	"delint/parsers"
)

// Decorators ranges over the decorators of a function or class, from the top.
func (d Def) Decorators() iter.Seq[parsers.Node] {
	return func(yield func(parsers.Node) bool) {
		if !d.Body.Is(DecoratedDefinition) {
			return
		}
		for c := range d.Body.Children() {
			if c.Is(Decorator) && !yield(c) {
				return
			}
		}
	}
}

// DecoratorPath is a decorator with what it resolves to.
type DecoratorPath struct {
	Node parsers.Node // the decorator
	Path string       // dotted path without the call: "dagster.asset"; the text as written where it resolves to nothing
	Call parsers.Node // the call, if the decorator is one
}

// DecoratorPaths is the decorators of a definition with their dotted paths, from the top. Of "@x.with_options(…)" and of
// "@x(…)(…)" the path is x's.
func DecoratorPaths(f *parsers.File, d Def) []DecoratorPath {
	var out []DecoratorPath
	names := Imports(f)
	for dec := range d.Decorators() {
		e := dec.FirstNamed()
		var call parsers.Node
		for e.Is(Call) {
			call = e
			e = e.Field(Function)
			if e.Is(Attribute) && e.Field(AttributeField).Text() == "with_options" {
				e = e.Field(Object)
			}
		}
		path := names.Resolve(e)
		if path == "" {
			path = names.derived(e)
		}
		if path == "" {
			path = names.imported(e)
		}
		if path == "" {
			path = e.Text()
		}
		out = append(out, DecoratorPath{dec, path, call})
	}
	return out
}

// imported resolves a name that an import binds before its use and other things only after it: @dag above "dag = flow()".
func (t *ImportTable) imported(n parsers.Node) string {
	if !n.Is(Identifier) {
		return ""
	}
	path := ""
	for _, b := range t.Lookup(n) {
		switch before := b.Node.Start() < n.Start(); {
		case before && b.Import != nil:
			path = b.Import.Target()
		case before:
			return ""
		}
	}
	return path
}

// derived resolves a name that is bound once to a call of something: fast_task = task.with_options(…), my_task = task(…).
func (t *ImportTable) derived(n parsers.Node) string {
	value := t.constant(n)
	if !value.Is(Call) {
		return ""
	}
	fn := value.Field(Function)
	if fn.Is(Attribute) && fn.Field(AttributeField).Text() == "with_options" {
		fn = fn.Field(Object)
	} else if path := t.Resolve(fn); strings.HasSuffix(path, "functools.partial") {
		fn = value.Field(Arguments).FirstNamed()
	}
	return t.Resolve(fn)
}

// decoratorKind is the kind of unit that a decorator makes of its function; empty if none.
func decoratorKind(path string) (kind UnitKind, delegates bool) {
	root, _, _ := strings.Cut(path, ".")
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case root == "dagster":
		return dagsterKinds[last], false
	case delegatingAssets[last] && strings.HasPrefix(root, "dagster_"):
		return DagsterAsset, true
	case root == "airflow":
		return airflowKind(path, last), false
	case root == "prefect":
		return prefectKinds[last], false
	case root == "sqlmesh":
		return sqlmeshKinds[last], false
	case strings.HasPrefix(path, "pyspark.sql.functions."), strings.HasPrefix(path, "pyspark.sql.pandas.functions."):
		if last == "udf" || last == "pandas_udf" || last == "udtf" {
			return SparkUDF, false
		}
	case strings.HasPrefix(path, "pyspark.pipelines."), root == "dlt":
		if sparkTables[last] && path != "dlt.source" {
			return SparkTable, false
		}
	}
	return "", false
}

func airflowKind(path, last string) UnitKind {
	for _, module := range []string{"airflow.decorators.", "airflow.sdk.", "airflow.sdk.definitions.decorators."} {
		rest, ok := strings.CutPrefix(path, module)
		if !ok {
			continue
		}
		switch {
		case rest == "task" || strings.HasPrefix(rest, "task."):
			return AirflowTask
		case rest == "asset" || strings.HasPrefix(rest, "asset.") || rest == "asset_multi":
			return AirflowTask
		case last == "dag" || last == "task_group":
			return AirflowDag
		}
	}
	if last == "dag" && (path == "airflow.models.dag.dag" || path == "airflow.dag") {
		return AirflowDag
	}
	return ""
}

var dagsterKinds = map[string]UnitKind{
	"asset": DagsterAsset, "multi_asset": DagsterAsset, "observable_source_asset": DagsterAsset,
	"graph_asset": DagsterJob, "graph_multi_asset": DagsterJob, "graph": DagsterJob, "job": DagsterJob,
	"op": DagsterOp, "asset_check": DagsterCheck, "multi_asset_check": DagsterCheck,
	"sensor": DagsterSensor, "asset_sensor": DagsterSensor, "multi_asset_sensor": DagsterSensor,
	"run_failure_sensor": DagsterSensor, "run_status_sensor": DagsterSensor, "schedule": DagsterSensor,
}

var delegatingAssets = map[string]bool{"dbt_assets": true, "dlt_assets": true, "sling_assets": true}

var prefectKinds = map[string]UnitKind{"task": PrefectTask, "materialize": PrefectTask, "flow": PrefectFlow}

var sqlmeshKinds = map[string]UnitKind{"model": SQLMeshModel, "macro": SQLMeshMacro, "signal": SQLMeshMacro}

var sparkTables = map[string]bool{
	"table": true, "view": true, "materialized_view": true, "temporary_view": true, "append_flow": true,
}
