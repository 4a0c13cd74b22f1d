package models

import (
	"path"
	"strings"

	"delint/graph"
	"delint/graph/dbt"
	"delint/parsers"
	"delint/rules"
)

// DbtDanglingReference reports what dbt can't compile: a ref, source, unit test or properties entry that means nothing in the
// project, two nodes of one name, and a variable that nothing defines. Projects whose packages are not in the repository are
// asked only for what packages can't supply.
var DbtDanglingReference = rules.Repository(rules.Rule{
	Name:     "dbt-dangling-reference",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "governance/data-lineage",
	Sentence: "Document data lineage, metadata, and data dictionaries",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, p := range dbt.Read(g) {
		if p.Values["unread"] != "" || outsideProduction(g, p.Span.Path) {
			continue
		}
		d := &dangling{pass: pass, g: g, p: p, said: map[string]bool{}}
		for _, n := range p.Nodes {
			if !n.Disabled && !n.Depends {
				d.node(n)
			}
		}
		d.arguments()
		d.entries()
		d.twice()
	}
})

// outsideProduction reports whether a file is a test's, vendored or generated.
func outsideProduction(g *graph.Graph, file string) bool {
	f := g.File(file)
	if f == nil {
		return false
	}
	switch f.Role {
	case graph.RoleTest, graph.RoleVendored, graph.RoleGenerated:
		return true
	}
	return strings.Contains("/"+file, "/integration_tests/")
}

type dangling struct {
	pass *rules.Pass
	g    *graph.Graph
	p    *dbt.Project
	said map[string]bool
}

func (d *dangling) node(n *dbt.Node) {
	for _, r := range n.Fact.Reads {
		d.reference(r, n.Kind, n.Name)
	}
	if n.Kind != "model" && n.Kind != "snapshot" && n.Kind != "test" || !d.p.AllVars {
		return
	}
	for _, note := range n.Fact.Notes {
		if note.Kind == dbt.NoteVar && note.Values["default"] == "" && !d.defined(note.Text) {
			d.report(note.Span, n.Name, "var "+note.Text, "`var('%s')` has no default and dbt_project.yml does not define it", note.Text)
		}
	}
}

func (d *dangling) defined(name string) bool {
	for _, v := range d.p.Lists["vars"] {
		if v == name || strings.HasSuffix(name, "."+v) {
			return true
		}
	}
	return strings.Contains(name, ":") || d.p.Package
}

// reference reports one reference that nothing in the project answers.
func (d *dangling) reference(r graph.Ref, kind, from string) {
	if r.Tool != "ref" && r.Tool != "source" || r.Inferred {
		return
	}
	found := d.p.Resolve(r)
	for _, n := range found {
		if !n.Disabled {
			return
		}
	}
	written := strings.Join(r.Parts, "', '")
	if r.Tool == "source" {
		if len(found) > 0 || len(d.p.Unseen) > 0 {
			return // disabled on purpose with its reader's branch, or declared by a package
		}
		f := d.report(r.Span, from, r.Tool+" "+written, "no source of the project declares `source('%s')`", written)
		d.near(f, r, strings.Join(r.Parts, "."), d.p.Names(true))
		return
	}
	pkg, name, version := dbt.RefParts(r)
	switch {
	case pkg != "" && pkg != d.p.Name, len(d.p.Unseen) > 0 && len(found) == 0 && version == "":
		return
	case len(found) > 0:
		return // a disabled model: whether its readers are disabled too may depend on the run
	case version != "":
		if len(d.p.Unseen) > 0 {
			return
		}
		d.report(r.Span, from, "ref "+written, "no version `%s` of model `%s` is declared", version, name)
		return
	}
	message := "no model, seed or snapshot is named `%s`"
	f := d.report(r.Span, from, "ref "+written, message, name)
	d.near(f, r, name, d.p.Names(false))
}

// near adds the name that was most likely meant, and the fix.
func (d *dangling) near(f *rules.Finding, r graph.Ref, name string, names []string) {
	if f == nil {
		return
	}
	best := rules.Nearest(name, names)
	if best == "" || graph.EditDistance(name, best, 3) > min(3, len(name)/4) {
		return
	}
	f.Evidence = "nearest name: " + best
}

