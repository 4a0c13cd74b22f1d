package orchestration

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// DuplicateDagOrTaskID reports ids that two DAGs of one deployment or two tasks of one DAG share.
var DuplicateDagOrTaskID = rules.Repository(rules.Rule{
	Name:     "duplicate-dag-or-task-id",
	Severity: rules.High,
	Disabled: true,
	Class:    rules.Correctness,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Use meaningful names",
}, func(pass *rules.Pass, g *graph.Graph) {
	first := map[string]*graph.Job{}
	for _, j := range g.Jobs {
		if j.Role != graph.RoleSource {
			continue
		}
		tasks(pass, j)
		if j.Name == "" || j.Repeated || strings.Contains(j.Name, graph.Hole) || j.Tool != "airflow" || copies(j.Path) {
			continue
		}
		key := j.Tool + "\x00" + j.Kind + "\x00" + deployment(j.Path) + "\x00" + j.Name
		other := first[key]
		if other == nil {
			first[key] = j
			continue
		}
		if other.Path == j.Path && other.Function != j.Function {
			continue // two functions that make it: one may stand for the other
		}
		f := pass.ReportAt(j.Span, "the id `%s` is that of another %s too: only one of them runs", j.Name, j.Kind)
		f.Key = j.Name
		f.Places = append(f.Places, rules.Place{Span: other.Span, Message: "the first `" + j.Name + "`"})
	}
})

// deployment is the folder whose DAGs run together: up to and with the last folder named dags, else the folder of the file.
func deployment(p string) string {
	folder := path.Dir(p)
	parts := strings.Split(folder, "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if strings.Contains(strings.ToLower(parts[i]), "dag") {
			for i+1 < len(parts) && variant.MatchString(parts[i+1]) {
				i++
			}
			return strings.Join(parts[:i+1], "/")
		}
	}
	return folder
}

// variant is folders that hold the same DAGs for another version or environment.
var variant = regexp.MustCompile(`(?i)^(?:v?\d+(?:[._]\w+)*|prod\w*|dev\w*|stag\w*|stg|test|qa|uat|airflow[_-]?\d\w*)$`)

// copies reports whether a path holds what people keep beside what runs.
func copies(p string) bool {
	return slices.ContainsFunc(strings.Split(strings.ToLower(p), "/"), func(s string) bool {
		switch s {
		case "examples", "example_dags", "example-dags", "docs", "templates", "archive", "archived", "backup", "old", "deprecated", "tutorial", "tutorials", "sandbox", "snippets":
			return true
		}
		return false
	})
}

// tasks reports the tasks of a DAG that share an id: Airflow does not load such a DAG.
func tasks(pass *rules.Pass, j *graph.Job) {
	if j.Tool != "airflow" {
		return
	}
	first := map[string]*graph.TaskFact{}
	for i := range j.Tasks {
		t := &j.Tasks[i]
		if t.Name == "" || t.Repeated || t.Suffixed || strings.Contains(t.Name, graph.Hole) {
			continue
		}
		other := first[t.Name]
		switch {
		case other == nil:
			first[t.Name] = t
		case other.Branch != t.Branch || other.Span == t.Span:
		default:
			f := pass.ReportAt(t.Span, "`%s` has two tasks `%s`: the DAG does not load", dagName(j), t.Name)
			f.Key = j.Name + "." + t.Name
			f.Places = append(f.Places, rules.Place{Span: other.Span, Message: "the first `" + t.Name + "`"})
		}
	}
}
