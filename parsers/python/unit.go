package python

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"delint/parsers"
)

// UnitKind is what an orchestrator calls a function or class.
type UnitKind string

// The kinds of pipeline units that one module shows.
const (
	DagsterAsset     UnitKind = "dagster-asset"
	DagsterOp        UnitKind = "dagster-op"
	DagsterJob       UnitKind = "dagster-job" // job, graph, graph_asset: composes, runs nothing itself
	DagsterCheck     UnitKind = "dagster-check"
	DagsterSensor    UnitKind = "dagster-sensor" // sensors and schedules
	DagsterComponent UnitKind = "dagster-component"
	DagsterIO        UnitKind = "dagster-io-manager"
	AirflowTask      UnitKind = "airflow-task"
	AirflowOperator  UnitKind = "airflow-operator" // execute, poke, execute_complete of an operator or sensor
	AirflowDag       UnitKind = "airflow-dag"      // a @dag function or a @task_group
	PrefectTask      UnitKind = "prefect-task"
	PrefectFlow      UnitKind = "prefect-flow"
	SQLMeshModel     UnitKind = "sqlmesh-model"
	SQLMeshMacro     UnitKind = "sqlmesh-macro"
	DbtModel         UnitKind = "dbt-python-model"
	SparkUDF         UnitKind = "spark-udf"
	SparkTable       UnitKind = "spark-declarative"
	KedroNode        UnitKind = "kedro-node"
)

// Composes reports whether a unit of the kind only arranges other units: it is planned, not run on data.
func (k UnitKind) Composes() bool {
	switch k {
	case DagsterJob, DagsterSensor, DagsterComponent, AirflowDag, PrefectFlow:
		return true
	}
	return false
}

// Unit is one pipeline unit: a function or method that an orchestrator runs.
type Unit struct {
	Kind UnitKind
	Def  Def
	// Evidence is what shows it: the decorator, the python_callable argument, the class's base.
	Evidence parsers.Node
	// Delegates says that the work is done by another tool: dbt_assets, dlt_assets, sling_assets.
	Delegates bool
}

// UnitReference hands a function that another module defines to an orchestrator: python_callable=clean.
type UnitReference struct {
	Kind   UnitKind
	Target string // dotted path, as Resolve gives it
	Node   parsers.Node
}

type unitsKey struct{}

type units struct {
	found      []Unit
	references []UnitReference
}

// Units is every pipeline unit that a module defines, in the order of the text; one entry a function.
func Units(f *parsers.File) []Unit { return unitsOf(f).found }

// UnitReferences is every function from elsewhere that the module hands to an orchestrator.
func UnitReferences(f *parsers.File) []UnitReference { return unitsOf(f).references }

// UnitOf is the unit that a function_definition is; false if it is none.
func UnitOf(f *parsers.File, function parsers.Node) (Unit, bool) {
	found := unitsOf(f).found
	i, ok := slices.BinarySearchFunc(found, function.Index(), func(u Unit, at int) int { return cmp.Compare(u.Def.Node.Index(), at) })
	if !ok {
		return Unit{}, false
	}
	return found[i], true
}

func unitsOf(f *parsers.File) *units {
	return parsers.Memo(f, unitsKey{}, func() *units {
		s := &unitSearch{f: f, names: Imports(f), seen: map[int]bool{}}
		if f.Tree != nil && f.Tree.Grammar == Grammar && mayHoldUnits(f) {
			for _, d := range Definitions(f) {
				s.definition(d)
			}
			s.arguments()
		}
		slices.SortFunc(s.found, func(a, b Unit) int { return cmp.Compare(a.Def.Node.Index(), b.Def.Node.Index()) })
		return &s.units
	})
}

// mayHoldUnits is a cheap look before the search: a unit needs an import or, in dbt, the name of its function.
func mayHoldUnits(f *parsers.File) bool {
	if len(Imports(f).Imports) > 0 {
		return true
	}
	return bytes.Contains(f.Text, []byte("def model("))
}

type unitSearch struct {
	units
	f     *parsers.File
	names *ImportTable
	seen  map[int]bool
}

func (s *unitSearch) add(kind UnitKind, d Def, evidence parsers.Node, delegates bool) {
	if d.Kind == "function" && !s.seen[d.Node.Index()] {
		s.seen[d.Node.Index()] = true
		s.found = append(s.found, Unit{kind, d, evidence, delegates})
	}
}

