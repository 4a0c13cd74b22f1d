package models

import (
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/dbt"
	"delint/parsers"
	"delint/rules"
)

// HardcodedRelation reports relations that a query names by a literal where its tool gives the name: dbt's ref and source,
// SQLMesh's environments, and the environment itself in plain SQL.
var HardcodedRelation = rules.Repository(rules.Rule{
	Name:     "hardcoded-relation",
	Severity: rules.High,
	Class:    rules.Reliability,
	Topic:    "governance/data-lineage",
	Sentence: "Design code as parameterizable and configurable, not hardcoded",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, p := range dbt.Read(g) {
		if outsideProduction(g, p.Span.Path) {
			continue
		}
		for _, n := range p.Nodes {
			switch n.Kind {
			case "model", "snapshot", "test":
				if !n.Disabled {
					literals(pass, p, n)
				}
			}
		}
	}
	environments(pass, g)
})

// system are schemas that every warehouse has and no project declares.
var system = regexp.MustCompile(`(?i)(?:^|\.)(?:information_schema|pg_catalog|sys|account_usage|organization_usage|reader_account_usage|region-[\w-]+|system|pg_temp|mysql|performance_schema|svv_\w+|stl_\w+|stv_\w+|svl_\w+|sys_\w+|pg_\w+|duckdb_\w+|sqlite_master|__tables__|dual)(?:\.|$)`)

// literals reports the literal names in one model, snapshot or singular test of dbt.
func literals(pass *rules.Pass, p *dbt.Project, n *dbt.Node) {
	said := map[string]bool{}
	for _, note := range n.Fact.Notes {
		name := note.Values["name"]
		if note.Kind != dbt.NoteRelation || strings.Contains(name, graph.Hole) || system.MatchString(name) || n.Kind == "snapshot" && note.Values["statement"] != "select" {
			continue
		}
		parts := strings.Split(name, ".")
		if said[name] || isField(n, parts) || !written(parts) {
			continue
		}
		said[name] = true
		f := pass.ReportAt(note.Span, "`%s` is a literal: dbt knows no lineage, and every target reads the same table", name)
		f.Key, f.Dataset = name, n.Name
		if call := meant(p, parts); call != "" {
			f.Message = "`" + name + "` is a literal where " + call + " is meant"
			f.Fix = &rules.Fix{Title: "replace `" + name + "` by {{ " + call + " }}", Unsafe: true,
				Edits: []rules.Edit{{Path: note.Span.Path, Start: note.Span.Start.Byte, End: note.Span.End.Byte, Text: "{{ " + call + " }}"}}}
		}
	}
}

// isField reports whether a dotted name is a field of something that the query reads: FROM {{ ref('orders') }}, orders.items.
func isField(n *dbt.Node, parts []string) bool {
	if len(parts) < 2 {
		return false
	}
	for _, r := range n.Fact.Reads {
		if r.Tool != "sql" && len(r.Parts) > 0 && strings.EqualFold(r.Parts[len(r.Parts)-1], parts[0]) {
			return true
		}
	}
	return false
}

// written reports whether every part is a name as people give tables.
func written(parts []string) bool {
	for _, part := range parts {
		if part == "" || strings.ContainsAny(part, "{}$@%()/\\*:'<> \t\n") {
			return false
		}
	}
	return true
}

// meant is the call that stands for a literal name, where exactly one node of the project has it.
func meant(p *dbt.Project, parts []string) string {
	name := parts[len(parts)-1]
	var refs, sources []string
	for _, n := range p.Nodes {
		if n.Disabled {
			continue
		}
		switch n.Kind {
		case "source":
			own := n.Fact.Parts
			if strings.EqualFold(own[2], name) && (len(parts) < 2 || strings.EqualFold(own[1], parts[len(parts)-2])) {
				source, table, _ := strings.Cut(n.Name, ".")
				sources = append(sources, "source('"+source+"', '"+table+"')")
			}
		case "model", "seed", "snapshot":
			if alias := n.Settings["alias"]; strings.EqualFold(n.Name, name) && (alias == "" || strings.EqualFold(alias, name)) && inSchema(p, n, parts) && (n.Version == "" || n.Latest) {
				refs = append(refs, "ref('"+n.Name+"')")
			}
		}
	}
	switch {
	case len(sources) == 1:
		return sources[0]
	case len(sources) == 0 && len(refs) == 1:
		return refs[0]
	}
	return ""
}

