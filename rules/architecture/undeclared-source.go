package architecture

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// UndeclaredSource reports tables that SQLMesh models read and that nothing in the repository builds or declares, and says once
// of the plain SQL of a repository which tables it takes from elsewhere. Literal names in dbt models are hardcoded-relation's.
var UndeclaredSource = rules.Repository(rules.Rule{
	Name:     "undeclared-source",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "governance/data-lineage",
	Sentence: "Document data lineage, metadata, and data dictionaries",
}, func(pass *rules.Pass, g *graph.Graph) {
	u := &undeclared{g: g, seen: map[string]bool{}}
	for _, d := range g.Datasets {
		if !d.InScope {
			continue
		}
		for _, p := range d.Producers {
			f := g.File(p.Span.Path)
			if p.Tool != "sqlmesh" && p.Tool != "sql" || f == nil || f.Role != graph.RoleSource || p.Confidence == graph.Partial {
				continue
			}
			for _, r := range p.Reads {
				if name := u.missing(r, p.Span.Path); name != "" {
					u.file(p.Tool, name, r.Span)
				}
			}
		}
	}
	for _, m := range u.sqlmesh {
		f := pass.ReportAt(m.at, "`%s` is read, but nothing here builds or declares it", m.name)
		f.Key, f.Dataset = m.name, m.name
		if file := u.declarations(m.at.Path); file != "" {
			f.Evidence = "declare it in " + file
		}
	}
	u.plain(pass)
})

type table struct {
	name string
	at   parsers.Span
}

type undeclared struct {
	g       *graph.Graph
	seen    map[string]bool
	sqlmesh []table
	sql     []table
}

func (u *undeclared) file(tool, name string, at parsers.Span) {
	if u.seen[tool+"\x00"+name] {
		return
	}
	u.seen[tool+"\x00"+name] = true
	if tool == "sqlmesh" {
		u.sqlmesh = append(u.sqlmesh, table{name, at})
	} else {
		u.sql = append(u.sql, table{name, at})
	}
}

// systems are schemas and names that no repository declares.
var systems = regexp.MustCompile(`^(?:information_schema|pg_catalog|pg_\w+|sys|system|account_usage|organization_usage|mysql|performance_schema|svv_\w+|stl_\w+|stv_\w+|duckdb_\w+|sqlite_\w+|dual|sysibm|generate_series|inserted|deleted|snowflake|region-[\w-]+|_\w+|bigquery-public-data|sqlmesh__\w+|temp|tmp|pg_temp|#\w+|excluded|new|old)$`)

// extensions are the last words of names of files.
var extensions = regexp.MustCompile(`(?i)^(?:csv|tsv|txt|gz|json|jsonl|ndjson|parquet|avro|orc|xlsx|dat|sql|db)$`)

var plainName = regexp.MustCompile(`^[A-Za-z_][\w$-]*$`)

// missing is the canonical name of a reference that nothing answers; empty where something does or could.
func (u *undeclared) missing(r graph.Ref, from string) string {
	if r.Tool != "sql" && r.Tool != "" || len(r.Parts) < 2 || r.Inferred {
		return "" // a bare name may be a temporary table, a variable, a table function
	}
	for _, p := range r.Parts {
		if !plainName.MatchString(p) || systems.MatchString(strings.ToLower(p)) {
			return ""
		}
	}
	if extensions.MatchString(r.Parts[len(r.Parts)-1]) {
		return "" // COPY … FROM 'admissions.csv'
	}
	if scratch := strings.ToLower(r.Parts[len(r.Parts)-1]); strings.HasPrefix(scratch, "tmp_") || strings.HasSuffix(scratch, "_tmp") || strings.HasPrefix(scratch, "temp_") {
		return ""
	}
	parts := graph.Canonical(r.Parts)
	if parts == nil || len(u.g.Find(r, from)) > 0 {
		return ""
	}
	name := strings.Join(parts, ".")
	for _, d := range u.g.Datasets { // the same table in another spelling of its schema is none that is missing
		if d.Parts[len(d.Parts)-1] == parts[len(parts)-1] && strings.Contains(d.Name, graph.Hole) {
			return ""
		}
	}
	for _, c := range u.g.Contracts {
		if n := len(c.Target.Parts); n > 0 && strings.EqualFold(c.Target.Parts[n-1], parts[len(parts)-1]) {
			return ""
		}
	}
	return name
}

// declarations is the external_models.yaml that is nearest to a model.
func (u *undeclared) declarations(model string) string {
	best := ""
	for _, p := range u.g.Paths {
		if strings.HasSuffix(p, "external_models.yaml") || strings.HasSuffix(p, "external_models.yml") {
			dir := p[:strings.LastIndexByte(p, '/')+1]
			if strings.HasPrefix(model, dir) && len(p) > len(best) {
				best = p
			}
		}
	}
	return best
}

// maxNames bounds the tables that the one finding on plain SQL names.
const maxNames = 5

// plain says once which tables the plain SQL of the repository takes from elsewhere.
func (u *undeclared) plain(pass *rules.Pass) {
	if len(u.sql) == 0 {
		return
	}
	slices.SortFunc(u.sql, func(a, b table) int { return strings.Compare(a.name, b.name) })
	var names []string
	for _, t := range u.sql[:min(maxNames, len(u.sql))] {
		names = append(names, t.name)
	}
	f := pass.ReportRepository("SQL reads %s that nothing here builds or declares: %s", tables(len(u.sql)), strings.Join(names, ", "))
	f.Key = "plain SQL"
	for _, t := range u.sql[:min(maxNames, len(u.sql))] {
		f.Places = append(f.Places, rules.Place{Span: t.at, Message: t.name})
	}
}

func tables(n int) string {
	if n == 1 {
		return "1 table"
	}
	return fmt.Sprintf("%d tables", n)
}
