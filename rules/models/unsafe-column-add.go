package models

import (
	"fmt"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// UnsafeColumnAdd reports what migrations do to columns of tables that have rows: a required column without a default, which
// fails, and defaults, constraints and NOT NULL that rewrite or read the whole table under a lock.
var UnsafeColumnAdd = rules.Repository(rules.Rule{
	Name:     "unsafe-column-add",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "fundamentals/data-modeling",
	Sentence: "Plan for schema evolution and backward compatibility",
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
		for _, h := range grouped(m, func(h *graph.HazardFact) string {
			if h.Kind == "set not null" && proven[strings.ToLower(h.Table+"."+h.Name)] || made[m.Unit+"#"+strings.ToLower(h.Table)] {
				return ""
			}
			return h.Kind + " " + h.Table
		}) {
			columnHazard(pass, m, h)
		}
	}
})

// hazards are those of one kind that a migration has on one table: one finding.
type hazards []*graph.HazardFact

// grouped joins the hazards of a migration by a key, in the order of the text; those without a key are left out.
func grouped(m graph.Migration, by func(*graph.HazardFact) string) (out []hazards) {
	at := map[string]int{}
	for i := range m.Hazards {
		h := &m.Hazards[i]
		k := by(h)
		if k == "" {
			continue
		}
		if k += fmt.Sprint(h.Exact); at[k] == 0 {
			out = append(out, nil)
			at[k] = len(out)
		}
		out[at[k]-1] = append(out[at[k]-1], h)
	}
	return out
}

// and says how many more the group has.
func (all hazards) and() string {
	if len(all) == 1 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", len(all)-1)
}

// report adds the finding of the group, and a fix where every one of it has an edit.
func (all hazards) report(pass *rules.Pass, m graph.Migration, severity rules.Severity, title, message string) {
	h := all[0]
	f := pass.ReportAt(h.Span, "%s", message)
	f.Severity, f.Key = severity, h.Kind+" "+h.Table+"."+h.Name
	fix := &rules.Fix{Title: title, Unsafe: true}
	for i, x := range all {
		if i > 0 && i < 6 {
			f.Places = append(f.Places, rules.Place{Span: x.Span, Message: "`" + x.Name + "` too"})
		}
		if x.Start != x.End || x.Text != "" {
			fix.Edits = append(fix.Edits, rules.Edit{Path: m.File.Path, Start: x.Start, End: x.End, Text: x.Text})
		}
	}
	if title != "" && len(fix.Edits) == len(all) {
		f.Fix = fix
	}
}

// runs reports whether a migration goes forward on a database that somebody keeps.
func runs(m graph.Migration) bool {
	return !m.Down && judged(m.File.Role) && !playground.MatchString(m.File.Path)
}

// bigValues are the types whose columns could have no default in MySQL for long.
var bigValues = []string{"text", "tinytext", "mediumtext", "longtext", "blob", "mediumblob", "longblob", "json", "geometry"}

// columnHazard reports a hazard of a column or constraint, as far as the migration's database has it.
func columnHazard(pass *rules.Pass, m graph.Migration, all hazards) {
	h := all[0]
	column := "`" + h.Table + "." + h.Name + "`" + all.and()
	constraint := "of `" + h.Table + "`" + all.and()
	if h.Name != "" {
		constraint = "`" + h.Name + "` " + constraint
	}
	if h.Kind == "required column" {
		required(pass, m, all, column)
		return
	}
	if m.Engine != "postgres" || !h.Exact {
		return
	}
	switch h.Kind {
	case "volatile default":
		all.report(pass, m, rules.Medium, "", "the value of "+column+" differs from row to row: the whole table is rewritten under a lock")
	case "set not null":
		all.report(pass, m, rules.Medium, "", "NOT NULL of "+column+" reads the whole table under a lock: no validated CHECK proves it")
	case "unvalidated foreign key":
		all.report(pass, m, rules.Medium, "add NOT VALID", "the foreign key "+constraint+" is checked for every row under a lock, without NOT VALID")
	case "unvalidated check":
		all.report(pass, m, rules.Medium, "add NOT VALID", "the check "+constraint+" reads the whole table under a lock, without NOT VALID")
	}
}

// required reports a column that has no value for the rows that are there.
func required(pass *rules.Pass, m graph.Migration, all hazards, column string) {
	h := all[0]
	words := m.Tool == "alembic" || !h.Exact // read as any database's
	switch m.Engine {
	case "postgres":
		if h.Exact || !m.Parsed {
			all.report(pass, m, rules.High, "leave the column nullable", column+" is required and has no default: the migration fails where the table has rows")
		}
	case "mysql":
		if words && !slices.Contains(bigValues, h.Note) {
			all.report(pass, m, rules.High, "", column+" is required and has no default: inserts that don't name it fail")
		}
	case "sqlite", "h2", "hsqldb", "derby", "clickhouse", "spark", "databricks", "duckdb", "bigquery", "cassandra", "several":
		// they refuse it always, or give it a value, or only some of several do
	default:
		if words {
			all.report(pass, m, rules.Low, "", column+" is required and has no default, which most databases refuse where the table has rows")
		}
	}
}
