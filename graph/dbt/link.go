package dbt

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
)

// link merges what a project, its properties and its files say of each resource.
func link(g *graph.Graph) {
	l := &linker{g: g, properties: map[named]*graph.DatasetFact{}}
	for _, f := range g.Files {
		for i := range f.Projects {
			if p := &f.Projects[i]; p.Tool == tool {
				l.projects = append(l.projects, p)
			}
		}
	}
	if len(l.projects) == 0 {
		return
	}
	slices.SortFunc(l.projects, func(a, b *graph.ProjectFact) int { return len(b.Dir) - len(a.Dir) })
	for _, f := range g.Files {
		if p := l.of(f.Path); p != nil && f.Role != graph.RoleVendored && !packaged.MatchString(f.Path) {
			l.collect(p, f)
		}
	}
	for _, f := range g.Files {
		if p := l.of(f.Path); p != nil && f.Role != graph.RoleVendored && !packaged.MatchString(f.Path) {
			l.file(p, f)
		}
	}
}

var packaged = regexp.MustCompile(`(?:^|/)(?:dbt_packages|dbt_modules|target)/`)

type named struct {
	dir, kind, name string
}

type linker struct {
	g          *graph.Graph
	projects   []*graph.ProjectFact // inner folders first
	properties map[named]*graph.DatasetFact
}

// of is the project whose folder holds a path; nil if none does.
func (l *linker) of(file string) *graph.ProjectFact {
	for _, p := range l.projects {
		if p.Dir == "" || strings.HasPrefix(file, p.Dir+"/") {
			return p
		}
	}
	return nil
}

// collect files the properties of a project's resources by name.
func (l *linker) collect(p *graph.ProjectFact, f *graph.Facts) {
	for i := range f.Datasets {
		if d := &f.Datasets[i]; d.Tool == tool && d.Kind == "properties" {
			l.properties[named{p.Dir, d.Settings["kind"], d.Parts[0]}] = d
		}
	}
}

// below returns the folders between one of the project's paths of that kind and the file; ok is false for a file elsewhere.
func below(p *graph.ProjectFact, kind, file string) (folders []string, ok bool) {
	for _, dir := range p.Lists[kind] {
		full := path.Join(p.Dir, dir)
		if full == "." || full == p.Dir {
			full = p.Dir
		}
		rest, found := strings.CutPrefix(file, full+"/")
		if full == "" {
			rest, found = file, true
		}
		if found {
			if d := path.Dir(rest); d != "." {
				folders = strings.Split(d, "/")
			}
			return folders, true
		}
	}
	return nil, false
}

func (l *linker) file(p *graph.ProjectFact, f *graph.Facts) {
	isSQL := strings.HasSuffix(f.Path, ".sql")
	for _, kind := range []string{"model-paths", "seed-paths", "snapshot-paths", "test-paths", "macro-paths", "analysis-paths"} {
		if _, ok := below(p, kind, f.Path); ok && isSQL {
			l.g.Claim(f.Path)
		}
	}
	for i := range f.Datasets {
		d := &f.Datasets[i]
		if d.Tool != tool {
			continue
		}
		switch d.Kind {
		case "source":
			l.source(p, d)
		case "seed":
			if folders, ok := below(p, "seed-paths", f.Path); ok {
				l.add(p, d, "seeds", append(folders, d.Parts[0]))
			}
		case "snapshot":
			folders, _ := below(p, "snapshot-paths", f.Path)
			l.add(p, d, "snapshots", append(folders, d.Parts[0]))
		case "properties":
			if d.Settings["declared"] != "" {
				l.declaredSnapshot(p, d)
			}
		case "model":
			if folders, ok := below(p, "model-paths", f.Path); ok {
				stem := strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
				l.add(p, d, "models", append(folders, stem))
			} else if _, ok := below(p, "test-paths", f.Path); ok && isSQL {
				l.singular(p, d)
			}
		}
	}
	for i := range f.Checks {
		c := f.Checks[i]
		if c.Framework == "dbt-test" && c.Pending {
			c.Pending = false
			if c.Name != "freshness" {
				c.NeverFails = first(c.NeverFails, disabled(p, f.Path, c.Settings["enabled"]))
			}
			l.g.AddCheck(&c)
		}
	}
}

// singular makes a check of a test that is a query, on everything that it reads.
func (l *linker) singular(p *graph.ProjectFact, d *graph.DatasetFact) {
	never := disabled(p, d.Span.Path, d.Settings["enabled"])
	if d.Settings["where"] != "" {
		never = "its query selects no row"
	}
	for _, r := range d.Reads {
		c := &graph.CheckFact{Framework: "dbt-test", Name: d.Parts[0], Capability: "custom", Target: r, Span: d.Span, Confidence: graph.Exact, NeverFails: never}
		l.g.AddCheck(c)
	}
}

// disabled says why a test does not run; own is what the test says itself, which wins over the project's trees.
func disabled(p *graph.ProjectFact, file, own string) string {
	if own != "" {
		if off(own) {
			return "it is disabled"
		}
		return ""
	}
	for _, kind := range []string{"model-paths", "test-paths", "seed-paths", "snapshot-paths"} {
		if folders, ok := below(p, kind, file); ok {
			if off(settings(p, "tests", folders)["enabled"]) {
				return "dbt_project.yml disables it"
			}
			return ""
		}
	}
	return ""
}

