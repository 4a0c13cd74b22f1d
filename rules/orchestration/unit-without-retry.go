package orchestration

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// UnitWithoutRetry reports tasks, assets and ops that talk to other systems and are never tried again: of Airflow one
// finding a DAG, of Dagster and Prefect one a function.
var UnitWithoutRetry = rules.Repository(rules.Rule{
	Name:     "unit-without-retry",
	Severity: rules.Medium,
	Class:    rules.Reliability,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Design for high availability, fault tolerance, and disaster recovery",
}, func(pass *rules.Pass, g *graph.Graph) {
	if !slices.ContainsFunc(g.AirflowSetting("default_task_retries"), func(v string) bool { return v != "0" }) {
		airflowRetries(pass, g)
	}
	if g.Code == nil {
		return
	}
	for _, m := range g.Code.Modules {
		if m.Role != graph.RoleSource || copies(m.Path) || retriesItself(m) || oldPrefect(m) {
			continue
		}
		for _, fn := range m.Functions {
			unitRetry(pass, g, m, fn)
		}
	}
})

// airflowRetries reports the DAGs whose tasks nothing tries again; once where no DAG of the repository retries anything.
func airflowRetries(pass *rules.Pass, g *graph.Graph) {
	type found struct {
		job    *graph.Job
		first  string
		places []rules.Place
	}
	var all []found
	some := false
	for _, j := range dags(g) {
		if j.Given.Has("retries") != nil || j.Given.Open {
			some = true
		}
		for i := range j.Tasks {
			some = some || j.Tasks[i].Arguments.Has("retries") != nil
		}
		if copies(j.Path) || j.Name == "" {
			continue
		}
		if first, places := unretried(g, j); len(places) > 0 {
			all = append(all, found{j, first, places})
		}
	}
	if !some && len(all) > 1 && !g.Options.Expand {
		f := pass.ReportRepository("no DAG retries its tasks: in %d of them one dropped connection fails the run", len(all))
		for _, a := range all[:min(5, len(all))] {
			f.Places = append(f.Places, rules.Place{Span: a.job.Span, Message: dagName(a.job)})
		}
		return
	}
	for _, a := range all {
		f := pass.ReportAt(a.job.Span, "%s of `%s` never retried: one dropped connection fails the run", tasksAre(len(a.places), a.first), dagName(a.job))
		f.Key = a.job.Name
		f.Places = a.places[:min(5, len(a.places))]
	}
}

// unretried finds the tasks of a DAG that do work elsewhere and have no retries.
func unretried(g *graph.Graph, j *graph.Job) (first string, places []rules.Place) {
	for i := range j.Tasks {
		t := &j.Tasks[i]
		value, known := j.TaskSetting(t, "retries")
		if !known || value != "" && value != "None" { // retries=0 is a decision
			continue
		}
		if teardown.MatchString(t.Kind) || strings.HasSuffix(t.Kind, "Sensor") || !talks(g, j, t) {
			continue
		}
		name := strings.ReplaceAll(t.Name, graph.Hole, "…")
		if first == "" {
			first = name
		}
		places = append(places, rules.Place{Span: t.Span, Message: "`" + name + "`"})
	}
	return first, places
}

func tasksAre(n int, first string) string {
	if n == 1 {
		return "the task `" + first + "`"
	}
	return fmt.Sprintf("%d tasks", n)
}

var (
	teardown = regexp.MustCompile(`\.(?:teardown|setup)$|Approval|HITL|watcher`)
	provider = regexp.MustCompile(`^airflow\.providers\.(?:amazon|google|microsoft|snowflake|databricks|http|postgres|mysql|common\.sql|ssh|sftp|ftp|slack|airbyte|fivetran|dbt|oracle|trino|presto|mongo|elasticsearch|apache\.(?:spark|hive|livy|beam)|cncf\.kubernetes|tableau|salesforce)(?:\.\w+)*\.(?:operators|transfers)\.`)
)

