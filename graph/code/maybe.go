package code

import (
	"slices"
	"strings"

	"delint/graph"
)

// frameworkNames is methods that frameworks call: they are resolved by their class, never by the name alone.
var frameworkNames = set("execute poke run transform execute_complete")

// maybe marks the functions that no test reaches for sure but that one may reach.
func (l *linker) maybe(reached map[*graph.Function]int) {
	e := l.evidence(reached)
	for _, m := range l.code.Modules {
		if m.Role == graph.RoleTest {
			continue
		}
		for _, f := range m.Functions[1:] {
			if far(f) {
				if f.Maybe = e.of(f); f.Maybe == "" {
					f.Maybe = l.dispatched(e, f)
				}
			}
		}
	}
	l.spread()
}

// maxNamesakes is how many functions may share a name for a call by that name alone to say something of what they call.
// Methods that override one another are one.
const maxNamesakes, maxCommon = 8, 3

// spread makes what a function calls that a test may reach reachable in the same way, and what overrides it; not what one of
// many namesakes calls.
func (l *linker) spread() {
	namesakes := map[string]int{}
	for _, m := range l.code.Modules {
		for _, f := range m.Functions {
			if name := lastPart(f.Name); f.Class == nil || !slices.ContainsFunc(ancestry(f.Class)[1:], func(c *graph.Class) bool { return c.Methods[name] != nil }) {
				namesakes[name]++
			}
		}
	}
	var queue []*graph.Function
	for _, m := range l.code.Modules {
		for _, f := range m.Functions {
			name, limit := lastPart(f.Name), maxNamesakes
			if commonNames[name] {
				limit = maxCommon
			}
			if f.Maybe != "" && (!strings.HasPrefix(f.Maybe, byName) || namesakes[name] <= limit) {
				queue = append(queue, f)
			}
		}
	}
	mark := func(f *graph.Function, why string) {
		if far(f) && f.Maybe == "" && f.Module.Role != graph.RoleTest {
			f.Maybe = why
			queue = append(queue, f)
		}
	}
	for i := 0; i < len(queue); i++ {
		f := queue[i]
		for _, e := range f.Calls {
			mark(e.To, "something that a test may reach calls it")
		}
		for _, n := range l.inner(f) {
			mark(n, "something that a test may reach makes it")
		}
		if f.Class != nil {
			for _, o := range l.overrides(f.Class, lastPart(f.Name)) {
				mark(o, "it overrides what a test may reach")
			}
		}
	}
}

func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// evidence is what the code that tests reach does with things that could not be resolved.
type evidence struct {
	loose   map[string]bool
	reads   map[string]bool
	classes map[*graph.Class]bool
	modules map[*graph.Module]bool // taken by an import or a path that only a run knows
	imports map[*graph.Module]bool // imported by a module that tests stand in or reach
	assets  map[*graph.Module]bool // of these modules' assets a selection is executed that is not written out
	tasks   bool                   // runs tasks of a DAG
	dagbag  bool
	dags    bool // runs whole DAGs
	web     bool // sends requests to an application
	cli     bool // runs a command line
	// loaded is the folders of the packages and the modules that run when tests are imported.
	loaded map[string]bool
	// folders is the folders of the repository that tests name.
	folders []string
	// dagFiles remembers which modules make a DAG.
	dagFiles map[*graph.Module]bool
	// registered is the functions that stand, not called, in a value at the top of a module that tests reach: a registry,
	// the validator of an annotated type.
	registered map[*graph.Function]bool
	missing    map[string]bool // names that tests import from modules of the repository that are not there
	plugins    map[string]bool // top folders of packages that load modules by themselves
}

// executed marks the modules whose assets a test may execute that stands in a module: all that it imports, directly or not;
// where one of them loads a folder, everything.
func (l *linker) executed(test *graph.Module, e *evidence) {
	queue := []*graph.Module{test}
	for len(queue) > 0 {
		m := queue[0]
		queue = queue[1:]
		if e.assets[m] {
			continue
		}
		e.assets[m] = true
		queue = append(queue, m.Imported...)
		for _, f := range m.Functions {
			if slices.ContainsFunc(f.FunctionFact.Uses, func(p string) bool {
				name := strings.TrimSuffix(p, "()")
				return loadsDefinitions[name[strings.LastIndexByte(name, '.')+1:]]
			}) {
				queue = append(queue, l.code.Modules...)
			}
		}
	}
}

// byName begins the reasons that rest on a name alone.
const byName = "a test calls ."

// of is why a test may reach a function; empty if nothing says so.
func (e *evidence) of(f *graph.Function) string {
	name := f.Name[strings.LastIndexByte(f.Name, '.')+1:]
	switch {
	case e.modules[f.Module]:
		return "a test loads its module by a name that only a run knows"
	case frameworkNames[name]:
		if e.loose[name] && (f.Class != nil && e.classes[f.Class] || f.Class == nil && e.imports[f.Module] || e.dagbag) {
			return byName + name + "() on a value that could not be resolved"
		}
	case strings.HasPrefix(name, "__"):
	case e.loose[name] || f.Property && e.reads[name]:
		return byName + name + "() on a value that could not be resolved"
	}
	switch {
	case e.missing[name]:
		return "a test imports " + name + " from a module that could not be found"
	case e.assets[f.Module] && strings.HasPrefix(f.Kind, "dagster-"):
		return "a test executes assets that it does not name"
	case e.tasks && strings.HasPrefix(f.Kind, "airflow-"):
		return "a test runs the tasks of a DAG"
	case f.Kind == "airflow-task" && (e.loose["python_callable"] || e.loose["function"]):
		return "a test calls the function of a task that could not be resolved"
	case slices.ContainsFunc(f.Decorators, func(d graph.DecoratorFact) bool {
		return strings.Contains(d.Path[strings.LastIndexByte(d.Path, '.')+1:], "register")
	}):
		return "it is registered and called through a registry"
	case f.Kind == "" && e.registered[f]:
		return "a variable of a module that tests import holds it"
	case f.Class != nil && e.classes[f.Class] && f.Kind == "" && hooks(f.Class):
		return "a framework may call it on an instance that a test makes"
	}
	return ""
}

// hooks reports whether a class has a base, not of this repository, that may call its methods.
func hooks(c *graph.Class) bool {
	for _, a := range ancestry(c) {
		for _, b := range a.External {
			if !passive[b[strings.LastIndexByte(b, '.')+1:]] {
				return true
			}
		}
	}
	return false
}

// passive is bases that hold data and call nothing.
var passive = set(`BaseModel Enum IntEnum StrEnum str int dict list tuple Exception ValueError RuntimeError NamedTuple TypedDict object
	BaseSettings SQLModel Protocol Generic ABC Base DeclarativeBase LoggingMixin BaseHook`)
