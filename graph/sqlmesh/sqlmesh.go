// Package sqlmesh reads SQLMesh: models in SQL and Python, their audits, external models and standalone audits.
package sqlmesh

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/python"
)

const tool = "sqlmesh"

var _ = graph.Register(graph.Tool{Name: tool, Extract: extract, Link: link})

var header = regexp.MustCompile(`(?i)^(?:\s|--[^\n]*\n|/\*(?s:.*?)\*/)*(MODEL|AUDIT)\s*\(`)

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored {
		return
	}
	base := path.Base(f.Path)
	switch ext := path.Ext(f.Path); {
	case ext == ".sql":
		model(f, facts)
	case ext == ".py" && f.Tree != nil:
		pythonModels(f, facts)
	case base == "external_models.yaml" || base == "external_models.yml" || base == "schema.yaml" || strings.Contains(f.Path, "external_models/"):
		external(f, facts)
	case base == "config.yaml" || base == "config.yml":
		config(f, facts)
	}
}

func model(f *parsers.File, facts *graph.Facts) {
	text := string(f.Text)
	m := header.FindStringSubmatchIndex(text)
	if m == nil {
		return
	}
	properties, end := readHeader(text, m[1])
	if strings.EqualFold(text[m[2]:m[3]], "AUDIT") {
		audit(f, facts, properties, text, end)
		return
	}
	query := text[end:]
	var reads []graph.Ref
	simple := false
	for _, st := range sqltext.Read(strings.TrimLeft(query, "; \r\n\t")) {
		shift := len(text) - len(strings.TrimLeft(query, "; \r\n\t"))
		for _, r := range st.Reads {
			reads = append(reads, graph.Ref{Tool: "sql", Parts: r.Parts, Span: f.Span(r.Start+shift, r.End+shift)})
		}
		simple = st.Simple
	}
	name, at := properties["name"].text, properties["name"]
	fact := graph.DatasetFact{
		Tool: tool, Kind: kind(properties["kind"].text), Span: f.Span(at.start, at.end), Confidence: graph.Exact, Persisted: true,
		Reads: reads, Simple: simple, Transient: transient(properties["kind"].text), Tags: words(properties["tags"].text),
	}
	if name == "" {
		fact.Span = f.Span(m[2], m[3])
		if fact.Parts = inferred(f.Path); fact.Parts == nil {
			return
		}
	}
	if strings.EqualFold(properties["enabled"].text, "false") {
		return
	}
	for _, t := range fact.Tags {
		if l := graph.WordLayer(strings.TrimPrefix(t, "layer:")); l != graph.Unknown && fact.Layer == graph.Unknown {
			fact.Layer = l
		}
	}
	for _, vars := range blueprints(properties["blueprints"].text) {
		d := fact
		if name != "" {
			d.Parts, d.Quoted = graph.SplitName(graph.Evaluate(name, vars))
		}
		d.Private = strings.HasPrefix(d.Parts[len(d.Parts)-1], "_")
		facts.Datasets = append(facts.Datasets, d)
		facts.Checks = append(facts.Checks, audits(f, properties["audits"], d.Parts)...)
	}
}

// inferred is the name that SQLMesh gives a model without one: the folders below models/ and the file's stem.
func inferred(file string) []string {
	_, rest, ok := strings.Cut("/"+file, "/models/")
	if !ok {
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(rest, path.Ext(rest)), "/")
	if len(parts) < 2 {
		return nil
	}
	return parts
}

func kind(s string) string {
	s = strings.ToUpper(s)
	switch {
	case s == "" || strings.HasPrefix(s, "VIEW"):
		return "view"
	case strings.HasPrefix(s, "SEED"):
		return "seed"
	case strings.HasPrefix(s, "EXTERNAL"):
		return "external"
	}
	return "table"
}

func transient(kind string) string {
	if strings.HasPrefix(strings.ToUpper(kind), "EMBEDDED") {
		return "embedded"
	}
	return ""
}

