package sqlmesh

import (
	"strings"

	"delint/graph"
)

func inFolder(path, dir string) bool { return dir == "" || strings.HasPrefix(path, dir+"/") }

// Configurations are those of the SQLMesh projects of a repository.
type Configurations []*graph.ProjectFact

// ConfigurationsOf reads them off the graph.
func ConfigurationsOf(g *graph.Graph) (ps Configurations) {
	for _, f := range g.Files {
		for i := range f.Projects {
			if f.Projects[i].Tool == tool {
				ps = append(ps, &f.Projects[i])
			}
		}
	}
	return ps
}

// Of is the configuration that a file belongs to: that of the nearest folder above; nil if none.
func (ps Configurations) Of(path string) *graph.ProjectFact {
	var best *graph.ProjectFact
	for _, p := range ps {
		if inFolder(path, p.Dir) && (best == nil || len(p.Dir) > len(best.Dir)) {
			best = p
		}
	}
	return best
}

// link completes the models with the defaults of their project, the audits with their definitions, and adds the audits that a
// project gives every model.
func link(g *graph.Graph) {
	configurations := ConfigurationsOf(g)
	audits := map[string][]*graph.ProjectFact{}
	for _, f := range g.Files {
		for i := range f.Projects {
			if p := &f.Projects[i]; p.Tool == auditDefinition {
				audits[p.Name] = append(audits[p.Name], p)
			}
		}
	}
	for _, f := range g.Files {
		p := configurations.Of(f.Path)
		for i := range f.Datasets {
			if d := &f.Datasets[i]; d.Tool == tool && d.Pending {
				complete(g, *d, p)
				if p != nil {
					defaults(g, d, p, audits)
				}
			}
		}
		for i := range f.Checks {
			if c := f.Checks[i]; c.Framework == "sqlmesh-audit" && c.Pending {
				c.Pending = false
				define(&c, audits[strings.TrimSuffix(c.Name, "_non_blocking")])
				g.AddCheck(&c)
			}
		}
	}
}

// complete gives the inventory a model with what its project says of every model.
func complete(g *graph.Graph, d graph.DatasetFact, p *graph.ProjectFact) {
	d.Pending = false
	d.Settings = clone(d.Settings)
	if p != nil {
		for key, v := range p.Values {
			if k, ok := strings.CutPrefix(key, "model_defaults."); ok && d.Settings[k] == "" {
				d.Settings[k] = v
				switch k {
				case "owner":
					d.Owner = v
				case "dialect":
					d.Dialect = strings.ToLower(v)
				case "kind":
					d.Settings[k] = strings.ToUpper(v)
					d.Kind = datasetKind(d.Settings[k])
				}
			}
		}
		if name := d.Settings["name"]; strings.Contains(name, "@") {
			vars := map[string]string{}
			for key, v := range p.Values {
				if k, ok := strings.CutPrefix(key, "variables."); ok {
					vars[k] = v
				}
			}
			d.Parts, d.Quoted = graph.SplitName(graph.Evaluate(name, vars))
		}
	}
	delete(d.Settings, "name")
	if d.Settings["kind"] == "" {
		d.Settings["kind"] = "VIEW"
	}
	g.AddDataset(&d)
}

// define takes over what the definition of an audit says: that in the same file, else the nearest one.
func define(c *graph.CheckFact, definitions []*graph.ProjectFact) {
	var best *graph.ProjectFact
	score := -1
	for _, p := range definitions {
		s := shared(p.Span.Path, c.Span.Path)
		if p.Span.Path == c.Span.Path {
			s = 1000
		} else if p.Values["inline"] == "true" {
			continue
		}
		if s > score {
			best, score = p, s
		}
	}
	if best == nil {
		return
	}
	if n := best.Values["never"]; n != "" {
		c.NeverFails = n
	}
	if c.Blocking == graph.BlockingUnknown {
		c.Blocking = graph.Blocking(best.Values["blocking"])
	}
	if c.Capability == "custom" && best.Values["reads"] == "1" {
		c.Capability = "referential"
	}
}

// shared is how many letters of their folders two paths share.
func shared(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return strings.Count(a[:n], "/")
}

// defaults adds the audits of model_defaults: they run on every model that SQLMesh builds a table or a view for.
func defaults(g *graph.Graph, d *graph.DatasetFact, p *graph.ProjectFact, audits map[string][]*graph.ProjectFact) {
	if d.Transient != "" || d.Kind == "external" {
		return
	}
	for _, text := range p.Lists["audits"] {
		name, _, _ := strings.Cut(text, "(")
		c := check(strings.ToLower(strings.TrimSpace(name)), d.Parts, p.Span)
		c.complete()
		c.Pending = false
		define(&c.CheckFact, audits[c.Name])
		g.AddCheck(&c.CheckFact)
	}
}