func (s *unitSearch) definition(d Def) {
	if d.Kind == "class" {
		return
	}
	for _, path := range DecoratorPaths(s.f, d) {
		if kind, delegates := decoratorKind(path.Path); kind != "" {
			s.add(kind, d, path.Node, delegates)
			return
		}
	}
	name := d.Node.Field(Name).Text()
	if kind, ok := lifecycle[name]; ok {
		if class := d.Body.Parent().Parent(); class.Is(ClassDefinition) {
			if base := s.base(class, kind, maxAliases); !base.IsNil() {
				s.add(kind.kind, d, base, false)
			}
		}
		return
	}
	if name == "model" && d.Name == "model" && isDbtModel(s.f, d) {
		s.add(DbtModel, d, d.Node.Field(Name), false)
	}
}

// lifecycle is the methods that a framework calls, with the endings of the bases that make them units.
var lifecycle = map[string]struct {
	kind     UnitKind
	suffixes []string
}{
	"execute":          {AirflowOperator, []string{"Operator", "Sensor"}},
	"poke":             {AirflowOperator, []string{"Operator", "Sensor"}},
	"execute_complete": {AirflowOperator, []string{"Operator", "Sensor"}},
	"build_defs":       {DagsterComponent, []string{"Component"}},
	"load_input":       {DagsterIO, []string{"IOManager"}},
	"handle_output":    {DagsterIO, []string{"IOManager"}},
}

// base is the base of a class that makes it an operator, sensor, component or I/O manager; classes of the module between
// are followed.
func (s *unitSearch) base(class parsers.Node, want struct {
	kind     UnitKind
	suffixes []string
}, depth int) parsers.Node {
	for b := range class.Field(Superclasses).NamedChildren() {
		name := b
		if b.Is(Subscript) {
			name = b.Field(Value)
		}
		path := s.names.Resolve(name)
		for _, suffix := range want.suffixes {
			if strings.HasSuffix(path, suffix) {
				return b
			}
		}
		if path == "" && name.Is(Identifier) && depth > 0 {
			for _, found := range s.names.Lookup(name) {
				if found.Definition.Is(ClassDefinition) && found.Definition != class && !s.base(found.Definition, want, depth-1).IsNil() {
					return b
				}
			}
		}
	}
	return parsers.Node{}
}

// isDbtModel reports whether a function is dbt's: def model(dbt, session) in a folder that dbt reads models from.
func isDbtModel(f *parsers.File, d Def) bool {
	var names []string
	for p := range d.Node.Field(ParametersField).NamedChildren() {
		if p.Is(TypedParameter) {
			p = p.FirstNamed()
		}
		names = append(names, p.Text())
	}
	return len(names) == 2 && names[0] == "dbt" && strings.Contains("/"+f.Path, "/models/")
}

// arguments finds functions handed over by name: python_callable=f, udf(f), node(func=f).
func (s *unitSearch) arguments() {
	for kw := range s.f.Tree.All(KeywordArgument) {
		call := kw.Parent().Parent()
		switch kw.Field(Name).Text() {
		case "python_callable":
			s.handed(AirflowTask, kw.Field(Value))
		case "func":
			if strings.HasPrefix(s.names.Resolve(call.Field(Function)), "kedro.pipeline.") {
				s.handed(KedroNode, kw.Field(Value))
			}
		}
	}
	for call := range s.f.Tree.All(Call) {
		fn := call.Field(Function)
		if name := lastName(fn); name != "udf" && name != "pandas_udf" && name != "node" {
			continue
		}
		first := call.Field(Arguments).FirstNamed()
		switch path := s.names.Resolve(fn); {
		case path == "kedro.pipeline.node":
			s.handed(KedroNode, first)
		case strings.HasPrefix(path, "pyspark.sql.functions."):
			s.handed(SparkUDF, first)
		}
	}
}

func (s *unitSearch) handed(kind UnitKind, value parsers.Node) {
	switch value.Kind() {
	case Identifier:
		for _, b := range s.names.Lookup(value) {
			if b.Definition.Is(FunctionDefinition) {
				s.add(kind, s.def(b.Definition), value, false)
			}
		}
	case Call: // functools.partial(f, …)
		if strings.HasSuffix(s.names.Resolve(value.Field(Function)), "partial") {
			s.handed(kind, value.Field(Arguments).FirstNamed())
		}
		return
	}
	if path := s.names.Resolve(value); path != "" && !strings.HasPrefix(path, "builtins.") {
		s.references = append(s.references, UnitReference{kind, path, value})
	}
}

func (s *unitSearch) def(function parsers.Node) Def {
	defs := Definitions(s.f)
	i, _ := slices.BinarySearchFunc(defs, function.Index(), func(d Def, at int) int { return cmp.Compare(d.Node.Index(), at) })
	return defs[i]
}

func lastName(n parsers.Node) string {
	if n.Is(Attribute) {
		n = n.Field(AttributeField)
	}
	return n.Text()
}