func audit(f *parsers.File, facts *graph.Facts, properties map[string]property, text string, end int) {
	skip := strings.EqualFold(properties["skip"].text, "true")
	never := ""
	if skip {
		never = "it is skipped"
	} else if constantFalse.MatchString(text[end:]) {
		never = "its query selects no row"
	}
	facts.Projects = append(facts.Projects, graph.ProjectFact{
		Tool: "sqlmesh-audit", Name: strings.ToLower(properties["name"].text), Values: map[string]string{"never": never}, Span: f.RawSpan(0, 0),
	})
	if !strings.EqualFold(properties["standalone"].text, "true") {
		return
	}
	for _, st := range sqltext.Read(strings.TrimLeft(text[end:], "; \r\n\t")) {
		for _, r := range st.Reads {
			facts.Checks = append(facts.Checks, graph.CheckFact{
				Framework: "sqlmesh-audit", Name: properties["name"].text, Capability: "custom", NeverFails: never,
				Target: graph.Ref{Tool: "sql", Parts: r.Parts}, Span: f.Span(properties["name"].start, properties["name"].end), Confidence: graph.Exact,
			})
		}
	}
}

var constantFalse = regexp.MustCompile(`(?i)\bwhere\s+(?:1\s*=\s*0|false)\s*;?\s*$`)

var builtinCapability = map[string]string{
	"not_null": "completeness", "not_null_proportion": "completeness", "at_least_one": "completeness",
	"unique_values": "uniqueness", "unique_combination_of_columns": "uniqueness", "number_of_rows": "volume",
	"z_score": "distribution", "mean_in_range": "distribution", "stddev_in_range": "distribution", "kl_divergence": "distribution", "chi_square": "distribution",
}

func auditCapability(name string) string {
	if c := builtinCapability[name]; c != "" {
		return c
	}
	for _, prefix := range []string{"accepted_", "match_", "not_match_", "not_accepted_", "valid_", "string_length_", "not_empty_string"} {
		if strings.HasPrefix(name, prefix) {
			return "validity"
		}
	}
	return "custom"
}

// audits reads audits (not_null(columns := (a, b)), own_audit).
func audits(f *parsers.File, p property, target []string) []graph.CheckFact {
	var out []graph.CheckFact
	for _, item := range splitList(p.text) {
		name, arguments, _ := strings.Cut(item.text, "(")
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "" {
			continue
		}
		base := strings.TrimSuffix(name, "_non_blocking")
		c := graph.CheckFact{
			Framework: "sqlmesh-audit", Name: name, Capability: auditCapability(base), Target: graph.Ref{Tool: "sql", Parts: target},
			Span: f.Span(p.start+item.start, p.start+item.start+len(name)), Confidence: graph.Exact, Pending: true,
		}
		if base == "accepted_range" && !strings.Contains(arguments, "min_v") && !strings.Contains(arguments, "max_v") {
			c.NeverFails = "it has neither bound"
		}
		out = append(out, c)
	}
	return out
}

// beginsWithList reports whether the first line of a YAML text that says anything begins a list: what external models are.
func beginsWithList(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
		if len(line) == 0 || line[0] == '#' || line[0] == '%' || bytes.HasPrefix(line, []byte("---")) {
			continue
		}
		return line[0] == '-' || line[0] == '['
	}
	return false
}

func external(f *parsers.File, facts *graph.Facts) {
	if !beginsWithList(f.Text) {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok {
		return
	}
	for _, d := range docs {
		if d.Kind != plain.Sequence {
			continue
		}
		for _, v := range d.Items {
			if n := v.Get("name"); n != nil && v.Get("columns") != nil || n != nil && strings.Contains(f.Path, "external_models") {
				parts, quoted := graph.SplitName(n.Text)
				facts.Datasets = append(facts.Datasets, graph.DatasetFact{
					Tool: tool, Kind: "external", Parts: parts, Quoted: quoted, Span: n.Span, Confidence: graph.Exact, Persisted: true,
				})
				for _, a := range v.List("audits") {
					facts.Checks = append(facts.Checks, graph.CheckFact{
						Framework: "sqlmesh-audit", Name: a.String("name") + a.Text, Capability: "custom",
						Target: graph.Ref{Tool: "sql", Parts: parts}, Span: a.Span, Confidence: graph.Exact,
					})
				}
			}
		}
	}
}

// config reads model_defaults.audits: they run on every model of the project.
func config(f *parsers.File, facts *graph.Facts) {
	if !strings.Contains(string(f.Text), "model_defaults") {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 {
		return
	}
	p := graph.ProjectFact{Tool: tool, Dir: strings.TrimSuffix(path.Dir(f.Path), "."), Lists: map[string][]string{}, Span: f.RawSpan(0, 0)}
	for _, a := range docs[0].List("model_defaults", "audits") {
		p.Lists["audits"] = append(p.Lists["audits"], a.Text)
	}
	facts.Projects = append(facts.Projects, p)
}

// link drops the audits that are skipped and adds those that a project gives every model.
func link(g *graph.Graph) {
	never := map[string]string{}
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool == "sqlmesh-audit" {
				never[p.Name] = p.Values["never"]
			}
		}
	}
	for _, f := range g.Files {
		for i := range f.Checks {
			if c := f.Checks[i]; c.Framework == "sqlmesh-audit" && c.Pending {
				c.Pending = false
				if n := never[c.Name]; n != "" {
					c.NeverFails = n
				}
				g.AddCheck(&c)
			}
		}
		for _, p := range f.Projects {
			if p.Tool == tool && len(p.Lists["audits"]) > 0 {
				defaults(g, p)
			}
		}
	}
}

