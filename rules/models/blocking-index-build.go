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
	Name:     "blocking-index-build",
	Severity: rules.Medium,
	Class:    rules.Reliability,
	Topic:    "best-practices/performance",
	Sentence: "high availability",
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
		for _, h := range grouped(m, func(h *graph.HazardFact) string {
			if t := strings.ToLower(h.Table); parents[t] || made[m.Unit+"#"+t] {
				return ""
			}
			if h.Kind == "drop index" {
				return h.Kind // the statement doesn't name the table
			}
			return h.Kind + " " + h.Table
		}) {
			indexHazard(pass, m, h)
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

func indexHazard(pass *rules.Pass, m graph.Migration, all hazards) {
	h := all[0]
	name := "an index"
	if h.Name != "" {
		name = "`" + h.Name + "`"
	}
	name += all.and()
	const fix = "add CONCURRENTLY"
	switch h.Kind {
	case "create index":
		all.report(pass, m, rules.Medium, fix, fmt.Sprintf("%s is built without CONCURRENTLY: writers of `%s` wait for the whole build", name, h.Table))
	case "drop index":
		all.report(pass, m, rules.Low, fix, name+" is dropped without CONCURRENTLY: it waits for every query of the table, and those after it wait too")
	case "reindex":
		all.report(pass, m, rules.Medium, "", fmt.Sprintf("REINDEX of `%s` without CONCURRENTLY: writers wait for the whole build", h.Table))
	case "detach partition":
		all.report(pass, m, rules.Medium, "", fmt.Sprintf("%s is detached from `%s` without CONCURRENTLY: queries of the parent wait", name, h.Table))
	case "concurrently in transaction":
		all.report(pass, m, rules.Medium, "", fmt.Sprintf("%s is changed CONCURRENTLY in a transaction, which PostgreSQL refuses: %s", name, h.Note))
	}
}