// inSchema reports whether the schema of a literal name may be that of a model: it is the one that the model is configured with, or
// nothing is known of either.
func inSchema(p *dbt.Project, n *dbt.Node, parts []string) bool {
	if len(parts) < 2 {
		return true
	}
	schema, own := strings.ToLower(parts[len(parts)-2]), strings.ToLower(n.Settings["schema"])
	if own != "" && !strings.ContainsAny(own, "{$~") {
		return schema == own || strings.HasSuffix(schema, "_"+own)
	}
	for _, other := range p.Nodes { // a schema of sources holds no models
		if other.Kind == "source" && strings.EqualFold(other.Fact.Parts[1], schema) {
			return false
		}
	}
	return true
}

var (
	physical    = regexp.MustCompile(`(?i)^sqlmesh__|__(?:dev|development|prod|production|staging|test|qa|uat|ci|pr_?\d+|\w+_dev|dev_\w+)$`)
	environment = regexp.MustCompile(`(?i)^(?:prod|prd|production|dev|development|qa|uat|sandbox)$`)
	affixed     = regexp.MustCompile(`(?i)^(?:prod|prd|production|dev|development|qa|uat|sandbox)[_-]\w|\w[_-](?:prod|prd|production|dev|development|qa|uat|sandbox)$`)
)

// environments reports names that say which environment is meant, in SQLMesh models and in plain SQL.
func environments(pass *rules.Pass, g *graph.Graph) {
	convention := byConvention(g)
	said := map[string]bool{}
	report := func(at parsers.Span, name, part, why string) {
		if key := at.Path + "\x00" + strings.ToLower(part); !said[key] {
			said[key] = true
			f := pass.ReportAt(at, "`%s` %s", name, why)
			f.Severity, f.Key = rules.Medium, strings.ToLower(part)
		}
	}
	for _, file := range g.Files {
		if file.Role != graph.RoleSource || byHand(file.Path) {
			continue
		}
		for i := range file.Datasets {
			d := &file.Datasets[i]
			refs := append([]graph.Ref{{Tool: "sql", Parts: d.Parts, Span: d.Span}}, d.Reads...)
			for _, r := range refs {
				if r.Tool != "sql" && r.Tool != "" || len(r.Parts) < 2 || len(r.Parts) > 3 || d.Kind == "path" {
					continue
				}
				name := strings.Join(r.Parts, ".")
				for j, part := range r.Parts[:len(r.Parts)-1] {
					switch {
					case d.Tool == "sqlmesh" && d.Kind != "external" && (physical.MatchString(part) || j == 0 && len(r.Parts) == 3 && environment.MatchString(part) && !strings.EqualFold(part, own(d))):
						report(r.Span, name, part, "names an environment: SQLMesh gives each plan its own, so every environment reads this one")
					case d.Tool == "sql" && !convention && (environment.MatchString(part) && !strings.EqualFold(part, "production") || affixed.MatchString(part)) && !inPath(file.Path, part):
						report(r.Span, name, part, "names an environment: the same script can't run in another")
					}
				}
			}
		}
	}
}

// own is the catalog of a model's own name, where it says one.
func own(d *graph.DatasetFact) string {
	if len(d.Parts) == 3 {
		return d.Parts[0]
	}
	return ""
}

// inPath reports whether the folders of a file say the environment already.
func inPath(file, part string) bool {
	for _, folder := range strings.Split(strings.ToLower(path.Dir(file)), "/") {
		if folder == strings.ToLower(part) || environment.MatchString(folder) || affixed.MatchString(folder) {
			return true
		}
	}
	return false
}

// byConvention reports whether most of the repository's SQL names one environment, so that the tool that runs it wants it so.
func byConvention(g *graph.Graph) bool {
	all, named := 0, 0
	for _, file := range g.Files {
		qualified, environmental := false, false
		for i := range file.Datasets {
			d := &file.Datasets[i]
			if d.Tool == "sql" && file.Role == graph.RoleSource && len(d.Parts) > 1 {
				qualified = true
				for _, part := range d.Parts[:len(d.Parts)-1] {
					environmental = environmental || environment.MatchString(part) || affixed.MatchString(part)
				}
			}
		}
		if qualified {
			all++
			if environmental {
				named++
			}
		}
	}
	return all >= 10 && named*2 > all
}
