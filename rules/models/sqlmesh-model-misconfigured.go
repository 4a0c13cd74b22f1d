package models

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/sqlmesh"
	"delint/parsers"
	"delint/rules"
)

// SQLMeshModelMisconfigured reports models and audits that SQLMesh refuses to load, and columns that a key asks for and the
// query does not project. Every case was tried with SQLMesh 0.236.
var SQLMeshModelMisconfigured = rules.Repository(rules.Rule{
	Name:     "sqlmesh-model-misconfigured",
	Severity: rules.High,
	Class:    rules.Reliability,
	Topic:    "technologies/sqlmesh",
	Sentence: "SQLMesh for SQL-based transformations",
}, func(pass *rules.Pass, g *graph.Graph) {
	m := &misconfigured{pass: pass, g: g, configurations: sqlmesh.ConfigurationsOf(g), known: sqlmesh.NamesOf(g), seen: map[parsers.Span]bool{}}
	for _, d := range g.Datasets {
		if d.Why == "test" {
			continue
		}
		var first *graph.DatasetFact
		for _, p := range d.Producers {
			if p.Tool != "sqlmesh" || p.Kind == "external" || m.configurations.Of(p.Span.Path) == nil {
				continue
			}
			m.model(d, p)
			if first != nil && first.Span.Path != p.Span.Path && m.configurations.Of(first.Span.Path) == m.configurations.Of(p.Span.Path) &&
				strings.EqualFold(strings.Join(first.Parts, "."), strings.Join(p.Parts, ".")) {
				m.report(p.Span, d.Name, "name", "two models are named `%s`", d.Name).Places = []rules.Place{{Span: first.Span, Message: "the other one"}}
			}
			if first == nil {
				first = p
			}
		}
	}
	m.audits()
})

type misconfigured struct {
	pass           *rules.Pass
	g              *graph.Graph
	known          sqlmesh.Names
	configurations sqlmesh.Configurations
	seen           map[parsers.Span]bool // a model with blueprints is several datasets in one place
}

func (m *misconfigured) report(at parsers.Span, dataset, key, format string, args ...any) *rules.Finding {
	if m.seen[at] {
		return &rules.Finding{}
	}
	m.seen[at] = true
	f := m.pass.ReportAt(at, format, args...)
	f.Dataset, f.Key = dataset, key
	f.Unit = rules.Unit{Kind: "model", Name: dataset, StartLine: at.Start.Line, EndLine: at.End.Line}
	return f
}

func (m *misconfigured) model(d *graph.Dataset, p *graph.DatasetFact) {
	if p.Settings["language"] == "python" {
		return // decorators are built by code
	}
	kind := p.Settings["kind"]
	if p.Settings["inferred_name"] == "true" && !p.Pending && p.Settings["generated"] == "" {
		if c := m.configurations.Of(p.Span.Path); c.Values["language"] == "yaml" && c.Values["templated"] == "" && c.Values["infer_names"] != "true" {
			m.report(p.Span, d.Name, "name", "the model has no `name`, and `model_naming.infer_names` is off")
		}
	}
	var options []string
	for _, n := range p.Notes {
		switch n.Kind {
		case sqlmesh.PropertyNote:
			m.property(d, p, n)
		case sqlmesh.OptionNote:
			options = append(options, n.Text)
			m.option(d, n, kind)
		case sqlmesh.MacroNote:
			m.macro(d, p, n)
		}
	}
	m.required(d, p, kind, options)
	m.columns(d, p)
}

// property judges one key of the block.
func (m *misconfigured) property(d *graph.Dataset, p *graph.DatasetFact, n graph.Note) {
	key := n.Text
	switch {
	case strings.HasPrefix(key, "@") || key == "":
	case key == "default_catalog":
		m.report(n.Span, d.Name, key, "`default_catalog` belongs to the connection, not to a model")
	case !slices.Contains(sqlmesh.Keys, key):
		m.report(n.Span, d.Name, key, "MODEL has no key `%s`; %s", key, suggestion(key, sqlmesh.Keys))
	case key == "grain" && p.Settings["grains"] != "":
		m.report(n.Span, d.Name, key, "a model has `grain` or `grains`, not both")
	case key == "kind":
		kind := strings.ToUpper(p.Settings["kind"])
		_, ok := sqlmesh.Kinds[kind]
		if !ok && !sqlmesh.OpenKinds[kind] && !strings.Contains(kind, "@") && !strings.Contains(n.Values["value"], "@") {
			m.report(n.Span, d.Name, key, "SQLMesh has no kind `%s`; %s", kind, suggestion(kind, kinds()))
		}
	case key == "audits" && p.Settings["kind"] == "EMBEDDED" && n.Values["value"] != "":
		m.report(n.Span, d.Name, key, "an EMBEDDED model has no table, so it can't have audits")
	}
}

func kinds() (out []string) {
	for k := range sqlmesh.Kinds {
		out = append(out, k)
	}
	slices.Sort(out)
	return append(out, "CUSTOM")
}

// suggestion is the nearest word, else all of them.
func suggestion(word string, allowed []string) string {
	if near := rules.Nearest(word, allowed); near != "" {
		return "did you mean `" + near + "`?"
	}
	if len(allowed) == 0 {
		return "it has no options"
	}
	return "allowed: " + strings.Join(allowed, ", ")
}

