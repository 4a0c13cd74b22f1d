// Package lakefs reads lakeFS: actions, and where code writes to branches.
package lakefs

import (
	"path"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

const tool = "lakefs"

var _ = graph.Register(graph.Tool{Name: tool, Extract: extract})

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored {
		return
	}
	endpoint(f, facts)
	e := path.Ext(f.Path)
	if e != ".yaml" && e != ".yml" {
		return
	}
	placed := Placed(f.Path)
	if !placed && !(f.LineBegins("hooks:") && f.LineBegins("on:")) {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) != 1 || docs[0].Kind != plain.Mapping {
		return
	}
	if a := action(f, docs[0]); placed || shaped(a) {
		facts.Actions = append(facts.Actions, a)
	}
}

// Placed reports whether a path is in the folder that lakeFS reads its actions from.
func Placed(p string) bool {
	return strings.Contains("/"+p, "/_lakefs_actions/")
}

// endpoint notes files that point the S3 client at a lakeFS server, so that s3a://repository/branch is a branch.
func endpoint(f *parsers.File, facts *graph.Facts) {
	if !f.Mentions("s3a.endpoint", "endpoint_url", "s3a.bucket") || !f.Mentions("lakefs", "lakeFS", "LAKEFS") {
		return
	}
	facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: tool, Name: "endpoint", Dir: path.Dir(f.Path), Span: f.Span(0, 0)})
}

// shaped reports whether a file outside the folder is an action: one of its events and one of its hooks are lakeFS's.
func shaped(a graph.ActionFact) bool {
	event, hook := false, false
	for _, e := range a.Events {
		event = event || strings.HasPrefix(e.Name, "pre-") || strings.HasPrefix(e.Name, "post-") || e.Name == "prepare-commit"
	}
	for _, h := range a.Hooks {
		hook = hook || h.Type == "webhook" || h.Type == "airflow" || h.Type == "lua"
	}
	return event && hook
}

func action(f *parsers.File, d *plain.Value) graph.ActionFact {
	a := graph.ActionFact{Span: f.Span(0, 0)}
	if len(d.Pairs) > 0 {
		a.Span = d.Pairs[0].At
	}
	if n := d.Get("name"); n != nil && n.Kind == plain.Scalar {
		a.Name = graph.NameFact{Name: n.Text, Span: n.Span}
	}
	on := d.Get("on")
	if on == nil {
		on = d.Get("true") // what on is to a reader of YAML 1.1
	}
	for _, p := range on.Entries() {
		e := graph.EventFact{Name: p.Key, Span: p.At}
		for _, q := range p.Value.Entries() {
			if q.Key == "branches" {
				e.Limited = q.At
			}
		}
		e.Branches = p.Value.Strings("branches")
		a.Events = append(a.Events, e)
	}
	a.NoEvents = len(a.Events) == 0
	for _, h := range d.List("hooks") {
		hook := graph.HookFact{ID: h.String("id"), Type: h.String("type"), Span: h.Span, TypeSpan: h.Span, Properties: map[string]graph.NameFact{}}
		if id := h.Get("id"); id != nil {
			hook.Span = id.Span
		}
		if t := h.Get("type"); t != nil {
			hook.TypeSpan = t.Span
		}
		for _, p := range h.Get("properties").Entries() {
			hook.Properties[p.Key] = graph.NameFact{Name: p.Value.Text, Span: p.Value.Span}
		}
		a.Hooks = append(a.Hooks, hook)
	}
	return a
}