func (l *linker) source(p *graph.ProjectFact, d *graph.DatasetFact) {
	s := *d
	s.Pending = false
	if off(s.Settings["enabled"]) {
		return
	}
	s.Parts = evaluate(p, d.Parts)
	s.Layer = graph.WordLayer(s.Settings["meta.layer"])
	if depends(s.Settings["enabled"]) {
		s.Transient = "enabled in some environments only"
	}
	l.g.AddDataset(&s)
}

func (l *linker) declaredSnapshot(p *graph.ProjectFact, d *graph.DatasetFact) {
	s := *d
	s.Kind = "snapshot"
	l.add(p, &s, "snapshots", nil)
}

var version = regexp.MustCompile(`_v\d+$`)

// add merges the configuration of one resource: project file, then properties, then the file itself.
func (l *linker) add(p *graph.ProjectFact, d *graph.DatasetFact, kind string, folders []string) {
	name := d.Parts[len(d.Parts)-1]
	s := settings(p, kind, folders)
	base := name
	properties := l.properties[named{p.Dir, kind, name}]
	if properties == nil {
		base = version.ReplaceAllString(name, "")
		properties = l.properties[named{p.Dir, kind, base}]
	}
	out := *d
	out.Pending = false
	if properties != nil {
		for k, v := range properties.Settings {
			s[k] = v
		}
		out.Columns = properties.Columns
	}
	for k, v := range d.Settings {
		s[k] = v
	}
	if off(s["enabled"]) {
		return
	}
	if depends(s["enabled"]) {
		out.Transient = "enabled in some environments only"
	}
	identifier := first(s["alias"], name)
	out.Parts = evaluate(p, []string{s["database"], s["schema"], identifier})
	if graph.Canonical(out.Parts[2:]) == nil {
		out.Parts[2] = name
	}
	out.Alias = []string{"ref:" + name, "asset:" + name, name}
	if base != name {
		out.Alias = append(out.Alias, "ref:"+base)
	}
	switch {
	case kind == "seeds":
		out.Kind = "seed"
	case kind == "snapshots":
		out.Kind = "snapshot"
	case s["materialized"] == "ephemeral":
		out.Transient = "ephemeral"
	case s["materialized"] == "" || s["materialized"] == "view":
		out.Kind = "view"
	default:
		out.Kind = "table"
	}
	out.Access = s["access"]
	out.Private = s["access"] == "private" || strings.HasPrefix(name, "_")
	out.Layer = graph.WordLayer(s["meta.layer"])
	out.Tags = strings.Split(strings.Trim(s["tags"], "[]"), ",")
	for i, t := range out.Tags {
		t = strings.Trim(t, ` '"`)
		out.Tags[i] = t
		if layer, ok := strings.CutPrefix(t, "layer:"); ok && out.Layer == graph.Unknown {
			out.Layer = graph.WordLayer(layer)
		}
	}
	if out.Layer == graph.Unknown && kind == "models" {
		out.Layer = modelLayer(folders, s["schema"])
	}
	out.Settings = nil
	l.g.AddDataset(&out)
	if s["contract"] == "true" {
		l.g.AddCheck(&graph.CheckFact{
			Framework: "dbt-test", Name: "contract", Capability: "schema", Target: graph.Ref{Tool: "ref", Parts: []string{name}, Span: d.Span},
			Span: d.Span, Confidence: graph.Exact,
		})
	}
}

// modelLayer is the layer that a model's schema or, from the innermost, its folders below the model path name.
func modelLayer(folders []string, schema string) graph.Layer {
	if l := graph.WordLayer(schema); l != graph.Unknown {
		return l
	}
	for i := len(folders) - 2; i >= 0; i-- {
		if l := graph.WordLayer(strings.ToLower(folders[i])); l != graph.Unknown {
			return l
		}
	}
	return graph.Unknown
}

func evaluate(p *graph.ProjectFact, parts []string) []string {
	vars := map[string]string{}
	for k, v := range p.Values {
		if name, ok := strings.CutPrefix(k, "vars|"); ok && v != "" {
			vars[name] = v
		}
	}
	out := make([]string, len(parts))
	for i, part := range parts {
		out[i] = graph.Evaluate(bare(part), vars)
		if out[i] == "" {
			out[i] = graph.Hole
		}
	}
	return out
}

var callText = regexp.MustCompile(`^[\w.]+\s*\(|^target\.|[+~]`)

// bare makes an expression of config(…) one of a template: schema=var('x') is {{ var('x') }}.
func bare(s string) string {
	if callText.MatchString(s) && !strings.Contains(s, "{{") {
		return "{{ " + s + " }}"
	}
	return s
}

var falseDefault = regexp.MustCompile(`(?i)var\s*\([^)]*,\s*['"]?false['"]?\s*\)`)

// off reports whether a value of enabled says no, also as the default of a variable.
func off(enabled string) bool {
	s := strings.ToLower(strings.Trim(enabled, " {}"))
	return s == "false" || falseDefault.MatchString(enabled)
}

// depends reports whether only a run can say whether a resource is enabled.
func depends(enabled string) bool {
	return strings.ContainsAny(enabled, "({=") && !strings.Contains(strings.ToLower(enabled), "true")
}
