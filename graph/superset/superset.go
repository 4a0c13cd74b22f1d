// Package superset reads the assets that Superset exports: databases, datasets, charts and dashboards.
package superset

import (
	"path"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/graph/read/sqltext"
	"delint/parsers"
)

const tool = "superset"

var _ = graph.Register(graph.Tool{Name: tool, Extract: extract, Link: link})

func extract(f *parsers.File, facts *graph.Facts) {
	if e := path.Ext(f.Path); e != ".yaml" && e != ".yml" || facts.Role == graph.RoleVendored ||
		!f.LineBegins("table_name:", "slice_name:", "dashboard_title:", "database_name:") {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) != 1 {
		return
	}
	d := docs[0]
	switch {
	case d.Has("table_name") && (d.Has("database_uuid") || d.Has("metrics") && d.Has("columns")):
		dataset(f, d, facts)
	case d.Has("slice_name") && d.Has("viz_type"):
		other(f, d, "slice_name", "chart", facts)
	case d.Has("dashboard_title") && (d.Has("position") || d.Has("metadata")):
		other(f, d, "dashboard_title", "dashboard", facts)
	case d.Has("database_name") && d.Has("sqlalchemy_uri"):
		other(f, d, "database_name", "database", facts)
	}
}

// dir is the folder that a bundle begins in.
func dir(p string) string {
	folders := strings.Split(path.Dir(p), "/")
	for i := len(folders) - 1; i >= 0; i-- {
		switch folders[i] {
		case "datasets", "charts", "dashboards", "databases":
			return strings.Join(folders[:i], "/")
		}
	}
	return path.Dir(p)
}

// other reads a chart, a dashboard or a database: its name, and what it refers to by uuid.
func other(f *parsers.File, d *plain.Value, key, kind string, facts *graph.Facts) {
	s := graph.SemanticFact{
		Tool: tool, Kind: kind, Name: d.String(key), Dir: dir(f.Path), Description: d.String("description"), Span: d.Get(key).Span,
		Values: map[string]string{},
	}
	for _, k := range []string{"uuid", "dataset_uuid", "viz_type", "certified_by"} {
		if t := d.String(k); t != "" {
			s.Values[k] = t
		}
	}
	facts.Semantics = append(facts.Semantics, s)
}

// dataset reads a dataset: a table or view, or a query of its own (a virtual one).
func dataset(f *parsers.File, d *plain.Value, facts *graph.Facts) {
	at := d.Get("table_name")
	s := graph.SemanticFact{
		Tool: tool, Kind: "dataset", Name: at.Text, Dir: dir(f.Path), Description: d.String("description"), Span: at.Span,
		Values: map[string]string{},
	}
	for _, k := range []string{"uuid", "database_uuid", "schema", "catalog"} {
		if t := d.String(k); t != "" {
			s.Values[k] = t
		}
	}
	query := d.Get("sql")
	switch {
	case query != nil && query.Kind == plain.Scalar && strings.TrimSpace(query.Text) != "":
		q := sqltext.Query(query.Text, query.Span)
		s.SQL = &q
		for _, st := range sqltext.Read(query.Text) {
			for _, n := range st.Reads {
				if graph.Canonical(n.Parts) == nil {
					continue
				}
				parts := n.Parts
				if len(parts) == 1 && d.String("schema") != "" {
					parts = []string{d.String("schema"), parts[0]}
				}
				s.Reads = append(s.Reads, graph.Ref{Tool: "sql", Parts: parts, Span: query.Span})
			}
		}
	default:
		var parts []string
		for _, k := range []string{"catalog", "schema"} {
			if t := d.String(k); t != "" {
				parts = append(parts, t)
			}
		}
		name, _ := graph.SplitName(at.Text)
		if len(name) > 1 {
			parts = nil // the name holds its schema
		}
		s.Reads = append(s.Reads, graph.Ref{Tool: "sql", Parts: append(parts, name...), Span: at.Span})
	}
	for _, m := range d.List("metrics") {
		name := m.Get("metric_name")
		if name == nil || m.String("expression") == "" {
			continue
		}
		s.Members = append(s.Members, graph.MemberFact{
			Kind: "measure", Name: name.Text, Type: "number", SQL: m.String("expression"), Description: m.String("description"), Span: name.Span,
		})
	}
	for _, c := range d.List("columns") {
		name := c.Get("column_name")
		if name == nil {
			continue
		}
		m := graph.MemberFact{Kind: "dimension", Name: name.Text, Type: c.String("type"), SQL: name.Text, Description: c.String("description"), Span: name.Span}
		if e := strings.TrimSpace(c.String("expression")); e != "" {
			m.SQL = e
		}
		s.Members = append(s.Members, m)
	}
	facts.Semantics = append(facts.Semantics, s)
	for _, ref := range s.Reads {
		facts.Uses = append(facts.Uses, graph.UseFact{
			Tool: tool, Kind: "dataset", By: s.Name, Description: s.Description, Public: true, Ref: ref, Span: s.Span, Columns: s.Columns(),
		})
	}
}

// link gives charts the datasets of the dataset that they draw.
func link(g *graph.Graph) {
	reads := map[string][]graph.Ref{}
	for _, f := range g.Files {
		for i := range f.Semantics {
			if s := &f.Semantics[i]; s.Tool == tool && s.Kind == "dataset" && s.Values["uuid"] != "" {
				reads[s.Values["uuid"]] = s.Reads
			}
		}
	}
	if len(reads) == 0 {
		return
	}
	for _, f := range g.Files {
		for i := range f.Semantics {
			if s := &f.Semantics[i]; s.Tool == tool && s.Kind == "chart" && s.Reads == nil {
				s.Reads = reads[s.Values["dataset_uuid"]]
			}
		}
	}
}
