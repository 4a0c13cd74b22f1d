// Package sqlmesh reads SQLMesh projects from their source, without loading them: models in SQL and Python, audits, tests,
// external models, macros and the configuration. Each file says its part; Link joins what needs the project.
package sqlmesh

import (
	"path"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

const tool = "sqlmesh"

var _ = graph.Register(graph.Tool{Name: tool, Extract: extract, Link: link})

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored {
		return
	}
	base := path.Base(f.Path)
	switch ext := path.Ext(f.Path); {
	case ext == ".sql" && f.Tree != nil && f.Tree.Grammar == sql.Grammar:
		blocks(f, facts)
		jinjaMacros(f, facts)
	case ext == ".py" && f.Tree != nil:
		pythonFile(f, facts)
	case base == "external_models.yaml" || base == "external_models.yml" || base == "schema.yaml" || strings.Contains("/"+f.Path, "/external_models/"):
		external(f, facts)
	case base == "config.yaml" || base == "config.yml" || base == "sqlmesh.yaml" || base == "sqlmesh.yml":
		config(f, facts)
	case (ext == ".yaml" || ext == ".yml") && strings.Contains("/"+f.Path, "/tests/"):
		tests(f, facts)
	}
}

// blocks reads the MODEL and AUDIT blocks of an SQL file. A file holds one model, with the audits that belong to it, or any
// number of audits.
func blocks(f *parsers.File, facts *graph.Facts) {
	statements := sql.Of(f).Statements
	found := false
	for i, s := range statements {
		switch s.Kind {
		case sql.StatementModel:
			if !found {
				model(f, facts, newHead(f, s.Model), statements)
			}
			found = true
		case sql.StatementAudit:
			found = true
			audit(f, facts, newHead(f, s.Model), body(statements[i+1:]))
		case sql.StatementMetric:
			found = true
		}
	}
	if !found && strings.Contains("/"+f.Path, "/audits/") && len(statements) > 0 {
		facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: BlocklessAudit, Name: f.Path, Span: f.Span(statements[0].Start(), statements[0].End())})
	}
}

// body is the statements that belong to the block before them: up to the next block.
func body(statements []*sql.Statement) []*sql.Statement {
	for i, s := range statements {
		if s.Model != nil {
			return statements[:i]
		}
	}
	return statements
}

// folder is the folder of a file, "" for the root.
func folder(p string) string {
	if d := path.Dir(p); d != "." {
		return d
	}
	return ""
}
