package orchestration

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// OrchestratorSignalSwallowed reports handlers that catch the exceptions with which a task tells its orchestrator to skip,
// fail, defer or stop, and don't raise them again.
var OrchestratorSignalSwallowed = rules.Python(rules.Rule{
	Name:     "orchestrator-signal-swallowed",
	Severity: rules.High,
	Disabled: true,
	Class:    rules.Correctness,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Don't ignore error handling or implement empty catch blocks",
}, func(pass *rules.Pass, _ *python.Tree) {
	if pass.Role != graph.RoleSource && pass.Role != graph.RoleNotebook {
		return
	}
	for h := range python.Handlers(pass.File) {
		if h.Suppress || h.Breadth < python.Broad || reraises(pass.File, h) {
			continue
		}
		switch signal, line := raised(pass.File, h.Tried, h, 3); {
		case signal != "":
			f := pass.Report(header(h), "this handler swallows `%s`, raised in its `try`: the run ends green", signal)
			f.Key = signal
			if line > 0 {
				f.Evidence = "the handler catches every Exception, and " + signal + " is one"
			}
		case h.Breadth >= python.Base:
			everything(pass, h)
		default:
			poke(pass, h)
		}
	}
})

// header is the handler's first line.
func header(h python.Handler) rules.Bytes {
	end := h.Node.End()
	if !h.Body.IsNil() {
		end = h.Body.Start()
	}
	text := h.Node.Tree().Text
	for i := h.Node.Start(); i < end; i++ {
		if text[i] == '\n' {
			end = i
		}
	}
	return rules.Bytes{From: h.Node.Start(), To: end}
}

// everything reports bare handlers in units: they also catch how the orchestrator stops or defers a task. It is Critical
// where the handler watches most of the unit.
func everything(pass *rules.Pass, h python.Handler) {
	function := h.Node.Ancestor(python.FunctionDefinition)
	unit, ok := python.UnitOf(pass.File, function)
	outer := h.Node.Parent().Ancestor(python.ExceptClause, python.FunctionDefinition)
	if !ok || h.InCleanup() || outer.Is(python.ExceptClause) && python.Raises(outer.Child(python.Block)) {
		return
	}
	what := ""
	switch {
	case unit.Kind == python.AirflowTask || unit.Kind == python.AirflowOperator:
		what = "timeouts, terminations and deferrals of Airflow"
	case strings.HasPrefix(string(unit.Kind), "dagster-"):
		what = "interruptions by Dagster"
	case !function.Child(python.KeywordAsync).IsNil():
		what = "the cancellation of the task"
	default:
		return
	}
	f := pass.Report(header(h), "this handler in `%s` catches everything: %s too", unit.Def.Name, what)
	f.Key = unit.Def.Name
	if !strings.HasPrefix(string(unit.Kind), "dagster-") && 2*(h.Tried.End()-h.Tried.Start()) > function.End()-function.Start() {
		f.Severity = rules.Critical
	}
}

// poke reports sensors that answer "not yet" to every error.
func poke(pass *rules.Pass, h python.Handler) {
	function := h.Node.Ancestor(python.FunctionDefinition)
	unit, ok := python.UnitOf(pass.File, function)
	if !ok || unit.Kind != python.AirflowOperator || function.Field(python.Name).Text() != "poke" {
		return
	}
	if text := string(function.Ancestor(python.ClassDefinition).Bytes()); strings.Contains(text, "soft_fail=True") || strings.Contains(text, "never_fail") {
		return
	}
	for s := range h.Body.DescendantsSkipping(python.FunctionDefinition) {
		if s.Is(python.ReturnStatement) && s.FirstNamed().Is(python.False) {
			f := pass.Report(header(h), "`%s` answers every error with False: a permanent one waits until the timeout", unit.Def.Name)
			f.Key = unit.Def.Name
			return
		}
	}
}

// reraises reports whether the handler, or an earlier one of the same try, lets the signals pass.
func reraises(f *parsers.File, h python.Handler) bool {
	if python.Raises(h.Body) {
		return true
	}
	for c := range h.Node.Parent().Children() {
		if c == h.Node {
			return false
		}
		if c.Is(python.ExceptClause) && python.Raises(c.Child(python.Block)) {
			head := string(f.Text[c.Start():c.Child(python.Block).Start()])
			if strings.Contains(head, "Airflow") || strings.Contains(head, "Failure") || strings.Contains(head, "Skip") || strings.Contains(head, "RetryRequested") {
				return true
			}
		}
	}
	return false
}

// raised is the signal that a block raises itself or in functions of the module that it calls; empty if none.
func raised(f *parsers.File, block parsers.Node, h python.Handler, depth int) (signal string, line int) {
	names := python.Imports(f)
	for n := range block.DescendantsSkipping(python.FunctionDefinition, python.Lambda, python.ClassDefinition) {
		switch n.Kind() {
		case python.RaiseStatement:
			what := n.FirstNamed()
			if what.Is(python.Call) {
				what = what.Field(python.Function)
			}
			if s := signalName(names.Resolve(what)); s != "" && !caughtBefore(n, block) {
				return s, n.Row() + 1
			}
		case python.Call:
			fn := n.Field(python.Function)
			if depth == 0 || caughtBefore(n, block) {
				continue
			}
			var called parsers.Node
			switch {
			case fn.Is(python.Identifier):
				if found := names.Lookup(fn); len(found) == 1 {
					called = found[0].Definition
				}
			case fn.Is(python.Attribute) && fn.Field(python.Object).Text() == "self":
				called = method(n.Ancestor(python.ClassDefinition), fn.Field(python.AttributeField).Text())
			}
			if !called.Is(python.FunctionDefinition) || called.Contains(n) {
				continue
			}
			if s, at := raised(f, called.Field(python.Body), h, depth-1); s != "" {
				return s, at
			}
		}
	}
	return "", 0
}

func method(class parsers.Node, name string) parsers.Node {
	for m := range class.Field(python.Body).NamedChildren() {
		if m.Is(python.DecoratedDefinition) {
			m = m.Field(python.Definition)
		}
		if m.Is(python.FunctionDefinition) && m.Field(python.Name).Text() == name {
			return m
		}
	}
	return parsers.Node{}
}

// caughtBefore reports whether something between a node and the block catches what it raises, or the node stands in a
// handler, where another try would have to catch it.
func caughtBefore(n, block parsers.Node) bool {
	for p := n.Parent(); !p.IsNil() && p != block; p = p.Parent() {
		if p.Is(python.TryStatement) && p.Field(python.Body).Contains(n) {
			return true
		}
	}
	return false
}

// signalName is the last part of a path that is a control exception of an orchestrator derived from Exception.
func signalName(path string) string {
	last := path[strings.LastIndexByte(path, '.')+1:]
	root, _, _ := strings.Cut(path, ".")
	switch {
	case root == "airflow" && airflowSignals[last], root == "dagster" && (last == "Failure" || last == "RetryRequested"),
		strings.HasPrefix(path, "prefect.exceptions."):
		return last
	}
	return ""
}

var airflowSignals = map[string]bool{
	"AirflowSkipException": true, "AirflowFailException": true, "AirflowRescheduleException": true,
	"DagRunTriggerException": true, "DownstreamTasksSkipped": true,
}
