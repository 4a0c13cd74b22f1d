package orchestration

import (
	"strings"

	"delint/graph"
	"delint/rules"
)

// UnitWithoutTimeLimit reports scheduled pipelines that nothing ends when they hang. Where no pipeline of the repository has
// a limit it says so once.
var UnitWithoutTimeLimit = rules.Repository(rules.Rule{
	Name:     "unit-without-time-limit",
	Severity: rules.Medium,
	Disabled: true,
	Class:    rules.Reliability,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Define clear SLAs and monitor SLA breaches",
}, func(pass *rules.Pass, g *graph.Graph) {
	if len(g.AirflowSetting("default_task_execution_timeout")) > 0 {
		return
	}
	limits := 0
	var open []*graph.Job
	for _, j := range dags(g) {
		schedule, known := scheduleOf(j)
		if !known || schedule == "" || schedule == "None" || copies(j.Path) || j.Name == "" || strings.Contains(strings.ToLower(j.Name), "stream") {
			continue
		}
		switch bounded(j) {
		case yes:
			limits++
		case no:
			open = append(open, j)
		}
	}
	flows := unlimitedFlows(g, &limits)
	if limits == 0 && len(open)+len(flows) > 1 && !g.Options.Expand {
		f := pass.ReportRepository("0 of %d scheduled pipelines have a time limit", len(open)+len(flows))
		for _, j := range open[:min(5, len(open))] {
			f.Places = append(f.Places, rules.Place{Span: j.Span, Message: dagName(j)})
		}
		return
	}
	for _, j := range open {
		f := pass.ReportAt(j.Span, "nothing ends `%s` when it hangs: no dagrun_timeout, no execution_timeout", dagName(j))
		f.Key = j.Name
	}
	for _, fn := range flows {
		f := pass.ReportAt(fn.Span, "nothing ends the flow `%s` when it hangs: no timeout_seconds", fn.Name)
		f.Key = fn.Name
	}
})

type answer uint8

const (
	unknown answer = iota
	yes
	no
)

// bounded says whether something ends a DAG that hangs.
func bounded(j *graph.Job) answer {
	for _, key := range []string{"dagrun_timeout", "deadline", "sla_miss_callback"} {
		if a := j.Arguments.Has(key); a != nil && a.Value != "None" {
			return yes
		}
	}
	for _, key := range []string{"execution_timeout", "sla"} {
		if a := j.Given.Has(key); a != nil && a.Value != "None" {
			return yes
		}
	}
	if j.Arguments.Open || len(j.Arguments.From) > 0 || j.Given.Open || j.Partial || len(j.Tasks) == 0 {
		return unknown
	}
	for i := range j.Tasks {
		t := &j.Tasks[i]
		if t.Arguments.Open || len(t.Arguments.From) > 0 {
			return unknown
		}
		for _, a := range t.Arguments.List {
			if strings.Contains(a.Name, "timeout") || a.Name == "sla" {
				return yes // some task is limited: a person thought of it
			}
		}
	}
	return no
}

// unlimitedFlows is the flows of Prefect that are deployed or served without a limit.
func unlimitedFlows(g *graph.Graph, limits *int) []*graph.Function {
	if g.Code == nil {
		return nil
	}
	var out []*graph.Function
	for _, m := range g.Code.Modules {
		if m.Role != graph.RoleSource || copies(m.Path) {
			continue
		}
		for _, fn := range m.Functions {
			if fn.Kind != "prefect-flow" {
				continue
			}
			limited, deployed := false, false
			for _, d := range fn.Decorators {
				for _, k := range d.Keywords {
					limited = limited || k.Name == "timeout_seconds" || k.Name == ""
				}
			}
			for _, use := range m.Body().Uses {
				deployed = deployed || strings.HasPrefix(use, fn.Name+".") && (strings.Contains(use, ".serve") || strings.Contains(use, ".deploy") || strings.Contains(use, ".to_deployment"))
			}
			switch {
			case limited:
				*limits++
			case deployed:
				out = append(out, fn)
			}
		}
	}
	return out
}
