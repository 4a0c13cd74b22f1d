package dbt

import (
	"path"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// project reads dbt_project.yml: the folders, and the configuration trees flattened to "models/name/folder|key".
func project(f *parsers.File, facts *graph.Facts) {
	p := graph.ProjectFact{Tool: tool, Dir: folder(f.Path), Lists: map[string][]string{}, Values: map[string]string{}, Span: f.RawSpan(0, 0)}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 {
		p.Values["unread"] = "true"
		facts.Projects = append(facts.Projects, p)
		return
	}
	d := docs[0]
	p.Name = d.String("name")
	for key, fallback := range map[string][]string{
		"model-paths": {"models"}, "seed-paths": {"seeds"}, "snapshot-paths": {"snapshots"}, "test-paths": {"tests"},
		"macro-paths": {"macros"}, "analysis-paths": {"analyses", "analysis"},
	} {
		p.Lists[key] = fallback
		if v := d.Strings(key); len(v) > 0 {
			p.Lists[key] = v
		}
	}
	for old, key := range map[string]string{"source-paths": "model-paths", "data-paths": "seed-paths"} {
		if v := d.Strings(old); len(v) > 0 && !d.Has(key) {
			p.Lists[key] = v
		}
	}
	for _, kind := range []string{"models", "seeds", "snapshots", "sources", "tests", "data_tests"} {
		flatten(d.Get(kind), strings.Replace(kind, "data_tests", "tests", 1), p.Values)
	}
	for _, v := range d.Get("vars").Entries() {
		if v.Value.Kind == plain.Scalar {
			p.Values["vars|"+v.Key] = v.Value.Text
		}
		if v.Key == p.Name {
			for _, w := range v.Value.Entries() {
				p.Values["vars|"+w.Key] = w.Value.String()
			}
		}
	}
	facts.Projects = append(facts.Projects, p)
}

func folder(p string) string {
	if d := path.Dir(p); d != "." {
		return d
	}
	return ""
}

func flatten(v *plain.Value, at string, to map[string]string) {
	for _, p := range v.Entries() {
		key, plus := strings.CutPrefix(p.Key, "+")
		switch {
		case p.Value.Kind == plain.Scalar:
			to[at+"|"+settingName(key)] = p.Value.Text
		case p.Value.Kind == plain.Sequence:
			to[at+"|"+key] = strings.Join(p.Value.Strings(), ",")
		case plus || key == "meta" || key == "contract":
			if layer := p.Value.String("layer"); layer != "" && key == "meta" {
				to[at+"|meta.layer"] = layer
			}
			if key == "contract" && p.Value.True("enforced") {
				to[at+"|contract"] = "true"
			}
		default:
			flatten(p.Value, at+"/"+key, to)
		}
	}
}

// settingName is the setting under the name that every adapter's own word for it has here.
func settingName(key string) string {
	switch key {
	case "dataset":
		return "schema"
	case "project", "catalog":
		return "database"
	}
	return key
}

// settings is what the tree says of a resource in the given folders below its path; inner folders win.
func settings(p *graph.ProjectFact, kind string, folders []string) map[string]string {
	out := map[string]string{}
	take := func(at string) {
		for _, key := range settingKeys {
			if v, ok := p.Values[at+"|"+key]; ok {
				out[key] = v
			}
		}
	}
	take(kind)
	at := kind + "/" + p.Name
	take(at)
	outer := kind
	for _, f := range folders {
		outer += "/" + f
		take(outer) // a tree without the project's name, which old versions allow
		at += "/" + f
		take(at)
	}
	return out
}

var settingKeys = []string{"enabled", "materialized", "schema", "database", "alias", "tags", "meta.layer", "access", "contract"}
