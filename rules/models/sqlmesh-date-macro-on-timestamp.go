package models

import (
	"regexp"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/sqlmesh"
	"delint/rules"
)

// SQLMeshDateMacroOnTimestamp reports timestamps that are compared with the end of the interval as a day: the rows after
// midnight of the last day are not in it.
var SQLMeshDateMacroOnTimestamp = rules.Repository(rules.Rule{
	Name:     "sqlmesh-date-macro-on-timestamp",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "technologies/sqlmesh",
	Sentence: "Design for idempotency and incremental processing",
}, func(pass *rules.Pass, g *graph.Graph) {
	seen := map[string]bool{} // a model with blueprints is several datasets in one place
	for _, d := range g.Datasets {
		for _, p := range d.Producers {
			if p.Tool != "sqlmesh" || d.Why == "test" {
				continue
			}
			for _, n := range p.Notes {
				at := n.Span.Path + ":" + strconv.Itoa(n.Span.Start.Byte)
				if n.Kind != sqlmesh.DateBoundNote || seen[at] {
					continue
				}
				seen[at] = true
				if kind, sure := boundType(g, p, n); isTimestamp(kind) {
					reportBound(pass, d.Name, n, sure)
				}
			}
		}
	}
	for _, f := range g.Files {
		for _, a := range f.Projects {
			if a.Tool != sqlmesh.AuditBound || !judged(f.Role) {
				continue
			}
			n := graph.Note{Text: a.Values["text"], Values: a.Values, Span: a.Span}
			if kind, sure := boundType(g, &graph.DatasetFact{Span: a.Span}, n); isTimestamp(kind) {
				reportBound(pass, a.Name, n, sure)
			}
		}
	}
})

var timestampType = regexp.MustCompile(`(?i)^\s*(?:timestamp|datetime|smalldatetime|to_timestamp)`)

func isTimestamp(kind string) bool { return timestampType.MatchString(kind) }

// timestampName knows names that people give to points in time.
var timestampName = regexp.MustCompile(`(?i)(?:_at|_ts|_tstz|_timestamp|_datetime)$`)

// boundType is the type of the compared column, and whether something says it: the cast in the comparison, what the relation
// that it is read from declares or casts, the model's own projection or declaration, at last its name.
func boundType(g *graph.Graph, p *graph.DatasetFact, n graph.Note) (kind string, sure bool) {
	if c := n.Values["cast"]; c != "" {
		return c, true
	}
	column := n.Values["column"]
	if t := n.Values["table"]; t != "" {
		parts, _ := graph.SplitName(t)
		for _, d := range g.Find(graph.Ref{Tool: "sql", Parts: parts}, p.Span.Path) {
			for _, up := range d.Producers {
				if kind := typeIn(up, column); kind != "" {
					return kind, true
				}
			}
			if c := d.Column(column); c != nil && c.Type != "" {
				return c.Type, true
			}
		}
	}
	if c := n.Values["projected"]; c != "" {
		return c, true
	}
	if kind := typeIn(p, column); kind != "" {
		return kind, true
	}
	if timestampName.MatchString(column) {
		return "timestamp", false
	}
	return "", false
}

func typeIn(p *graph.DatasetFact, column string) string {
	for _, c := range p.Columns {
		if strings.EqualFold(c.Name, column) && c.Type != "" {
			return c.Type
		}
	}
	for _, o := range p.Outputs {
		if strings.EqualFold(o.Name, column) && o.Type != "" {
			return o.Type
		}
	}
	return ""
}

// reportBound reports a comparison in the model or audit of that name.
func reportBound(pass *rules.Pass, name string, n graph.Note, sure bool) {
	f := pass.ReportAt(n.Span, "`%s` is a timestamp: `%s` ends at midnight, so the last day's rows are lost", n.Values["column"], n.Text)
	f.Dataset, f.Key = name, n.Values["column"]
	f.Unit = rules.Unit{Kind: "model", Name: name, StartLine: n.Span.Start.Line, EndLine: n.Span.End.Line}
	if !sure {
		f.Severity = rules.Medium
		f.Evidence = "no type is declared; the column's name says that it is a point in time"
	}
	f.Fix = &rules.Fix{Title: "compare with the macros of timestamps", Unsafe: true, Edits: []rules.Edit{
		{Path: n.Span.Path, Start: n.Span.Start.Byte, End: n.Span.End.Byte, Text: timestampMacro(n.Text)},
	}}
	from, err := strconv.Atoi(n.Values["start_from"])
	to, err2 := strconv.Atoi(n.Values["start_to"])
	if err == nil && err2 == nil {
		f.Fix.Edits = append([]rules.Edit{{Path: n.Span.Path, Start: from, End: to, Text: timestampMacro(n.Values["start"])}}, f.Fix.Edits...)
	}
}

// timestampMacro is the macro of the same bound that has a time: @end_ds → @end_ts.
func timestampMacro(name string) string {
	for _, day := range []string{"_ds", "_date"} {
		if i := strings.LastIndex(strings.ToLower(name), day); i >= 0 {
			return name[:i] + "_ts" + name[i+len(day):]
		}
	}
	return name
}
