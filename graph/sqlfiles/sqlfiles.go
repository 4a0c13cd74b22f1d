// Package sqlfiles reads plain SQL: what its statements create, fill and read.
package sqlfiles

import (
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/sqltext"
	"delint/parsers"
)

var _ = graph.Register(graph.Tool{Name: "sql", Extract: extract})

var modelHeader = regexp.MustCompile(`(?i)^\s*(?:--[^\n]*\n|/\*(?s:.*?)\*/|\s)*(?:MODEL|AUDIT)\s*\(`)

// Schema dumps of other tools and what undoes a migration say nothing about the datasets of a pipeline.
var undone = regexp.MustCompile(`(?i)(?:^|[._/-])(?:down|undo|rollback|teardown|cleanup)(?:[._/-]|$)`)

func extract(f *parsers.File, facts *graph.Facts) {
	switch strings.ToLower(path.Ext(f.Path)) {
	case ".sql", ".hql", ".ddl":
		noteClears(f, facts)
	case ".py", ".sh", ".yml", ".yaml":
		noteClears(f, facts)
		return
	default:
		return
	}
	if facts.Role == graph.RoleVendored || facts.Role == graph.RoleTest || modelHeader.Match(f.Text) || undone.MatchString(f.Path) {
		return
	}
	facts.Alters = append(facts.Alters, sqltext.Altered(f)...)
	facts.Changes = append(facts.Changes, changes(f)...)
	datasets := sqltext.DatasetsOf(sqltext.Statements(f), "sql", f.Span)
	sqltext.Complete(f, datasets)
	facts.Datasets = append(facts.Datasets, datasets...)
	noteAppends(f, facts)
}
