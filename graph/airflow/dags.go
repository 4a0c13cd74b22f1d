package airflow

import (
	"bytes"
	"path"
	"regexp"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

// dicts reads the settings that the module may give to DAGs of other modules.
func dicts(f *parsers.File, facts *graph.Facts) {
	for key := range taskArguments {
		if bytes.Contains(f.Text, []byte(key)) {
			facts.Dicts = append(facts.Dicts, pycall.Dicts(f, taskArguments)...)
			return
		}
	}
}

// dags reads the DAGs of a module: it walks the statements as Airflow would run them, each arm of a condition and each loop
// once, and follows functions of the module.
func dags(f *parsers.File, facts *graph.Facts) {
	if !bytes.Contains(f.Text, []byte("DAG")) && !bytes.Contains(f.Text, []byte("dag")) {
		return
	}
	w := &walker{f: f, names: python.Imports(f), current: -1, decorated: map[int]python.DecoratorPath{}}
	for _, d := range python.Definitions(f) {
		if d.Kind != "function" {
			continue
		}
		for _, dec := range python.DecoratorPaths(f, d) {
			if kind := decorator(dec.Path); kind != "" {
				w.decorated[d.Node.Index()] = dec
				break
			}
		}
	}
	w.block(f.Tree.Root(), env{})
	w.uncalled()
	facts.Jobs = append(facts.Jobs, w.jobs...)
}

var taskArguments = map[string]bool{
	"owner": true, "retries": true, "retry_delay": true, "start_date": true, "depends_on_past": true, "email": true,
	"email_on_failure": true, "on_failure_callback": true, "execution_timeout": true,
}

var decoratorPath = regexp.MustCompile(`^airflow\.(?:decorators|sdk|sdk\.definitions\.decorators|models\.dag)\.(?:(dag)|(task_group)|(setup|teardown)|(task)(?:\..*)?)$`)

// decorator is "dag", "task_group" or "task" for what TaskFlow decorates with; empty for others.
func decorator(p string) string {
	m := decoratorPath.FindStringSubmatch(p)
	switch {
	case m == nil:
		return ""
	case m[1] != "":
		return "dag"
	case m[2] != "":
		return "task_group"
	}
	return "task"
}

var dagClass = regexp.MustCompile(`^airflow\.(?:.*\.)?DAG$`)

// thing is what a name stands for while the walk goes on.
type thing struct {
	tasks []int // in jobs[job]
	job   int   // the DAG; -1 for none
	dag   bool  // is the DAG itself
	group string
	grp   bool
}

type env map[string]thing

type walker struct {
	f         *parsers.File
	names     *python.ImportTable
	jobs      []graph.JobFact
	decorated map[int]python.DecoratorPath
	current   int    // the job that tasks without dag= join
	prefix    string // of the groups around
	depth     int    // of functions followed
	loops     int
	branch    int
	walked    map[int]bool // functions whose bodies were walked
	function  string
	context   *groupContext
}

type groupContext struct{ tasks []int }

const maxDepth = 4

// uncalled reads the @dag functions that no statement calls: another module may.
func (w *walker) uncalled() {
	for _, d := range python.Definitions(w.f) {
		if dec, ok := w.decorated[d.Node.Index()]; ok && decorator(dec.Path) == "dag" && !w.walked[d.Node.Index()] {
			w.dagFunction(d.Node, dec, true)
		}
	}
	for _, d := range python.Definitions(w.f) { // factories that the module itself doesn't call
		if d.Kind == "function" && !w.walked[d.Node.Index()] && w.makesDag(d.Node) {
			if _, ok := w.decorated[d.Node.Index()]; !ok {
				w.loops++
				w.follow(d.Node, parsers.Node{}, env{})
				w.loops--
			}
		}
	}
}

func (w *walker) makesDag(function parsers.Node) bool {
	for n := range function.Field(python.Body).DescendantsSkipping(python.FunctionDefinition, python.ClassDefinition) {
		if n.Is(python.Call) && w.isDag(n) {
			return true
		}
	}
	return false
}

func (w *walker) isDag(call parsers.Node) bool {
	fn := call.Field(python.Function)
	if p := w.names.Resolve(fn); p != "" {
		return dagClass.MatchString(p)
	}
	return false
}

// addDag records a DAG( … ) call.
func (w *walker) addDag(call parsers.Node) int {
	j := graph.JobFact{
		Tool: "airflow", Kind: "dag", Span: w.f.Span(call.Start(), call.Field(python.Function).End()), Function: w.function,
		Arguments: pycall.Arguments(w.f, call), Repeated: w.loops > 0,
	}
	id := pycall.Argument(call, "dag_id", 0)
	if text, ok := w.text(id); ok {
		j.Name = text
	}
	j.Defaults = pycall.Dict(w.f, pycall.Argument(call, "default_args", -1))
	w.jobs = append(w.jobs, j)
	return len(w.jobs) - 1
}

// text is the constant text of an expression; __file__ stands for the module's own name.
func (w *walker) text(n parsers.Node) (string, bool) {
	if n.IsNil() {
		return "", false
	}
	if fromFile.MatchString(strings.ReplaceAll(n.Text(), " ", "")) {
		return strings.TrimSuffix(path.Base(w.f.Path), ".py"), true
	}
	text, ok := pycall.Constant(w.f, n)
	return text, ok && strings.Trim(text, graph.Hole) != ""
}

var fromFile = regexp.MustCompile(`^(?:os\.path\.basename\(__file__\)(?:\.replace\(["']\.pyc?["'],["']["']\)|\.split\(["']\.["']\)\[0\]|\[:-3\])|(?:pathlib\.)?Path\(__file__\)\.stem|os\.path\.splitext\(os\.path\.basename\(__file__\)\)\[0\])+$`)

func (w *walker) dagFunction(function parsers.Node, dec python.DecoratorPath, uncalled bool) int {
	name := function.Field(python.Name).Text()
	j := graph.JobFact{
		Tool: "airflow", Kind: "dag", Name: name, Span: w.f.Span(function.Start(), function.Field(python.Name).End()),
		Arguments: pycall.Arguments(w.f, dec.Call), Function: w.qualified(function), Repeated: w.loops > 0,
	}
	if !dec.Call.IsNil() {
		if id := pycall.Argument(dec.Call, "dag_id", 0); !id.IsNil() {
			j.Name, _ = w.text(id)
		}
		j.Defaults = pycall.Dict(w.f, pycall.Argument(dec.Call, "default_args", -1))
	}
	w.jobs = append(w.jobs, j)
	at := len(w.jobs) - 1
	outer, prefix := w.current, w.prefix
	w.current, w.prefix = at, ""
	w.follow(function, parsers.Node{}, env{})
	w.current, w.prefix = outer, prefix
	return at
}

func (w *walker) qualified(function parsers.Node) string {
	for _, d := range python.Definitions(w.f) {
		if d.Node == function {
			return d.Name
		}
	}
	return ""
}

// follow walks the body of a function with what its call hands over.
func (w *walker) follow(function, call parsers.Node, outer env) thing {
	if w.walked == nil {
		w.walked = map[int]bool{}
	}
	if w.depth >= maxDepth {
		w.partial()
		return thing{job: -1}
	}
	w.walked[function.Index()] = true
	inner := env{}
	for k, v := range outer {
		inner[k] = v
	}
	place := 0
	for p := range function.Field(python.ParametersField).NamedChildren() {
		id := p
		switch p.Kind() {
		case python.DefaultParameter, python.TypedDefaultParameter:
			id = p.Field(python.Name)
		case python.TypedParameter:
			id = p.FirstNamed()
		}
		if !id.Is(python.Identifier) {
			continue
		}
		delete(inner, id.Text())
		if !call.IsNil() {
			if a := pycall.Argument(call, id.Text(), place); !a.IsNil() {
				inner[id.Text()] = w.eval(a, outer)
			}
		}
		place++
	}
	name := w.function
	w.function = w.qualified(function)
	w.depth++
	result := w.block(function.Field(python.Body), inner)
	w.depth--
	w.function = name
	return result
}

func (w *walker) partial() {
	if w.current >= 0 {
		w.jobs[w.current].Partial = true
	}
}

// groupName writes a name below the groups around.
func (w *walker) groupName(name string) string {
	if w.prefix == "" || name == "" {
		return name
	}
	return w.prefix + "." + name
}

func quoted(s string) string {
	if t, err := strconv.Unquote(s); err == nil {
		return t
	}
	return ""
}
