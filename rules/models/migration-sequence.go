package models

import (
	"path"
	"slices"

	"delint/graph"
	"delint/rules"
)

// MigrationSequence reports series of migrations that databases can't agree on: two of one version, one without its way
// back, a merged one that was edited, and rows and tables changed together where nothing takes back half of it.
var MigrationSequence = rules.Repository(rules.Rule{
	Name:     "migration-sequence",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "best-practices/code-quality",
	Sentence: "GitOps workflows",
}, func(pass *rules.Pass, g *graph.Graph) {
	series := map[string][]graph.Migration{}
	var order []string
	for _, m := range g.Migrations() {
		if !judged(m.File.Role) || playground.MatchString(m.File.Path) {
			continue
		}
		if m.Series != "" && m.Version != "" && m.Tool != "alembic" {
			if series[m.Series] == nil {
				order = append(order, m.Series)
			}
			series[m.Series] = append(series[m.Series], m)
		}
		halves(pass, m)
	}
	for _, s := range order {
		duplicates(pass, series[s])
		wayBack(pass, series[s])
	}
	edited(pass, g)
})

// strict are the tools that refuse, or skip one of, two migrations of one version.
var strict = []string{"flyway", "golang-migrate", "goose", "dbmate", "popx"}

func duplicates(pass *rules.Pass, all []graph.Migration) {
	for i, m := range all {
		for _, before := range slices.Backward(all[:i]) {
			if graph.CompareVersions(before.Version, m.Version) != 0 {
				break
			}
			if before.Tool == m.Tool && before.Down == m.Down && !m.Down && slices.Contains(strict, m.Tool) && before.Engine == m.Engine {
				f := pass.ReportAt(m.Span, "version %s is `%s` too: %s runs one of them at most", m.Version, path.Base(before.File.Path), m.Tool)
				f.Key = m.Version
				f.Places = append(f.Places, rules.Place{Span: before.Span, Message: "the same version"})
				break
			}
		}
	}
}

// wayBack reports the few migrations of a series that can't be taken back, where all others can.
func wayBack(pass *rules.Pass, all []graph.Migration) {
	if all[0].Tool == "popx" || all[0].Tool == "flyway" { // a file for every database takes back those of one
		return
	}
	down := map[string]bool{}
	for _, m := range all {
		if m.Down || m.HasDown {
			down[m.Version] = true
		}
	}
	var lack []graph.Migration
	up := 0
	for _, m := range all {
		if !m.Down && !m.Repeatable {
			up++
			if !down[m.Version] {
				lack = append(lack, m)
			}
		}
	}
	if up < 5 || len(lack) > up/10 {
		return
	}
	for _, m := range lack {
		f := pass.ReportAt(m.Span, "migration %s can't be taken back: it has no down part, as the %d others have", m.Version, up-len(lack))
		f.Key, f.Severity = m.Version, rules.Low
	}
}

// implicit are the databases that commit at every change of a table.
var implicit = []string{"mysql", "snowflake", "bigquery", "oracle"}

// halves reports a migration that changes tables and rows on a database where a failure leaves half of it.
func halves(pass *rules.Pass, m graph.Migration) {
	if m.Down || m.Repeatable || !slices.Contains(implicit, m.Engine) {
		return
	}
	var ddl, data *graph.MigrationStep
	for i := range m.Steps {
		s := &m.Steps[i]
		switch {
		case s.Op == "data" && data == nil:
			data = s
		case s.Op != "data" && ddl == nil:
			ddl = s
		}
	}
	if ddl == nil || data == nil {
		return
	}
	f := pass.ReportAt(data.Span, "rows of `%s` change beside tables: %s commits at each change of a table, so a failure leaves half", data.Parts[len(data.Parts)-1], engineName(m.Engine))
	f.Key, f.Severity = "half", rules.Low
	f.Places = append(f.Places, rules.Place{Span: ddl.Span, Message: "a table changes here"})
}

func engineName(engine string) string {
	return map[string]string{"mysql": "MySQL", "snowflake": "Snowflake", "bigquery": "BigQuery", "oracle": "Oracle"}[engine]
}

// edited reports migrations that were merged already and read differently now.
func edited(pass *rules.Pass, g *graph.Graph) {
	if g.Base == nil {
		return
	}
	for _, f := range g.Files {
		old := g.Base.File(f.Path)
		if old == nil || !judged(f.Role) || playground.MatchString(f.Path) {
			continue
		}
		for i, m := range f.Migrations {
			if i < len(old.Migrations) && old.Migrations[i].Digest != m.Digest && !m.Repeatable && !m.Down {
				f := pass.ReportAt(m.Span, "`%s` was merged before and is edited now: databases that ran it keep the old form", path.Base(m.Span.Path))
				f.Key = "edited"
			}
		}
	}
}
