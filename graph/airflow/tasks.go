package airflow

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

// edges lets every task of after wait for every one of before; of a group, for its ends.
func (w *walker) edges(before, after thing) {
	if before.job < 0 || before.job != after.job {
		return
	}
	job := &w.jobs[before.job]
	from, to := before.tasks, after.tasks
	if before.grp {
		from = ends(job, before.tasks, func(e graph.TaskEdge) (int, int) { return e.From, e.To })
	}
	if after.grp {
		to = ends(job, after.tasks, func(e graph.TaskEdge) (int, int) { return e.To, e.From })
	}
	for _, a := range from {
		for _, b := range to {
			if e := (graph.TaskEdge{From: a, To: b}); a != b && !slices.Contains(job.Edges, e) {
				job.Edges = append(job.Edges, e)
			}
		}
	}
}

// ends is the tasks of a group that have no edge to another one inside it.
func ends(job *graph.JobFact, tasks []int, way func(graph.TaskEdge) (int, int)) []int {
	var out []int
	for _, t := range tasks {
		if !slices.ContainsFunc(job.Edges, func(e graph.TaskEdge) bool {
			own, other := way(e)
			return own == t && slices.Contains(tasks, other)
		}) {
			out = append(out, t)
		}
	}
	return out
}

var operatorName = regexp.MustCompile(`(?:Operator|Sensor|SensorAsync|OperatorAsync|GenericTransfer|ExternalTaskMarker)$`)

// call reads one call: a DAG, an operator, a TaskFlow function, a join, or a function of the module.
func (w *walker) call(n parsers.Node, names env) thing {
	fn := n.Field(python.Function)
	if w.isDag(n) {
		return thing{job: w.addDag(n), dag: true}
	}
	last := fn
	if fn.Is(python.Attribute) {
		last = fn.Field(python.AttributeField)
	}
	switch name := last.Text(); {
	case fn.Is(python.Attribute) && (name == "set_downstream" || name == "set_upstream"):
		own, other := w.eval(fn.Field(python.Object), names), w.eval(pycall.Argument(n, "task_or_task_list", 0), names)
		if name == "set_upstream" {
			own, other = other, own
		}
		w.edges(own, other)
		return thing{job: -1}
	case name == "chain" || name == "chain_linear" || name == "cross_downstream":
		w.chain(n, names)
		return thing{job: -1}
	case fn.Is(python.Attribute) && (name == "expand" || name == "expand_kwargs"):
		return w.expand(n, fn, names)
	case operatorName.MatchString(name) && !strings.HasPrefix(w.names.Resolve(fn), "builtins."):
		return w.operator(n, fn, n, names)
	}
	if t := w.taskFlow(n, fn, names); t.job >= 0 {
		return t
	}
	out := w.arguments(n, names)
	if fn.Is(python.Identifier) {
		for _, b := range w.names.Lookup(fn) {
			d := b.Definition
			if !d.Is(python.FunctionDefinition) {
				continue
			}
			dec, ok := w.decorated[d.Index()]
			switch {
			case ok && decorator(dec.Path) == "dag":
				if w.walked[d.Index()] {
					return thing{job: -1}
				}
				return thing{job: w.dagFunction(d, dec, false), dag: true}
			case ok:
			default:
				if w.concerns(d) {
					return w.follow(d, n, names)
				}
			}
		}
		return thing{job: -1}
	}
	if fn.Is(python.Attribute) {
		if own := w.eval(fn.Field(python.Object), names); own.job >= 0 && !own.dag {
			return own // task.as_setup(), result.map(…), operator(…).output
		}
	}
	_ = out
	if w.current >= 0 && mayMakeTasks.MatchString(fn.Text()) {
		w.partial()
	}
	return thing{job: -1}
}

// mayMakeTasks is names of functions from elsewhere that likely make tasks.
var mayMakeTasks = regexp.MustCompile(`(?i)(?:task|dag|operator|sensor|group|build|create|make|generate|get)_?\w*$`)