// arguments reports what generic tests refer to: relationships to a model that is none.
func (d *dangling) arguments() {
	for _, f := range d.g.Files {
		if !d.p.Holds(f.Path) || f.Role == graph.RoleVendored {
			continue
		}
		for i := range f.Datasets {
			t := &f.Datasets[i]
			if t.Tool == "dbt" && t.Kind == "test" && t.Settings["enabled"] == "" {
				for _, r := range t.Reads {
					d.reference(r, "test", t.Parts[0])
				}
			}
		}
	}
}

// entries reports properties of models, seeds and snapshots that don't exist. One that is disabled exists.
func (d *dangling) entries() {
	if len(d.p.Unseen) > 0 {
		return // dbt lets a project describe the models of its packages
	}
	kinds := map[string]string{"models": "model", "seeds": "seed", "snapshots": "snapshot"}
	for _, e := range d.p.Properties {
		kind := kinds[e.Settings["kind"]]
		if kind == "" || e.Settings["version"] != "" || e.Settings["declared"] != "" || e.Settings["enabled"] == "false" {
			continue
		}
		name := e.Parts[0]
		if d.exists(kind, name) || strings.ContainsAny(name, "{}$*") {
			continue
		}
		f := d.report(e.Span, name, "entry "+kind+" "+name, "the entry of %s `%s` describes nothing: the project has none of that name", kind, name)
		if f == nil {
			continue
		}
		f.Severity = rules.Medium
		if best := rules.Nearest(name, d.p.Names(false)); best != "" && graph.EditDistance(name, best, 3) <= min(3, len(name)/4) {
			f.Evidence = "nearest name: " + best
		}
	}
}

func (d *dangling) exists(kind, name string) bool {
	for _, n := range d.p.Nodes {
		if n.Kind == kind && (n.Name == name || strings.EqualFold(n.Name, name)) {
			return true
		}
	}
	for _, file := range d.g.Under(d.p.Dir) { // a file that delint could not read still makes the model
		base := path.Base(file)
		switch path.Ext(base) {
		case ".sql", ".py", ".csv", ".ipynb":
			if strings.TrimSuffix(base, path.Ext(base)) == name && !d.p.Readable(file) {
				return true
			}
		}
	}
	return false
}

// twice reports two enabled models, seeds or snapshots of one name.
func (d *dangling) twice() {
	first := map[string]*dbt.Node{}
	for _, n := range d.p.Nodes {
		if n.Disabled || n.Depends || n.Kind != "model" && n.Kind != "seed" && n.Kind != "snapshot" {
			continue
		}
		key := n.Name + "\x00" + n.Version
		if other := first[key]; other != nil && variants(n.Fact.Span.Path, other.Fact.Span.Path) {
			continue
		} else if other != nil {
			if f := d.report(n.Fact.Span, n.Name, "twice", "%s `%s` has the name of a %s in %s", n.Kind, n.Name, other.Kind, other.Fact.Span.Path); f != nil {
				f.Places = append(f.Places, rules.Place{Span: other.Fact.Span, Message: "the other one"})
			}
			continue
		}
		first[key] = n
	}
}

// variants reports whether two files differ by a folder that names the warehouse they are for: which of them is used is chosen
// where the project is installed.
func variants(a, b string) bool {
	x, y := strings.Split(path.Dir(a), "/"), strings.Split(path.Dir(b), "/")
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && !(warehouses[x[i]] && warehouses[y[i]]) {
			return false
		}
	}
	return a != b
}

var warehouses = map[string]bool{"default": true, "postgres": true, "redshift": true, "snowflake": true, "bigquery": true, "databricks": true, "spark": true,
	"duckdb": true, "trino": true, "athena": true, "clickhouse": true, "sqlserver": true, "synapse": true, "fabric": true, "mysql": true}

func (d *dangling) report(at parsers.Span, from, key, format string, args ...any) *rules.Finding {
	id := at.Path + "\x00" + from + "\x00" + key
	if d.said[id] || outsideProduction(d.g, at.Path) && !strings.Contains(key, "twice") {
		return nil
	}
	d.said[id] = true
	f := d.pass.ReportAt(at, format, args...)
	f.Key = from + " " + key
	return f
}