// option judges one option of the kind.
func (m *misconfigured) option(d *graph.Dataset, n graph.Note, name string) {
	kind, ok := sqlmesh.Kinds[name]
	allowed := slices.Concat(kind.Required, kind.Optional)
	switch {
	case !ok || strings.HasPrefix(n.Text, "@"):
	case name == "INCREMENTAL_BY_UNIQUE_KEY" && n.Text == "batch_concurrency":
		m.report(n.Span, d.Name, n.Text, "`batch_concurrency` can't be set for INCREMENTAL_BY_UNIQUE_KEY: batches run one by one")
	case name == "INCREMENTAL_BY_PARTITION" && n.Text == "forward_only":
		m.report(n.Span, d.Name, n.Text, "`forward_only` can't be set for INCREMENTAL_BY_PARTITION: it always is")
	case !slices.Contains(allowed, n.Text):
		m.report(n.Span, d.Name, n.Text, "kind %s has no option `%s`; %s", name, n.Text, suggestion(n.Text, allowed))
	}
}

// required judges what the kind can't do without.
func (m *misconfigured) required(d *graph.Dataset, p *graph.DatasetFact, name string, options []string) {
	at := p.Span
	for _, n := range p.Notes {
		if n.Kind == sqlmesh.PropertyNote && n.Text == "kind" {
			at = n.Span
			if strings.Contains(n.Values["value"], "@") {
				return
			}
		}
	}
	for _, o := range sqlmesh.Kinds[name].Required {
		if !slices.Contains(options, o) && at != p.Span {
			m.report(at, d.Name, o, "kind %s needs `%s`", name, o)
		}
	}
	if p.Settings["generated"] != "" || p.Settings["partitioned_by"] != "" {
		return
	}
	if name == "INCREMENTAL_BY_PARTITION" || name == "INCREMENTAL_UNMANAGED" && strings.EqualFold(p.Settings["insert_overwrite"], "true") {
		m.report(at, d.Name, "partitioned_by", "kind %s needs `partitioned_by`", name)
	}
}

// columns judges the columns that keys of the block name: the query must project them.
func (m *misconfigured) columns(d *graph.Dataset, p *graph.DatasetFact) {
	var have []string
	if p.ColumnsAll {
		for _, c := range p.Columns {
			have = append(have, strings.ToLower(c.Name))
		}
	} else if have = projected(p); have == nil {
		return
	}
	if strings.HasPrefix(p.Settings["kind"], "SCD_TYPE_2") {
		return // SQLMesh adds columns of its own
	}
	for _, n := range p.Notes {
		if n.Kind != sqlmesh.ColumnNote || strings.ContainsAny(n.Text, "@{. ") || slices.Contains(have, strings.ToLower(n.Text)) || isKeyword(n) {
			continue
		}
		hint := ""
		if near := rules.Nearest(strings.ToLower(n.Text), have); near != "" {
			hint = fmt.Sprintf(": did you mean `%s`?", near)
		}
		f := m.report(n.Span, d.Name, n.Values["key"]+"."+n.Text, "`%s` names `%s`, which the model does not project%s", n.Values["key"], n.Text, hint)
		if k := n.Values["key"]; k == "grain" || k == "grains" {
			f.Severity = rules.Medium // SQLMesh loads the model and never looks
		}
	}
}

// isKeyword knows the words that stand where a column may: CLUSTER BY AUTO, units of time, ASC.
func isKeyword(n graph.Note) bool {
	switch strings.ToLower(n.Text) {
	case "auto", "none", "asc", "desc", "day", "month", "year", "hour", "week", "date", "timestamp", "as", "interval":
		return true
	}
	return false
}

// projected is the names of the query's columns in lower case; nil where they are not all known.
func projected(p *graph.DatasetFact) (out []string) {
	for _, n := range p.Notes {
		if n.Kind == sqlmesh.ProjectionNote {
			return strings.Split(strings.ToLower(n.Text), ",")
		}
	}
	return nil
}

// macro judges a macro that the file does not define.
func (m *misconfigured) macro(d *graph.Dataset, p *graph.DatasetFact, n graph.Note) {
	if p.Settings["jinja"] != "" {
		return
	}
	if n.Values["call"] == "true" {
		if !m.known.OpenMacros && !m.known.Macros[n.Text] {
			m.report(n.Span, d.Name, "@"+n.Text, "no macro `@%s` is defined: SQLMesh has none, nor does a file in macros/", n.Text)
		}
		return
	}
	if !m.known.OpenVariables && !m.known.Variables[n.Text] && !m.known.Macros[n.Text] && p.Settings["blueprints"] == "" {
		m.report(n.Span, d.Name, "@"+n.Text, "no variable `@%s` is defined: there is no `@DEF`, nor is it in `variables`", n.Text)
	}
}

// audits judges the audits that models ask for, and the files of audits/.
func (m *misconfigured) audits() {
	for _, c := range m.g.Checks {
		if c.Framework != "sqlmesh-audit" || m.known.OpenAudits || m.known.Audits[c.Name] || strings.HasPrefix(c.Name, "@") || c.Confidence != graph.Exact {
			continue
		}
		if f := m.g.File(c.Span.Path); f == nil || !judged(f.Role) || m.configurations.Of(c.Span.Path) == nil || strings.HasSuffix(c.Span.Path, "config.yaml") {
			continue
		}
		names := slices.Collect(maps.Keys(m.known.Audits))
		hint := ": it is none of SQLMesh's, nor in audits/"
		if near := rules.Nearest(c.Name, names); near != "" {
			hint = "; did you mean `" + near + "`?"
		}
		m.report(c.Span, strings.Join(c.Target.Parts, "."), c.Name, "no audit is named `%s`%s", c.Name, hint)
	}
	for _, f := range m.g.Files {
		for _, p := range f.Projects {
			if c := m.configurations.Of(f.Path); p.Tool == sqlmesh.BlocklessAudit && c != nil && judged(f.Role) && strings.HasPrefix(f.Path, path.Join(c.Dir, "audits")+"/") {
				m.report(p.Span, f.Path, "audit", "a file in audits/ begins with `AUDIT (name …);`: SQLMesh refuses the project")
			}
		}
	}
}
