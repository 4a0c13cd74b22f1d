// Package cube reads the data models of Cube: cubes and views in YAML, and in JavaScript where they are plain object literals.
package cube

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

const tool = "cube"

var _ = graph.Register(graph.Tool{Name: tool, Extract: extract})

func extract(f *parsers.File, facts *graph.Facts) {
	dir, inside := project(f.Path)
	if !inside {
		config(f, facts)
		return
	}
	if facts.Role == graph.RoleVendored {
		return
	}
	e := &reader{file: f, facts: facts, dir: dir}
	switch path.Ext(f.Path) {
	case ".yml", ".yaml":
		e.yaml()
	case ".js":
		if f.Mentions("cube(", "view(") {
			e.javascript()
		}
	}
}

// modelFolders are the folders that Cube reads its models from by default, now and before.
var modelFolders = []string{"model", "schema"}

// project is the folder of the Cube project that a path of a model belongs to; inside is false for other paths.
func project(p string) (dir string, inside bool) {
	folders := strings.Split(path.Dir(p), "/")
	for i, f := range folders {
		if slices.Contains(modelFolders, f) {
			return strings.Join(folders[:i], "/"), true
		}
	}
	base := path.Base(p)
	if strings.HasSuffix(base, ".cube.yml") || strings.HasSuffix(base, ".cube.yaml") || strings.HasSuffix(base, ".cube.js") {
		return "*.cube", true // Embeddable collects them wherever they are
	}
	return "", false
}

// config reads what cube.js and cube.py say that changes what everybody sees.
func config(f *parsers.File, facts *graph.Facts) {
	switch path.Base(f.Path) {
	case "cube.js", "cube.py", "cube.ts":
	default:
		return
	}
	p := graph.ProjectFact{Tool: tool, Dir: strings.TrimPrefix(path.Dir(f.Path), "."), Values: map[string]string{}, Span: f.Span(0, 0)}
	for key, words := range map[string][]string{
		"rewrites": {"queryRewrite", "query_rewrite"},
		"dynamic":  {"repositoryFactory", "repository_factory"},
		"groups":   {"contextToGroups", "context_to_groups", "contextToRoles", "context_to_roles"},
	} {
		if f.Mentions(words...) {
			p.Values[key] = "true"
		}
	}
	facts.Projects = append(facts.Projects, p)
}

type reader struct {
	file  *parsers.File
	facts *graph.Facts
	dir   string
}

// yaml reads a model in YAML. Cube runs every file with a template tag through Jinja first.
func (r *reader) yaml() {
	f := r.file
	if !f.LineBegins("cubes:", "views:") {
		if f.Mentions("cubes:", "views:") && f.Mentions("{%") {
			r.unread()
		}
		return
	}
	if bytes.Contains(f.Text, []byte("{%")) || bytes.Contains(f.Text, []byte("{{")) {
		r.unread()
		return
	}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 {
		r.unread()
		return
	}
	for _, c := range docs[0].List("cubes") {
		r.define("cube", c.Get("name"), c)
	}
	for _, v := range docs[0].List("views") {
		r.define("view", v.Get("name"), v)
	}
}

func (r *reader) javascript() {
	found, dynamic := literals(r.file)
	for _, d := range found {
		r.define(d.kind, d.name, d.body)
	}
	if dynamic {
		r.unread()
	}
}

// unread says that the file defines what only a run knows.
func (r *reader) unread() {
	r.facts.Semantics = append(r.facts.Semantics, graph.SemanticFact{Tool: tool, Kind: "unread", Dir: r.dir, Partial: true, Span: r.file.Span(0, 0)})
}

// define reads one cube or view.
func (r *reader) define(kind string, name, body *plain.Value) {
	if body == nil || body.Kind != plain.Mapping || name == nil || name.Kind != plain.Scalar || name.Text == "" {
		return
	}
	if strings.Contains(name.Text, graph.Hole) || strings.Contains(name.Text, "{") {
		r.unread()
		return
	}
	v := &object{body}
	s := graph.SemanticFact{
		Tool: tool, Kind: kind, Name: name.Text, Dir: r.dir, Span: name.Span, Description: v.text("description"),
		Extends: strings.Trim(v.text("extends"), "{}"), Hidden: v.hidden(), Values: map[string]string{},
	}
	s.Partial = v.get("...") != nil || s.Extends == graph.Hole
	for _, list := range memberLists {
		s.Members = append(s.Members, r.members(&s, list, v.get(list.key))...)
	}
	s.Joins = r.joins(&s, v.get("joins"))
	s.Includes = includes(v)
	s.Policies = policies(v)
	if v.text("data_source") != "" {
		s.Values["data_source"] = v.text("data_source")
	}
	r.reads(&s, v)
	r.facts.Semantics = append(r.facts.Semantics, s)
	for _, ref := range s.Reads {
		r.facts.Uses = append(r.facts.Uses, graph.UseFact{
			Tool: tool, Kind: kind, By: s.Name, Description: s.Description, Public: !s.Hidden, Ref: ref, Span: s.Span,
			Columns: s.Columns(),
		})
	}
}

// object is a mapping whose keys may be written in camelCase.
type object struct{ value *plain.Value }

func (o *object) get(key string) *plain.Value {
	if v := o.value.Get(key); v != nil {
		return v
	}
	if strings.Contains(key, "_") {
		return o.value.Get(camel(key))
	}
	return nil
}

func (o *object) text(key string) string {
	if v := o.get(key); v != nil && v.Kind == plain.Scalar {
		return v.Text
	}
	return ""
}

// hidden reports whether it is not public. A value that is computed hides it from somebody.
func (o *object) hidden() bool {
	for _, key := range []string{"public", "shown"} {
		if t := o.text(key); t != "" && t != "true" {
			return true
		}
	}
	return false
}

var underscore = regexp.MustCompile(`_[a-z]`)

func camel(key string) string {
	return underscore.ReplaceAllStringFunc(key, func(s string) string { return strings.ToUpper(s[1:]) })
}
