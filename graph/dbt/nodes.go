package dbt

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
)

// declarations files what a project declares beside its resources: properties, macros, groups, doc blocks.
func (r *linker) declarations(p *Project, f *graph.Facts) {
	if r.entries == nil {
		r.entries = map[entryKey]*graph.DatasetFact{}
	}
	_, inside := p.inside(f.Path)
	if !inside {
		return
	}
	for i := range f.Datasets {
		d := &f.Datasets[i]
		if d.Tool != tool {
			continue
		}
		switch d.Kind {
		case kindProperties:
			p.Properties = append(p.Properties, d)
			at := entryKey{p, d.Settings["kind"], d.Parts[0], d.Settings["version"]}
			if r.entries[at] == nil {
				r.entries[at] = d
			}
			if file := d.Settings["defined_in"]; file != "" {
				r.entries[entryKey{p, "defined_in", file, ""}] = d
			}
		case kindMacro:
			_, test := p.below("test-paths", f.Path)
			if _, ok := p.below("macro-paths", f.Path); ok || test {
				p.Macros[d.Parts[0]] = d
			}
		case kindGroup:
			p.groups[d.Parts[0]] = d.Owner
		case kindDoc:
			p.docs[d.Parts[0]] = d.Description
		}
	}
}

// nodes files the resources of a project.
func (r *linker) nodes(p *Project, f *graph.Facts) {
	folders, inside := p.inside(f.Path)
	if !inside {
		return
	}
	stem := strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
	p.read[f.Path] = f.NotAnalysed == ""
	for i := range f.Datasets {
		d := &f.Datasets[i]
		if d.Tool != tool {
			continue
		}
		name := d.Parts[len(d.Parts)-1]
		switch d.Kind {
		case "source":
			key := strings.TrimPrefix(d.Alias[0], "source:")
			source, table, _ := strings.Cut(key, ".")
			r.node(p, &Node{Kind: "source", Name: key, Fact: d}, "sources", append(slices.Clone(folders), source, table))
		case "seed":
			if folders, ok := p.below("seed-paths", f.Path); ok {
				r.node(p, &Node{Kind: "seed", Name: name, Fact: d}, "seeds", append(folders, name))
			}
		case "snapshot":
			if folders, ok := p.snapshotFolders(f.Path); ok {
				r.node(p, &Node{Kind: "snapshot", Name: name, Fact: d}, "snapshots", append(folders, stem, name))
			}
		case kindProperties:
			if d.Settings["declared"] != "" {
				r.node(p, &Node{Kind: "snapshot", Name: name, Fact: d}, "snapshots", append(slices.Clone(folders), name))
			}
		case "model":
			if folders, ok := p.below("model-paths", f.Path); ok {
				r.node(p, &Node{Kind: "model", Name: stem, Fact: d}, "models", append(folders, stem))
			} else if folders, ok := p.below("test-paths", f.Path); ok && strings.HasSuffix(f.Path, ".sql") && !slices.Contains(folders, "generic") && !definesMacros(f) {
				r.node(p, &Node{Kind: "test", Name: stem, Fact: d}, "tests", append(folders, stem))
			}
		case kindUnitTest, kindExposure, kindSemantic, kindMetric, kindSavedQuery:
			kinds := map[string]string{kindUnitTest: "unit_tests", kindExposure: "exposures", kindSemantic: "semantic_models", kindMetric: "metrics", kindSavedQuery: "saved_queries"}
			r.node(p, &Node{Kind: d.Kind, Name: name, Fact: d}, kinds[d.Kind], append(slices.Clone(folders), name))
		}
	}
}

// snapshotFolders knows that a snapshot block may stand in any folder of SQL that dbt reads as snapshots or, since 1.9, models.
func (p *Project) snapshotFolders(file string) ([]string, bool) {
	return p.below("snapshot-paths", file)
}

func definesMacros(f *graph.Facts) bool {
	return slices.ContainsFunc(f.Datasets, func(d graph.DatasetFact) bool { return d.Kind == kindMacro })
}

