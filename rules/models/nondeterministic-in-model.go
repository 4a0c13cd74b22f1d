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
				why := unstable(n)
				if why == "" || seen[n.Kind+n.Text] {
					continue
				}
				seen[n.Kind+n.Text] = true // one a function
				f := pass.ReportAt(n.Span, "%s in `%s`: %s", mention(n), d.Name, why)
				f.Dataset, f.Key, f.Collapse = d.Name, n.Kind+" "+strings.ToLower(n.Text), "unstable"
				f.Severity = unstableSeverity(p)
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

// unstable says why a note is a matter of when or how often a model runs; empty if it is none.
func unstable(n graph.Note) string {
	context := n.Values["context"]
	switch n.Kind {
	case "clock":
		switch {
		case context == "where" || context == "on" || context == "having" || context == "qualify":
			return "a later run of the same interval selects other rows"
		case context == "projection" && !auditColumn.MatchString(n.Values["alias"]) && n.Values["final"] == "true" && n.Values["alias"] != "":
			return "a later run of the same interval gives another `" + n.Values["alias"] + "`"
		}
	case "random":
		switch {
		case context == "where" || context == "on" || context == "having" || context == "qualify":
			return "each run selects other rows"
		case context == "projection" && !auditColumn.MatchString(n.Values["alias"]) && n.Values["alias"] != "":
			return "each run gives another `" + n.Values["alias"] + "`"
		}
	case "row_number":
		if strings.EqualFold(n.Values["function"], "row_number") {
			return "which row is the first changes from run to run"
		}
	}
	return ""
}

// auditColumn knows columns that say when a row was written.
var auditColumn = regexp.MustCompile(`(?i)^_|^(?:dbt|etl|elt|dw|dwh|audit|meta|sys|row|record|batch|job|run|load|insert|ingest|process|pipeline|snapshot|refresh)_?|(?:load|loaded|insert|inserted|ingest|ingested|ingestion|create|created|update|updated|modified|modify|process|processed|processing|extract|extracted|synced|sync|refresh|refreshed|generated|generate|transformed|transform|calculated|computed|exported|materialized|built|run|written|snapshot|snapshotted|query|queried|as_of|current|execution|executed|audit|published|imported|import)(?:_?(?:at|on|ts|time|date|datetime|timestamp|dt|day|dttm|utc|tstamp))+$`)

// unstableSeverity is High where rows stay from run to run.
func unstableSeverity(p *graph.DatasetFact) rules.Severity {
	kind := strings.ToUpper(p.Settings["kind"])
	switch {
	case p.Settings["materialized"] == "incremental", strings.HasPrefix(kind, "INCREMENTAL"), strings.HasPrefix(kind, "SCD"),
		p.Mode == "append", p.Mode == "merge", p.Mode == "overwrite":
		return rules.High
	}
	return rules.Medium
}

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
