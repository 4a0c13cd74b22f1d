package models

import (
	"fmt"
	"strings"

	"delint/graph"
	"delint/rules"
)

// UnsafeColumnAdd reports what migrations do to columns of tables that have rows: a required column without a default, which
// fails, and defaults, constraints and NOT NULL that rewrite or read the whole table under a lock.
var UnsafeColumnAdd = rules.Repository(rules.Rule{
	Name:      "unsafe-column-add",
	Severity:  rules.High,
	Class:     rules.Correctness,
	Topic:     "fundamentals/data-modeling",
	Sentence:  "Plan for schema evolution and backward compatibility",
	Collapsed: func(n int) string { return fmt.Sprintf("%d changes of columns fail or lock on tables with rows", n) },
}, func(pass *rules.Pass, g *graph.Graph) {
	all := g.Migrations()
	made := madeByUnit(all)
	proven := map[string]bool{}
	for _, m := range all {
		for _, c := range m.Proven {
			proven[c] = true
		}
	}
	for _, m := range all {
		if !runs(m) {
			continue
		}
		for i := range m.Hazards {
			h := &m.Hazards[i]
			if h.Kind == "set not null" && proven[strings.ToLower(h.Table+"."+h.Name)] || made[m.Unit+"#"+strings.ToLower(h.Table)] {
				continue
			}
			columnHazard(pass, m, h)
		}
	}
})

// runs reports whether a migration goes forward on a database that somebody keeps.
func runs(m graph.Migration) bool {
	return !m.Down && judged(m.File.Role) && !playground.MatchString(m.File.Path)
}

// columnHazard reports a hazard of a column or constraint, as far as the migration's database has it.
func columnHazard(pass *rules.Pass, m graph.Migration, h *graph.HazardFact) {
	var message string
	severity := rules.Medium
	postgres := m.Engine == "postgres" && h.Exact
	switch {
	case h.Kind == "required column":
		severity = rules.High
		switch m.Engine {
		case "postgres":
			message = "`%s.%s` is required and has no default: the migration fails where the table has rows"
			if !h.Exact && m.Parsed {
				return
			}
		case "mysql":
			message = "`%s.%s` is required and has no default: inserts that don't name it fail"
			if h.Exact {
				return
			}
		case "sqlite", "h2", "hsqldb", "derby", "clickhouse", "spark", "databricks", "duckdb", "bigquery", "cassandra":
			return // they refuse it always, or give it a value
		default:
			if h.Exact && m.Tool != "alembic" {
				return
			}
			severity = rules.Low
			message = "`%s.%s` is required and has no default, which most databases refuse where the table has rows"
		}
	case !postgres:
		return
	case h.Kind == "volatile default":
		message = "the default of `%s.%s` differs from row to row: the whole table is rewritten under a lock"
	case h.Kind == "set not null":
		message = "NOT NULL of `%s.%s` reads the whole table under a lock: no validated CHECK proves it"
	case h.Kind == "unvalidated foreign key":
		message = "the foreign key `%[2]s` of `%[1]s` is checked for every row under a lock, without NOT VALID"
	case h.Kind == "unvalidated check":
		message = "the check `%[2]s` of `%[1]s` reads the whole table under a lock, without NOT VALID"
	default:
		return
	}
	if h.Name == "" {
		message = strings.NewReplacer("`%[2]s` of `%[1]s`", "of `%[1]s`").Replace(message)
		message = fmt.Sprintf(message, h.Table)
	} else {
		message = fmt.Sprintf(message, h.Table, h.Name)
	}
	f := pass.ReportAt(h.Span, "%s", message)
	f.Severity, f.Key, f.Collapse = severity, h.Kind+" "+h.Table+"."+h.Name, "columns"
	f.Fix = hazardFix(m, h, map[string]string{"required column": "leave the column nullable", "unvalidated foreign key": "add NOT VALID", "unvalidated check": "add NOT VALID"}[h.Kind])
}

// hazardFix is the edit that ends a hazard; nil where there is none.
func hazardFix(m graph.Migration, h *graph.HazardFact, title string) *rules.Fix {
	if h.Start == h.End && h.Text == "" || title == "" {
		return nil
	}
	return &rules.Fix{Title: title, Unsafe: true, Edits: []rules.Edit{{Path: m.File.Path, Start: h.Start, End: h.End, Text: h.Text}}}
}