// talks reports whether a task talks to another system: an operator of a provider, or a function that surely does.
func talks(g *graph.Graph, j *graph.Job, t *graph.TaskFact) bool {
	if provider.MatchString(t.Kind) {
		return !strings.Contains(t.Kind, "Branch")
	}
	if t.Function == "" || g.Code == nil {
		return false
	}
	fn := g.Code.Function(j.Path, t.Function)
	if fn == nil || retriesItself(fn.Module) {
		return false
	}
	_, ok := worksElsewhere(fn)
	return ok
}

// worksElsewhere looks for work that another system takes part in.
func worksElsewhere(fn *graph.Function) (work, bool) {
	w, ok := worksIn(fn, maxCalls, map[*graph.Function]bool{})
	if !ok || w.Kind != "network" && w.Kind != "query" || retriesItself(w.In.Module) {
		return work{}, false
	}
	return w, true
}

// retriesItself reports whether a module has a client of its own that tries again.
func retriesItself(m *graph.Module) bool {
	for _, i := range m.Imports {
		switch root, _, _ := strings.Cut(i.Module, "."); root {
		case "tenacity", "backoff", "stamina", "retry", "retrying", "urllib3":
			return true
		}
		if i.Name == "Retry" || i.Name == "HTTPAdapter" || strings.Contains(strings.ToLower(i.Local), "retry") {
			return true
		}
	}
	return false
}

// oldPrefect reports whether a module is written for Prefect 1, whose settings have other names.
func oldPrefect(m *graph.Module) bool {
	return slices.ContainsFunc(m.Imports, func(i graph.ImportFact) bool { return i.Module == "prefect" && i.Name == "Flow" })
}

// unitRetry reports an asset, an op or a task of Prefect that nothing tries again.
func unitRetry(pass *rules.Pass, g *graph.Graph, m *graph.Module, fn *graph.Function) {
	keyword := map[string]string{"dagster-asset": "retry_policy", "dagster-op": "retry_policy", "prefect-task": "retries"}[fn.Unit]
	if keyword == "" || fn.Delegates {
		return
	}
	for _, d := range fn.Decorators {
		for _, k := range d.Keywords {
			if k.Name == keyword || k.Name == "" || k.Name == "op_tags" || k.Name == "tags" && keyword == "retry_policy" {
				return
			}
		}
		if !strings.Contains(d.Path, "task") && !strings.Contains(d.Path, "asset") && !strings.Contains(d.Path, "op") || strings.Contains(d.Path, "retry") {
			return
		}
	}
	if deploymentRetries(g, strings.Split(fn.Unit, "-")[0], fn.Name) {
		return
	}
	w, ok := worksElsewhere(fn)
	if !ok {
		return
	}
	f := pass.ReportAt(fn.Span, "`%s` calls `%s` and is never retried: set `%s`", fn.Name, w.Name, keyword)
	f.Key = fn.Name
}

// deploymentRetries reports whether jobs, flows or the deployment try a unit again.
func deploymentRetries(g *graph.Graph, tool, name string) bool {
	for _, f := range g.Files {
		for _, s := range f.Settings {
			if s.Tool == tool && s.Key == "retries" {
				return true
			}
		}
	}
	for _, m := range g.Code.Modules {
		for _, fn := range m.Functions {
			if tool == "prefect" && fn.Unit == "prefect-flow" && slices.ContainsFunc(fn.Decorators, hasRetries) && slices.ContainsFunc(fn.Calls, func(e graph.Edge) bool { return e.To.Name == name }) {
				return true
			}
			for _, use := range fn.Uses {
				if use == name+".with_options()" {
					return true
				}
			}
		}
	}
	return false
}

func hasRetries(d graph.DecoratorFact) bool {
	return slices.ContainsFunc(d.Keywords, func(k graph.KeywordFact) bool { return k.Name == "retries" || k.Name == "" })
}
