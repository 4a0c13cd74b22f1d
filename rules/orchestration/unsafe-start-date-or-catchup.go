package orchestration

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"delint/graph"
	"delint/rules"
)

// UnsafeStartDateOrCatchup reports start dates that move, schedules that Airflow can't read, and DAGs of Airflow 2 that
// catch up because nothing says that they should not.
var UnsafeStartDateOrCatchup = rules.Repository(rules.Rule{
	Name:     "unsafe-start-date-or-catchup",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Design for idempotency and incremental processing",
}, func(pass *rules.Pass, g *graph.Graph) {
	seen := map[string]bool{}
	configured := len(g.AirflowSetting("catchup_by_default")) > 0
	committed := committedConfig(g)
	for _, j := range dags(g) {
		schedule, known := scheduleOf(j)
		if known && schedule == "None" {
			continue
		}
		if start := startDate(j); schedule != `"@once"` && start != nil && moving.MatchString(start.Value) && !seen[place(start.Span)] {
			seen[place(start.Span)] = true
			f := pass.ReportAt(start.Span, "the start date of `%s` moves: `%s` is another time whenever the file is parsed", dagName(j), brief(start.Value))
			f.Key = j.Name
			if start.Span.Path != j.Path {
				f.Places = append(f.Places, rules.Place{Span: j.Span, Message: "a DAG that starts with it"})
			}
		}
		text, err := strconv.Unquote(schedule)
		if err != nil || strings.Contains(text, graph.Hole) || strings.Contains(text, "{") {
			continue
		}
		if !cron(text) {
			f := pass.ReportAt(argument(j, "schedule", "schedule_interval").Span, "the schedule %q is no cron expression: `%s` does not load", text, dagName(j))
			f.Key = j.Name
			f.Severity = rules.High
			continue
		}
		if text == "@once" || text == "@continuous" || configured || !committed[topLevel(j.Path)] {
			continue
		}
		if j.Arguments.Open || len(j.Arguments.From) > 0 || j.Arguments.Has("catchup") != nil || j.Given.Has("catchup") != nil || g.AirflowMajor(j.Path) != 2 {
			continue
		}
		if start := startDate(j); start == nil || moving.MatchString(start.Value) || start.Value == "?" {
			continue
		}
		f := pass.ReportAt(j.Span, "`%s` does not say `catchup`: on Airflow 2 it runs every interval since its start date", dagName(j))
		f.Key = j.Name
	}
})

// moving is a date that is taken from the clock.
var moving = regexp.MustCompile(`(?:^|[ .])(?:days_ago\(\)|(?:datetime|date|pendulum|Timestamp|timezone)\.(?:now|today|utcnow|yesterday|tomorrow)\(\))`)

func startDate(j *graph.Job) *graph.ArgumentFact {
	if own := j.Arguments.Has("start_date"); own != nil {
		return own
	}
	if j.Arguments.Open {
		return nil
	}
	return j.Given.Has("start_date")
}

func argument(j *graph.Job, names ...string) *graph.ArgumentFact {
	for _, n := range names {
		if a := j.Arguments.Has(n); a != nil {
			return a
		}
	}
	return nil
}

// scheduleOf is the value of a DAG's schedule; known is false where something that can't be read decides it.
func scheduleOf(j *graph.Job) (value string, known bool) {
	if a := argument(j, "schedule", "schedule_interval"); a != nil {
		return a.Value, a.Value != "?"
	}
	return "", !j.Arguments.Open && len(j.Arguments.From) == 0
}

// brief is the call in a value.
func brief(value string) string {
	m := moving.FindString(value)
	m = strings.TrimLeft(m, " .")
	return strings.TrimSuffix(m, "()") + "(…)"
}

// committedConfig is the folders at the top that hold settings of Airflow: what they leave out is known to be the default.
// Compose files don't count: they say how people run it on their own machines.
func committedConfig(g *graph.Graph) map[string]bool {
	out := map[string]bool{}
	for _, f := range g.Files {
		for _, s := range f.Settings {
			if s.Tool == "airflow" && s.Key != "version" && !strings.Contains(path.Base(f.Path), "compose") && !strings.Contains(path.Base(f.Path), ".env") {
				out[topLevel(f.Path)] = true
			}
		}
	}
	return out
}

func topLevel(p string) string {
	before, _, ok := strings.Cut(p, "/")
	if !ok || before == "dags" {
		return ""
	}
	return before
}

var presets = map[string]bool{
	"@once": true, "@continuous": true, "@hourly": true, "@daily": true, "@weekly": true, "@monthly": true, "@quarterly": true,
	"@yearly": true, "@annually": true, "@midnight": true,
}

var cronField = regexp.MustCompile(`(?i)^(?:[\d*/,\-#?LlWwH]|MON|TUE|WED|THU|FRI|SAT|SUN|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)+$`)

// cron reports whether Airflow can read a schedule: a preset, or five or more fields.
func cron(text string) bool {
	if strings.HasPrefix(text, "@") {
		return presets[text]
	}
	fields := strings.Fields(text)
	if len(fields) < 5 || len(fields) > 7 {
		return false
	}
	for _, f := range fields {
		if !cronField.MatchString(f) {
			return false
		}
	}
	return true
}