func defaults(g *graph.Graph, p graph.ProjectFact) {
	for _, f := range g.Files {
		if p.Dir != "" && !strings.HasPrefix(f.Path, p.Dir+"/") {
			continue
		}
		for i := range f.Datasets {
			if d := &f.Datasets[i]; d.Tool == tool && d.Kind != "external" {
				for _, name := range p.Lists["audits"] {
					name, _, _ = strings.Cut(name, "(")
					g.AddCheck(&graph.CheckFact{
						Framework: "sqlmesh-audit", Name: name, Capability: auditCapability(strings.ToLower(name)),
						Target: graph.Ref{Tool: "sql", Parts: d.Parts}, Span: p.Span, Confidence: graph.Exact,
					})
				}
			}
		}
	}
}

// pythonModels reads @model("schema.name", …).
func pythonModels(f *parsers.File, facts *graph.Facts) {
	if !strings.Contains(string(f.Text), "sqlmesh") {
		return
	}
	for _, d := range python.Definitions(f) {
		for _, dec := range python.DecoratorPaths(f, d) {
			if !strings.HasPrefix(dec.Path, "sqlmesh") || !strings.HasSuffix(dec.Path, ".model") || dec.Call.IsNil() {
				continue
			}
			decorated(f, facts, d, dec.Call.Field(python.Arguments))
		}
	}
}

func decorated(f *parsers.File, facts *graph.Facts, d python.Def, arguments parsers.Node) {
	var name parsers.Node
	keywords := map[string]parsers.Node{}
	for a := range arguments.NamedChildren() {
		if a.Is(python.KeywordArgument) {
			keywords[a.Field(python.Name).Text()] = a.Field(python.Value)
		} else if name.IsNil() && a.Is(python.String, python.ConcatenatedString, python.Identifier) {
			name = a
		}
	}
	if name.IsNil() {
		name = keywords["name"]
	}
	text, _, ok := python.Fold(f, name)
	if name.IsNil() || !ok || keywords["enabled"].Is(python.False) {
		return
	}
	parts, quoted := graph.SplitName(graph.Evaluate(strings.ReplaceAll(text, python.Hole, graph.Hole), nil))
	fact := graph.DatasetFact{
		Tool: tool, Kind: "table", Parts: parts, Quoted: quoted, Span: f.Span(name.Start(), name.End()), Confidence: graph.Exact, Persisted: true,
	}
	if k := strings.ToUpper(keywords["kind"].Text()); strings.Contains(k, "EMBEDDED") {
		fact.Transient = "embedded"
	}
	for c := range d.Node.Descendants() {
		if !c.Is(python.Call) {
			continue
		}
		if fn := c.Field(python.Function).Text(); strings.HasSuffix(fn, ".table") || strings.HasSuffix(fn, ".resolve_table") {
			if t, _, ok := python.Fold(f, c.Field(python.Arguments).FirstNamed()); ok {
				p, _ := graph.SplitName(t)
				fact.Reads = append(fact.Reads, graph.Ref{Tool: "sql", Parts: p, Span: f.Span(c.Start(), c.End())})
			}
		}
	}
	facts.Datasets = append(facts.Datasets, fact)
	if a := keywords["audits"]; !a.IsNil() {
		for item := range a.NamedChildren() {
			n := item
			if item.Is(python.Tuple) {
				n = item.FirstNamed()
			}
			if t, _, ok := python.Fold(f, n); ok {
				t = strings.ToLower(t)
				facts.Checks = append(facts.Checks, graph.CheckFact{
					Framework: "sqlmesh-audit", Name: t, Capability: auditCapability(t), Target: graph.Ref{Tool: "sql", Parts: parts},
					Span: f.Span(n.Start(), n.End()), Confidence: graph.Exact, Pending: true,
				})
			}
		}
	}
}