// concerns reports whether a function of the module makes DAGs or tasks.
func (w *walker) concerns(function parsers.Node) bool {
	for n := range function.Field(python.Body).Descendants() {
		switch n.Kind() {
		case python.Call:
			fn := n.Field(python.Function)
			if w.isDag(n) || operatorName.MatchString(fn.Text()) || strings.Contains(fn.Text(), "Operator.partial") {
				return true
			}
			if fn.Is(python.Identifier) {
				for _, b := range w.names.Lookup(fn) {
					if _, ok := w.decorated[b.Definition.Index()]; ok && b.Definition.Is(python.FunctionDefinition) {
						return true
					}
				}
			}
		case python.BinaryOperator:
			if op := n.Field(python.Operator).Text(); op == ">>" || op == "<<" {
				return true
			}
		}
	}
	return false
}

func (w *walker) arguments(call parsers.Node, names env) thing {
	out := thing{job: -1}
	for a := range call.Field(python.Arguments).NamedChildren() {
		if a.Is(python.KeywordArgument) {
			a = a.Field(python.Value)
		}
		if a.Is(python.Identifier, python.Call, python.List, python.Tuple, python.Dictionary, python.Attribute, python.Subscript, python.BinaryOperator) {
			if t := w.eval(a, names); t.job >= 0 && !t.dag {
				out = union(out, t)
			}
		}
	}
	return out
}

func (w *walker) chain(call parsers.Node, names env) {
	var steps []thing
	single := []bool{}
	for a := range call.Field(python.Arguments).NamedChildren() {
		if !a.Is(python.Comment) {
			if a.Is(python.KeywordArgument) {
				a = a.Field(python.Value)
			}
			if a.Is(python.ListSplat) {
				w.partial()
			}
			steps = append(steps, w.eval(a, names))
			single = append(single, !a.Is(python.List, python.Tuple))
		}
	}
	cross := !strings.HasSuffix(call.Field(python.Function).Text(), "chain")
	for i := 1; i < len(steps); i++ {
		before, after := steps[i-1], steps[i]
		if !cross && !single[i-1] && !single[i] && len(before.tasks) == len(after.tasks) {
			for k := range before.tasks {
				w.edges(thing{job: before.job, tasks: before.tasks[k : k+1]}, thing{job: after.job, tasks: after.tasks[k : k+1]})
			}
			continue
		}
		w.edges(before, after)
	}
}

// expand reads X.partial(…).expand(…), f.expand(…) and f.partial(…).expand(…).
func (w *walker) expand(n, fn parsers.Node, names env) thing {
	object := fn.Field(python.Object)
	var t thing
	if object.Is(python.Call) && strings.HasSuffix(object.Field(python.Function).Text(), ".partial") {
		inner := object.Field(python.Function).Field(python.Object)
		if t = w.taskFlow(object, inner, names); t.job < 0 && operatorName.MatchString(inner.Text()) {
			t = w.operator(object, inner, n, names)
		}
	} else {
		t = w.taskFlow(n, object, names)
	}
	if t.job >= 0 && len(t.tasks) > 0 {
		w.jobs[t.job].Tasks[t.tasks[len(t.tasks)-1]].Mapped = true
		w.edges(w.arguments(n, names), t)
	}
	return t
}

// operator records an operator's call; data is the call whose arguments hold results of other tasks too.
func (w *walker) operator(call, fn, data parsers.Node, names env) thing {
	job := w.current
	if dag := pycall.Argument(call, "dag", -1); !dag.IsNil() {
		if t := w.eval(dag, names); t.dag {
			job = t.job
		}
	}
	inputs := w.arguments(data, names)
	if job < 0 || strings.HasPrefix(fn.Text(), "super()") {
		return thing{job: -1}
	}
	kind := w.names.Resolve(fn)
	if kind == "" {
		kind = fn.Text()
	}
	t := graph.TaskFact{
		Kind: kind, Span: w.f.Span(call.Start(), fn.End()), Arguments: pycall.Arguments(w.f, call),
		Repeated: w.loops > 0 || w.depth > 0 && w.function != w.jobs[job].Function, Branch: w.branch,
	}
	id := pycall.Argument(call, "task_id", 0)
	if !id.Is(python.DictionarySplat) {
		t.Name, _ = w.text(id)
	}
	if t.Name == "" {
		t.Name = quoted(t.Arguments.Get("task_id"))
	}
	prefix := w.prefix
	if group := pycall.Argument(call, "task_group", -1); !group.IsNil() {
		if g := w.eval(group, names); g.grp {
			prefix = g.group
		}
	}
	t.Name = under(prefix, t.Name)
	if c := t.Arguments.Get("python_callable"); c != "?" {
		t.Function = c
	}
	return w.addTask(job, t, inputs)
}

