package models

import (
	"fmt"
	"regexp"
	"strings"

	"delint/graph"
	"delint/rules"
)

// playground knows folders whose migrations never meet a database that somebody keeps.
var playground = regexp.MustCompile(`(?i)(?:^|/)(?:test[_-]?data|fixtures?|stubs?|examples?|samples?|benchmarks?|mocks?)/`)

// BlockingIndexBuild reports indexes that PostgreSQL builds, drops or rebuilds while writers wait, and those that are built
// CONCURRENTLY where there is a transaction, which PostgreSQL refuses.
var BlockingIndexBuild = rules.Repository(rules.Rule{
	Name:      "blocking-index-build",
	Severity:  rules.Medium,
	Class:     rules.Reliability,
	Topic:     "best-practices/performance",
	Sentence:  "high availability",
	Collapsed: func(n int) string { return fmt.Sprintf("%d indexes are built or dropped while writers wait", n) },
}, func(pass *rules.Pass, g *graph.Graph) {
	all := g.Migrations()
	made := madeByUnit(all)
	parents := map[string]bool{}
	for _, m := range all {
		for _, t := range m.Partitioned {
			parents[t] = true
		}
	}
	for _, m := range all {
		if m.Engine != "postgres" || !runs(m) {
			continue
		}
		for i := range m.Hazards {
			if h := &m.Hazards[i]; !parents[strings.ToLower(h.Table)] && !made[m.Unit+"#"+strings.ToLower(h.Table)] {
				indexHazard(pass, m, h)
			}
		}
	}
})

// madeByUnit is the tables that migrations of several files make, each with its unit.
func madeByUnit(all []graph.Migration) map[string]bool {
	made := map[string]bool{}
	for _, m := range all {
		for _, t := range m.Made {
			if m.Unit != "" {
				made[m.Unit+"#"+t] = true
			}
		}
	}
	return made
}

func indexHazard(pass *rules.Pass, m graph.Migration, h *graph.HazardFact) {
	name := "an index"
	if h.Name != "" {
		name = "`" + h.Name + "`"
	}
	message, severity := "", rules.Medium
	switch h.Kind {
	case "create index":
		message = fmt.Sprintf("%s is built without CONCURRENTLY: writers of `%s` wait for the whole build", name, h.Table)
	case "drop index":
		severity = rules.Low
		message = fmt.Sprintf("%s is dropped without CONCURRENTLY: it waits for every query of the table, and those after it wait too", name)
	case "reindex":
		message = fmt.Sprintf("REINDEX of `%s` without CONCURRENTLY: writers wait for the whole build", h.Table)
	case "detach partition":
		message = fmt.Sprintf("`%s` is detached from `%s` without CONCURRENTLY: queries of the parent wait", h.Name, h.Table)
	case "concurrently in transaction":
		message = fmt.Sprintf("%s is built CONCURRENTLY in a transaction, which PostgreSQL refuses: %s", name, h.Note)
	default:
		return
	}
	f := pass.ReportAt(h.Span, "%s", message)
	f.Severity, f.Key, f.Collapse = severity, h.Kind+" "+h.Table+"."+h.Name, h.Kind
	f.Fix = hazardFix(m, h, "add CONCURRENTLY")
}