// node merges the configuration of one resource: the project's trees, then its entry, then its own file.
func (r *linker) node(p *Project, n *Node, kind string, fqn []string) {
	n.Project = p
	if n.Kind == "model" {
		if e := r.entries[entryKey{p, "defined_in", n.Name, ""}]; e != nil {
			n.Properties, n.Name, n.Version = e, e.Parts[0], e.Settings["version"]
			fqn = append(fqn[:len(fqn)-1:len(fqn)-1], n.Name, "v"+n.Version)
		}
	}
	if n.Properties == nil {
		switch n.Kind {
		case "model", "seed", "snapshot":
			n.Properties = r.entries[entryKey{p, kind, n.Name, ""}]
		case "test":
			n.Properties = r.entries[entryKey{p, "data_tests", n.Name, ""}]
		}
	}
	n.Settings = p.configured(kind, fqn)
	if n.Properties != nil && n.Properties != n.Fact {
		merge(n.Settings, visible(n.Properties.Settings))
	}
	merge(n.Settings, n.Fact.Settings)
	if n.Version != "" {
		n.Settings["version"] = n.Version
		latest := n.Settings["latest_version"]
		n.Latest = latest == n.Version
	}
	n.Disabled, n.Depends = off(p.evaluated(n.Settings["enabled"])), depends(n.Settings["enabled"])
	n.Reads = n.Fact.Reads
	if n.Kind == "source" {
		p.named["source:"+n.Name] = append(p.named["source:"+n.Name], n)
	}
	if n.Kind == "model" || n.Kind == "seed" || n.Kind == "snapshot" {
		p.named[n.Name] = append(p.named[n.Name], n)
	}
	p.Nodes = append(p.Nodes, n)
}

// visible is the settings of an entry without what only this folder asks.
func visible(s Settings) Settings {
	out := make(Settings, len(s))
	for k, v := range s {
		switch k {
		case "kind", "declared", "defined_in":
		default:
			out[k] = v
		}
	}
	return out
}

// complete reads what needs all nodes: the latest of versions, macros that refer, unit tests of models.
func (p *Project) complete() {
	highest := map[string]*Node{}
	for _, n := range p.Nodes {
		if n.Version != "" && n.Settings["latest_version"] == "" {
			if h := highest[n.Name]; h == nil || laterVersion(n.Version, h.Version) {
				highest[n.Name] = n
			}
		}
	}
	for _, n := range highest {
		n.Latest = true
	}
	for _, n := range p.Nodes {
		switch n.Kind {
		case "model", "snapshot", "test":
			if extra := p.macroReads(n); len(extra) > 0 {
				n.Reads = append(slices.Clone(n.Reads), extra...)
			}
		case kindUnitTest:
			for _, m := range p.Resolve(graph.Ref{Tool: "ref", Parts: n.Fact.Reads[0].Parts}) {
				if m.Settings["unit_tests"] != "" {
					m.Settings["unit_tests"] += ","
				}
				m.Settings["unit_tests"] += n.Name
			}
		}
	}
}

func laterVersion(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }

// maxMacros is how many calls deep macros are followed.
const maxMacros = 5

// macroReads is what the macros that a resource calls refer to.
func (p *Project) macroReads(n *Node) (out []graph.Ref) {
	seen := map[string]bool{}
	has := map[string]bool{}
	for _, r := range n.Reads {
		has[r.Tool+":"+strings.Join(r.Parts, ".")] = true
	}
	var follow func(calls string, depth int, at graph.Ref)
	follow = func(calls string, depth int, at graph.Ref) {
		for _, name := range strings.Split(calls, ",") {
			if pkg, rest, ok := strings.Cut(name, "."); ok && pkg == p.Name {
				name = rest
			}
			m := p.Macros[name]
			if m == nil || seen[name] || m.Settings["kind"] != "macro" {
				continue
			}
			seen[name] = true
			for _, r := range m.Reads {
				if key := r.Tool + ":" + strings.Join(r.Parts, "."); r.Tool != "sql" && !has[key] {
					has[key] = true
					r.Inferred = true
					out = append(out, r)
				}
			}
			if depth < maxMacros {
				follow(m.Settings["calls"], depth+1, at)
			}
		}
	}
	if calls := n.Settings["calls"]; calls != "" {
		follow(calls, 1, graph.Ref{})
	}
	return out
}

var docCall = regexp.MustCompile(`\{\{\s*doc\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]([^'"]+)['"]\s*\)\s*\}\}`)

// described resolves the doc blocks in a description; those that are not here stay as they are written.
func (p *Project) described(s string) string {
	if !strings.Contains(s, "doc(") {
		return s
	}
	return docCall.ReplaceAllStringFunc(s, func(m string) string {
		if text, ok := p.docs[docCall.FindStringSubmatch(m)[1]]; ok {
			return text
		}
		return m
	})
}

// evaluated gives a configured value in which a variable has the value that the project gives it.
func (p *Project) evaluated(s string) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	if v := evaluate(p, []string{s})[0]; !strings.Contains(v, graph.Hole) {
		return v
	}
	return s
}