func under(prefix, name string) string {
	if prefix == "" || name == "" {
		return name
	}
	if strings.Contains(prefix, "\x00") {
		return ""
	}
	return prefix + "." + name
}

func (w *walker) addTask(job int, t graph.TaskFact, inputs thing) thing {
	j := &w.jobs[job]
	if t.Suffixed && t.Name != "" {
		taken := func(name string) bool {
			return slices.ContainsFunc(j.Tasks, func(o graph.TaskFact) bool { return o.Name == name })
		}
		name := t.Name
		for i := 1; taken(t.Name); i++ {
			t.Name = name + "__" + strconv.Itoa(i)
		}
	}
	j.Tasks = append(j.Tasks, t)
	at := len(j.Tasks) - 1
	if w.context != nil {
		w.context.tasks = append(w.context.tasks, at)
	}
	out := thing{job: job, tasks: []int{at}}
	inputs.grp = false
	w.edges(inputs, out)
	return out
}

// taskFlow reads the call of a decorated function: a task, or a group whose tasks its body makes.
func (w *walker) taskFlow(call, fn parsers.Node, names env) thing {
	none := thing{job: -1}
	override := parsers.Node{}
	for fn.Is(python.Call) || fn.Is(python.Attribute) {
		switch {
		case fn.Is(python.Call) && strings.HasSuffix(fn.Field(python.Function).Text(), ".override"):
			override = fn
			fn = fn.Field(python.Function).Field(python.Object)
		case fn.Is(python.Attribute) && fn.Field(python.AttributeField).Text() == "partial":
			fn = fn.Field(python.Object)
		default:
			return none
		}
	}
	if !fn.Is(python.Identifier) || w.current < 0 {
		return none
	}
	for _, b := range w.names.Lookup(fn) {
		dec, ok := w.decorated[b.Definition.Index()]
		if !b.Definition.Is(python.FunctionDefinition) || !ok || decorator(dec.Path) == "dag" {
			continue
		}
		if decorator(dec.Path) == "task_group" {
			return w.groupFunction(b.Definition, dec, call, override, names)
		}
		t := graph.TaskFact{
			Kind: dec.Path, Span: w.f.Span(b.Definition.Start(), b.Definition.Field(python.Name).End()), Function: w.qualified(b.Definition),
			Arguments: pycall.Arguments(w.f, dec.Call), Suffixed: true, Repeated: w.loops > 0, Branch: w.branch,
		}
		more := pycall.Arguments(w.f, override)
		t.Arguments.List = append(t.Arguments.List, more.List...)
		t.Name = b.Definition.Field(python.Name).Text()
		if id := t.Arguments.Has("task_id"); id != nil {
			t.Name = quoted(id.Value)
		}
		t.Name = under(w.prefix, t.Name)
		return w.addTask(w.current, t, w.arguments(call, names))
	}
	return none
}

func (w *walker) groupFunction(function parsers.Node, dec python.DecoratorPath, call, override parsers.Node, names env) thing {
	a := pycall.Arguments(w.f, dec.Call)
	a.List = append(a.List, pycall.Arguments(w.f, override).List...)
	id := function.Field(python.Name).Text()
	if own := a.Get("group_id"); own != "" {
		id = quoted(own)
	}
	prefix, context := w.prefix, w.context
	if a.Get("prefix_group_id") != "False" {
		name := w.groupName(id)
		job := w.jobs[w.current]
		for i := 1; slices.ContainsFunc(job.Tasks, func(t graph.TaskFact) bool { return strings.HasPrefix(t.Name, name+".") }); i++ {
			name = w.groupName(id) + "__" + strconv.Itoa(i)
		}
		w.prefix = name
	}
	w.context = &groupContext{}
	inner := w.follow(function, call, names)
	out := thing{job: w.current, grp: true, group: w.prefix, tasks: w.context.tasks}
	_ = inner
	if context != nil {
		context.tasks = append(context.tasks, out.tasks...)
	}
	w.prefix, w.context = prefix, context
	return out
}
