package orchestration

import (
	"slices"
	"strconv"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// DagLevelKeyInDefaultArgs reports settings of the DAG that stand among the settings of its tasks, or the other way round,
// and settings of tasks that are misspelt: Airflow drops the former silently.
var DagLevelKeyInDefaultArgs = rules.Repository(rules.Rule{
	Name:     "dag-level-key-in-default-args",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Design for idempotency and incremental processing",
}, func(pass *rules.Pass, g *graph.Graph) {
	seen := map[string]bool{}
	for _, j := range dags(g) {
		used := keywords(j)
		var whole *rules.Finding // one for the keys of a dict that belong to the DAG
		for _, a := range j.Given.List {
			if used[a.Name] || seen[place(a.Span)] {
				continue
			}
			level, near := lookAtKey(j, a)
			switch {
			case near != "":
				f := pass.ReportAt(a.Span, "`%s` in default_args is no argument of any task here; `%s` is", a.Name, near)
				f.Key = a.Name
			case level == rules.Off:
				continue
			case whole != nil && whole.Span.Path == a.Span.Path:
				whole.Key += ", " + a.Name
				whole.Severity = max(whole.Severity, level)
				whole.Message = "`" + strings.ReplaceAll(whole.Key, ", ", "`, `") + "` in default_args have no effect: they are settings of the DAG"
				whole.Places = append(whole.Places, rules.Place{Span: a.Span, Message: "`" + a.Name + "`"})
			default:
				whole = pass.ReportAt(a.Span, "`%s` in default_args has no effect: it is a setting of the DAG", a.Name)
				whole.Key, whole.Severity = a.Name, level
				if a.Span.Path != j.Path {
					whole.Places = append(whole.Places, rules.Place{Span: j.Span, Message: "the default_args of this DAG"})
				}
			}
			seen[place(a.Span)] = true
		}
		for _, a := range j.Arguments.List {
			if slices.Contains(taskOnly, a.Name) {
				f := pass.ReportAt(a.Span, "`%s` is an argument of tasks: `%s` fails to load with it", a.Name, dagName(j))
				f.Key = a.Name
			}
		}
	}
})

// lookAtKey says how bad it is that a key stands in default_args (Off where it may), and which argument it was meant to be.
func lookAtKey(j *graph.Job, a graph.ArgumentFact) (level rules.Severity, near string) {
	switch {
	case slices.Contains(dagOnly, a.Name):
		if !consequential[a.Name] || j.Arguments.Has(a.Name) != nil || a.Value == "None" || a.Name == "catchup" && a.Value == "True" {
			return rules.Low, ""
		}
		return rules.High, ""
	case slices.Contains(taskArguments, a.Name) || len(a.Name) < 6:
		return rules.Off, ""
	}
	near = rules.Nearest(a.Name, taskArguments)
	if near == "" || graph.EditDistance(a.Name, near, 2) > 2 {
		return rules.Off, ""
	}
	return rules.High, near
}

// consequential is the settings of a DAG that change when and how often it runs.
var consequential = map[string]bool{
	"catchup": true, "schedule": true, "schedule_interval": true, "timetable": true, "max_active_runs": true, "max_active_tasks": true,
	"concurrency": true, "dagrun_timeout": true, "is_paused_upon_creation": true, "deadline": true, "sla_miss_callback": true,
}

// dagOnly is the arguments of DAG that no operator has, taskOnly the other way round, taskArguments all of BaseOperator.
var (
	dagOnly = strings.Fields("access_control auto_register catchup concurrency dag_display_name dag_id dagrun_timeout deadline default_view " +
		"fail_fast fail_stop is_paused_upon_creation jinja_environment_kwargs max_active_runs max_active_tasks max_consecutive_failed_dag_runs " +
		"orientation owner_links render_template_as_native_obj schedule schedule_interval sla_miss_callback tags template_searchpath " +
		"template_undefined timetable user_defined_filters user_defined_macros")
	taskOnly = strings.Fields("owner email email_on_retry email_on_failure retries retry_delay retry_exponential_backoff max_retry_delay " +
		"depends_on_past wait_for_downstream priority_weight weight_rule queue pool pool_slots execution_timeout trigger_rule run_as_user " +
		"task_concurrency executor_config do_xcom_push on_retry_callback")
	taskArguments = strings.Fields("task_id owner email email_on_retry email_on_failure retries retry_delay retry_exponential_backoff max_retry_delay " +
		"start_date end_date depends_on_past ignore_first_depends_on_past wait_for_past_depends_before_skipping wait_for_downstream dag params " +
		"default_args priority_weight weight_rule queue pool pool_slots sla execution_timeout on_execute_callback on_failure_callback " +
		"on_success_callback on_retry_callback on_skipped_callback pre_execute post_execute trigger_rule resources run_as_user task_concurrency " +
		"map_index_template max_active_tis_per_dag max_active_tis_per_dagrun executor executor_config do_xcom_push multiple_outputs inlets outlets " +
		"task_group doc doc_md doc_json doc_yaml doc_rst task_display_name logger_name allow_nested_operators")
)

// dags is the DAGs that people run.
func dags(g *graph.Graph) []*graph.Job {
	var out []*graph.Job
	for _, j := range g.Jobs {
		if j.Tool == "airflow" && j.Kind == "dag" && j.Role == graph.RoleSource {
			out = append(out, j)
		}
	}
	return out
}

// keywords is the arguments that the DAG's tasks are given: what a task takes is no mistake as a default.
func keywords(j *graph.Job) map[string]bool {
	out := map[string]bool{}
	for _, t := range j.Tasks {
		for _, a := range t.Arguments.List {
			out[a.Name] = true
		}
	}
	return out
}

func place(s parsers.Span) string { return s.Path + "\x00" + strconv.Itoa(s.Start.Byte) }

// dagName is a DAG as messages name it.
func dagName(j *graph.Job) string {
	if j.Name == "" {
		return "this DAG"
	}
	return strings.ReplaceAll(j.Name, graph.Hole, "…")
}
