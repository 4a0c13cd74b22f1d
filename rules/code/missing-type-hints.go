package code

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// MissingTypeHints reports public functions and pipeline units whose parameters or returned value have no type hint: one
// finding a function. Variadic parameters, double-underscore methods and "-> None" are not asked for.
var MissingTypeHints = rules.Python(rules.Rule{
	Name:      "missing-type-hints",
	Severity:  rules.Medium,
	Class:     rules.Maintainability,
	Topic:     "best-practices/code-quality",
	Sentence:  "Use type hints and static analysis (mypy for Python)",
	Collapsed: func(n int) string { return fmt.Sprintf("untyped module: %d functions lack type hints", n) },
}, func(pass *rules.Pass, _ *python.Tree) {
	f := pass.File
	switch pass.Role {
	case graph.RoleSource, graph.RoleStub:
	default:
		return
	}
	if path.Base(f.Path) == "conf.py" || f.Tree.Grammar != python.Grammar || !strings.HasPrefix(path.Ext(f.Path), ".py") {
		return
	}
	overloaded := map[string]bool{}
	for _, d := range python.Definitions(f) {
		stub := d.Kind == "function" && d.Decorated(f, "overload")
		if d.Kind == "function" && !d.Node.InError() && (stub || !overloaded[d.Name]) {
			untypedFunction(pass, d, stub)
		}
		overloaded[d.Name] = stub || overloaded[d.Name]
	}
})

func untypedFunction(pass *rules.Pass, d python.Def, overload bool) {
	f := pass.File
	unit, isUnit := python.UnitOf(f, d.Node)
	if !isUnit && !isPublic(f, d) || d.Decorated(f, "no_type_check") || d.Decorated(f, "override") {
		return
	}
	head := python.SignatureOf(f, d)
	missing, typed := untypedParameters(f, unit, head)
	name := d.Node.Field(python.Name)
	parameters := len(missing) > 0
	returns := head.Return.IsNil() && !head.Comment && unit.Kind != python.AirflowDag && (overload || python.ReturnsValue(d.Node)) &&
		!python.Waives(f, name, "ANN201", "ANN202", "ANN205", "ANN206")
	if len(missing) > mostNamed {
		missing = append(missing[:mostNamed-1], fmt.Sprintf("%d more", len(missing)-mostNamed+1))
	}
	if returns {
		missing = append(missing, "the returned value")
	}
	if len(missing) == 0 {
		return
	}
	what := ""
	if isUnit {
		what = string(unit.Kind) + " "
	}
	finding := pass.Report(rules.Bytes{From: d.Node.Start(), To: name.End()}, "%s`%s` has no type hint for %s", what, d.Name, enumerate(missing))
	if !isUnit && !python.TakesOrReturnsFrame(f, d, head) {
		finding.Severity = rules.Low
	}
	finding.Key = d.Name
	finding.Collapse = "module"
	finding.Defer = []string{"stub:pyi", "mypy:disallow_untyped_defs"}
	if !python.Blanket(f, name) {
		finding.Defer = append(finding.Defer, "ruff:ANN001+ANN201", "ruff:ANN001+ANN202")
	}
	if typed || !head.Return.IsNil() {
		finding.Defer = append(finding.Defer, "mypy:disallow_incomplete_defs")
	}
	if parameters {
		finding.Defer = append(finding.Defer, "pyright:reportMissingParameterType")
	}
}

// isPublic reports whether a function that is no unit belongs to the module's surface: at module or class level, with no
// private name around it.
func isPublic(f *parsers.File, d python.Def) bool {
	for _, segment := range strings.Split(strings.TrimSuffix(f.Path, path.Ext(f.Path)), "/") {
		if strings.HasPrefix(segment, "_") && !strings.HasPrefix(segment, "__") {
			return false
		}
	}
	for _, part := range strings.Split(d.Name, ".") {
		if strings.HasPrefix(part, "_") {
			return false
		}
	}
	return d.Node.Ancestor(python.FunctionDefinition, python.Lambda).IsNil()
}

// untypedParameters names the parameters that need a hint and have none, and says whether another has one.
func untypedParameters(f *parsers.File, unit python.Unit, head python.Signature) (missing []string, typed bool) {
	for i, p := range head.Parameters {
		switch {
		case !p.Type.IsNil() || p.Comment || head.Comment:
			typed = true
		case i == 0 && head.Receiver, p.Star != "", strings.HasPrefix(p.Name, "_"),
			slices.Contains(injected[unit.Kind], p.Name), python.Waives(f, p.Node, "ANN001"):
		default:
			missing = append(missing, "`"+p.Name+"`")
		}
	}
	return missing, typed
}

// injected is the parameters that an orchestrator fills in by their names.
var injected = func() map[python.UnitKind][]string {
	airflow := strings.Fields(`context ti task_instance dag_run ds ds_nodash ts ts_nodash ts_nodash_with_tz logical_date execution_date
		data_interval_start data_interval_end next_ds prev_ds next_execution_date prev_execution_date yesterday_ds tomorrow_ds run_id
		task dag params var conf macros inlets outlets templates_dict test_mode inlet_events outlet_events triggering_asset_events
		triggering_dataset_events prev_data_interval_start_success prev_data_interval_end_success prev_start_date_success`)
	dagster := []string{"context"}
	return map[python.UnitKind][]string{
		python.AirflowTask: airflow, python.AirflowOperator: append([]string{"event"}, airflow...), python.AirflowDag: airflow,
		python.DagsterAsset: dagster, python.DagsterOp: dagster, python.DagsterJob: dagster, python.DagsterCheck: dagster,
		python.DagsterSensor: dagster, python.DagsterComponent: dagster, python.DagsterIO: dagster,
		python.SQLMeshModel: {"context"}, python.SQLMeshMacro: {"evaluator", "context"}, python.DbtModel: {"dbt", "session"},
	}
}()

// mostNamed is how many parameters a message names; of more it counts the rest.
const mostNamed = 4

// enumerate joins names for a message.
func enumerate(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
