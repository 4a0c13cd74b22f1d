package models

import (
	"fmt"
	"regexp"
	"strings"

	"delint/graph"
	"delint/rules"
)

// NondeterministicInModel reports clocks and random values in the query of a persisted model: run again for last Tuesday it
// gives something else than last Tuesday.
var NondeterministicInModel = rules.Repository(rules.Rule{
	Name:     "nondeterministic-in-model",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "fundamentals/data-pipelines",
	Sentence: "Design for idempotency and incremental processing",
	Collapsed: func(n int) string {
		return fmt.Sprintf("%d places of this file depend on when they run", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, d := range g.Datasets {
		if !d.InScope || d.Kind == "snapshot" {
			continue
		}
		for _, p := range d.Producers {
			if f := g.File(p.Span.Path); f == nil || !judged(f.Role) || f.Role == graph.RoleMigration || graph.Provisions(f.Path) {
				continue
			}
			if p.Kind == "view" {
				continue // it runs when it is read: a clock there is what its readers want
			}
			seen := map[string]bool{}
			for _, n := range p.Notes {
				why := unstable(p, n)
				if why == "" || seen[n.Kind+n.Text] {
					continue
				}
				seen[n.Kind+n.Text] = true // one a function
				f := pass.ReportAt(n.Span, "%s in `%s`: %s", mention(n), d.Name, why)
				f.Dataset, f.Key, f.Collapse = d.Name, n.Kind+" "+strings.ToLower(n.Text), "unstable"
				if keeps(p) {
					f.Severity = rules.High
				}
				f.Evidence = insteadOf(p, n)
			}
		}
	}
})

func mention(n graph.Note) string {
	if n.Kind == "row_number" {
		return "`" + n.Values["function"] + "` without an order"
	}
	return "`" + oneLine(n.Text) + "`"
}

// unstable says why a note is a matter of when or how often a model runs; empty if it is none. What is built whole at every run
// is meant to follow the clock, and the end of what there is (day < CURRENT_DATE) moves without changing the past.
func unstable(p *graph.DatasetFact, n graph.Note) string {
	context := n.Values["context"]
	filters := context == "where" || context == "on" || context == "having" || context == "qualify"
	column := n.Values["alias"] != "" && !auditColumn.MatchString(n.Values["alias"])
	switch n.Kind {
	case "clock":
		switch {
		case filters && selects(p, n):
			return "a later run of the same interval selects other rows"
		case context == "projection" && column && n.Values["final"] == "true" && keeps(p) && p.Tool != "sql":
			return "a later run of the same interval gives another `" + n.Values["alias"] + "`"
		}
	case "random":
		switch {
		case filters:
			return "each run selects other rows"
		case context == "projection" && column:
			return "each run gives another `" + n.Values["alias"] + "`"
		}
	case "row_number":
		if strings.EqualFold(n.Values["function"], "row_number") && (n.Values["partition"] != "" || n.Values["final"] == "true") {
			if n.Values["partition"] == "" {
				return "the numbers change from run to run"
			}
			return "which row is the first changes from run to run"
		}
	}
	return ""
}

// selects reports whether a clock in a condition decides which interval a run takes: the day that is loaded, or in plain SQL that
// adds to what is there the days. A look-back of an incremental model (day >= CURRENT_DATE - 3) is its guard.
func selects(p *graph.DatasetFact, n graph.Note) bool {
	switch n.Values["bound"] {
	case "equal":
		return p.Tool == "sql" || keeps(p)
	case "lower":
		return p.Tool == "sql" && keeps(p)
	}
	return false
}

// keeps reports whether rows stay from run to run.
func keeps(p *graph.DatasetFact) bool {
	kind := strings.ToUpper(p.Settings["kind"])
	return p.Settings["materialized"] == "incremental" || strings.HasPrefix(kind, "INCREMENTAL") || strings.HasPrefix(kind, "SCD") ||
		p.Mode == "append" || p.Mode == "merge" || p.Mode == "overwrite"
}

// auditColumn knows columns that say when a row was written.
var auditColumn = regexp.MustCompile(`(?i)^_|^last_|^(?:dbt|etl|elt|dw|dwh|audit|meta|sys|row|record|batch|job|run|load|insert|ingest|process|pipeline|snapshot|refresh)_?|(?:valid_(?:from|start)|effective_(?:from|start)|load|loaded|insert|inserted|ingest|ingested|ingestion|create|created|update|updated|modified|modify|process|processed|processing|extract|extracted|synced|sync|refresh|refreshed|generated|generate|transformed|transform|calculated|computed|exported|materialized|built|run|written|snapshot|snapshotted|query|queried|as_of|current|execution|executed|audit|published|imported|import|valid|effective|release|start|begin)(?:_?(?:at|on|from|ts|time|date|datetime|timestamp|dt|day|dttm|utc|tstamp))+$`)

// insteadOf says what the model's tool has in place of a clock.
func insteadOf(p *graph.DatasetFact, n graph.Note) string {
	switch {
	case n.Kind != "clock":
		return ""
	case p.Tool == "sqlmesh":
		return "SQLMesh: @execution_date, @execution_ts, or the interval's @start_ds and @end_ds"
	case p.Tool == "dbt":
		return "dbt: a var for the run's date, or microbatch with an event_time"
	}
	return "take the date from the run: {{ ds }} in Airflow, a parameter elsewhere"
}
