package sqlmesh

import (
	"bytes"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

// The projects of a configuration: what names a rule of SQLMesh's linter there, and a linter rule that the project defines.
const (
	linterEntry = "sqlmesh-linter-entry" // Name is the rule in lower case, Values list is rules, warn_rules or ignored_rules
	linterClass = "sqlmesh-linter-rule"  // Name is the class in lower case
)

// config reads config.yaml: the defaults of models, the gateways, the variables, the linter.
func config(f *parsers.File, facts *graph.Facts) {
	if !f.LineBegins("model_defaults", "gateways", "default_gateway", "linter", "model_naming") {
		return
	}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 {
		return
	}
	d := docs[0]
	if !d.Has("model_defaults") && !d.Has("gateways") || d.Has("version") && d.Has("plugins") {
		return
	}
	p := graph.ProjectFact{Tool: tool, Dir: folder(f.Path), Lists: map[string][]string{}, Values: map[string]string{"language": "yaml"}, Span: f.RawSpan(0, 0)}
	for _, a := range d.List("model_defaults", "audits") {
		p.Lists["audits"] = append(p.Lists["audits"], a.Text)
	}
	for _, e := range d.Get("model_defaults").Entries() {
		if e.Value.Kind == plain.Scalar {
			p.Values["model_defaults."+e.Key] = e.Value.Text
		}
	}
	for _, e := range d.Get("gateways").Entries() {
		p.Lists["gateways"] = append(p.Lists["gateways"], e.Key)
		for _, v := range e.Value.Get("variables").Entries() {
			p.Lists["variables"] = append(p.Lists["variables"], strings.ToLower(v.Key))
		}
	}
	p.Values["default_gateway"] = d.String("default_gateway")
	p.Values["infer_names"] = d.String("model_naming", "infer_names")
	for _, e := range d.Get("variables").Entries() {
		p.Lists["variables"] = append(p.Lists["variables"], strings.ToLower(e.Key))
		if e.Value.Kind == plain.Scalar {
			p.Values["variables."+strings.ToLower(e.Key)] = e.Value.Text
		}
	}
	p.Values["templated"] = templated(string(f.Text))
	if l := d.Get("linter"); l != nil {
		p.Span = l.Span
		for _, e := range d.Entries() {
			if e.Key == "linter" {
				p.Span = e.At
			}
		}
		p.Values["linter"] = "true"
		p.Values["linter.enabled"] = l.String("enabled")
		for _, list := range []string{"rules", "warn_rules", "ignored_rules"} {
			for _, r := range l.List(list) {
				p.Lists["linter."+list] = append(p.Lists["linter."+list], strings.ToLower(r.Text))
				facts.Projects = append(facts.Projects, graph.ProjectFact{
					Tool: linterEntry, Name: strings.ToLower(r.Text), Dir: p.Dir, Values: map[string]string{"list": list}, Span: r.Span,
				})
			}
		}
	}
	facts.Projects = append(facts.Projects, p)
}

func templated(s string) string {
	if strings.Contains(s, "{%") {
		return "true"
	}
	return ""
}

// pythonConfig reads config.py as far as its literals go: Config(model_defaults=ModelDefaultsConfig(dialect="…"), linter=…).
func pythonConfig(f *parsers.File, facts *graph.Facts) {
	if !bytes.Contains(f.Text, []byte("sqlmesh")) || !bytes.Contains(f.Text, []byte("Config(")) {
		return
	}
	tree := f.Tree
	for call := range tree.All(python.Call) {
		if fn := call.Field(python.Function).Text(); fn != "Config" && !strings.HasSuffix(fn, ".Config") && fn != "sqlmesh_config" {
			continue
		}
		p := graph.ProjectFact{Tool: tool, Dir: folder(f.Path), Lists: map[string][]string{}, Values: map[string]string{"language": "python"}, Span: f.Span(call.Start(), call.End())}
		defaults := pycall.Argument(call, "model_defaults", -1)
		for _, key := range []string{"dialect", "owner", "cron", "start"} {
			if t, ok := pycall.Text(f, pycall.Argument(defaults, key, -1)); ok {
				p.Values["model_defaults."+key] = t
			}
		}
		p.Lists["audits"] = literals(f, pycall.Argument(defaults, "audits", -1))
		if t, ok := pycall.Text(f, pycall.Argument(call, "default_gateway", -1)); ok {
			p.Values["default_gateway"] = t
		}
		p.Values["infer_names"] = strings.ToLower(pycall.Argument(pycall.Argument(call, "model_naming", -1), "infer_names", -1).Text())
		linter := pycall.Argument(call, "linter", -1)
		if linter.Is(python.Call) && strings.HasSuffix(linter.Field(python.Function).Text(), "LinterConfig") {
			p.Values["linter"] = "true"
			p.Values["linter.enabled"] = strings.ToLower(pycall.Argument(linter, "enabled", -1).Text())
			for _, list := range []string{"rules", "warn_rules", "ignored_rules"} {
				p.Lists["linter."+list] = literals(f, pycall.Argument(linter, list, -1))
			}
		} else if !linter.IsNil() {
			p.Values["linter"] = "unknown"
		}
		p.Values["variables"] = "unknown"
		if v := pycall.Argument(call, "variables", -1); v.IsNil() || v.Is(python.Dictionary) {
			p.Values["variables"] = ""
			for pair := range v.NamedChildren() {
				if t, ok := pycall.Text(f, pair.FirstNamed()); ok {
					p.Lists["variables"] = append(p.Lists["variables"], strings.ToLower(t))
				}
			}
		}
		facts.Projects = append(facts.Projects, p)
	}
}

func literals(f *parsers.File, list parsers.Node) (out []string) {
	for item := range list.NamedChildren() {
		if t, ok := pycall.Text(f, item); ok {
			out = append(out, strings.ToLower(t))
		}
	}
	return out
}
