package dbt

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
)

// Project is one dbt project as its files declare it, joined as dbt joins it before it asks a warehouse anything.
type Project struct {
	*graph.ProjectFact
	// Nodes are its resources, disabled ones too, in the order of their files.
	Nodes []*Node
	// Properties are the entries of its properties files that dbt reads, for resources that exist and for those that don't.
	Properties []*graph.DatasetFact
	// Macros holds its macros and generic tests by name.
	Macros map[string]*graph.DatasetFact
	// Unseen names what may supply nodes and is not in the repository: packages, other projects. Empty if there is none.
	Unseen []string
	// AllVars says that every variable which a run has is known: nothing but dbt_project.yml gives any.
	AllVars bool
	// Package says that the project is made for others: it configures integration tests, or another project takes it in.
	Package bool
	// Dialect is that of its adapter in sqlglot's spelling; empty where the profile is not in the repository.
	Dialect string

	tree   map[string]Settings // configuration trees: "models/shop/marts" to its settings
	named  map[string][]*Node  // models, seeds, snapshots by name; sources by "source.table"
	locals []*Project          // packages of the same repository
	groups map[string]string   // owner
	read   map[string]bool     // files that were read
	docs   map[string]string
}

// Node is one resource of a project.
type Node struct {
	// Kind is model, seed, snapshot, source, test, unit_test, exposure, semantic_model, metric or saved_query.
	Kind string
	// Name is its name; of a source "source.table".
	Name string
	// Version of a versioned model; Latest says that a ref without a version means it.
	Version string
	Latest  bool
	// Fact is what its own file, or its entry, says.
	Fact *graph.DatasetFact
	// Properties is its entry in a properties file; nil if it has none.
	Properties *graph.DatasetFact
	Settings   Settings
	// Disabled says that dbt leaves it out; Depends that only a run can say.
	Disabled, Depends bool
	// Reads are its references, those of the macros that it calls included.
	Reads   []graph.Ref
	Project *Project
}

// Read joins what the files of a repository say of its dbt projects. The projects in packages that are installed are none of
// them. Nobody changes what it returns: all who ask after linking get the same.
func Read(g *graph.Graph) []*Project {
	return graph.Memo(g, projectsKey{}, func() []*Project { return read(g) })
}

type projectsKey struct{}

func read(g *graph.Graph) []*Project {
	r := &linker{g: g}
	profiles := map[string]string{}
	for _, f := range g.Files {
		for i := range f.Projects {
			switch p := &f.Projects[i]; p.Tool {
			case tool:
				if f.Role != graph.RoleVendored && !packaged.MatchString(f.Path) {
					r.projects = append(r.projects, &Project{ProjectFact: p, Macros: map[string]*graph.DatasetFact{}, AllVars: true,
						named: map[string][]*Node{}, groups: map[string]string{}, docs: map[string]string{}, read: map[string]bool{}})
				}
			case profilesTool:
				for k, v := range p.Values {
					profiles[k] = v
				}
			}
		}
	}
	if len(r.projects) == 0 {
		return nil
	}
	slices.SortStableFunc(r.projects, func(a, b *Project) int { return len(b.Dir) - len(a.Dir) })
	for _, p := range r.projects {
		p.tree = trees(p.Values)
		p.Dialect = dialects[profiles[p.Values["profile"]]]
	}
	r.surroundings()
	for _, pass := range []func(*Project, *graph.Facts){r.declarations, r.nodes} {
		for _, f := range g.Files {
			if f.Role == graph.RoleVendored || packaged.MatchString(f.Path) {
				continue
			}
			for _, p := range r.readers(f.Path) {
				pass(p, f)
			}
		}
	}
	for _, p := range r.projects {
		p.complete()
	}
	return r.projects
}

var packaged = regexp.MustCompile(`(?:^|/)(?:dbt_packages|dbt_modules|dbt_internal_packages|target)/`)

type linker struct {
	g        *graph.Graph
	projects []*Project // inner folders first
	entries  map[entryKey]*graph.DatasetFact
}

type entryKey struct {
	project             *Project
	kind, name, version string
}

// of is the project whose folder holds a path; nil if none does.
func (r *linker) of(file string) *Project {
	for _, p := range r.projects {
		if p.Dir == "" || strings.HasPrefix(file, p.Dir+"/") {
			return p
		}
	}
	return nil
}

// readers are the projects that read a file: the one whose folder holds it, and those whose paths lead out of their folders
// to it (model-paths: ["models", "../shared"]).
func (r *linker) readers(file string) []*Project {
	var out []*Project
	own := r.of(file)
	if own != nil {
		out = append(out, own)
	}
	for _, p := range r.projects {
		if p != own && p.reachesOut() && p.Holds(file) {
			out = append(out, p)
		}
	}
	return out
}

// reachesOut reports whether one of the project's paths leads out of its folder.
func (p *Project) reachesOut() bool {
	for kind := range pathKinds {
		if slices.ContainsFunc(p.Lists[kind], func(dir string) bool { return strings.HasPrefix(dir, "../") }) {
			return true
		}
	}
	return false
}

// surroundings finds what each project takes from elsewhere: packages, other projects, variables.
func (r *linker) surroundings() {
	for _, f := range r.g.Files {
		for i := range f.Projects {
			fact := &f.Projects[i]
			if packaged.MatchString(f.Path) || f.Role == graph.RoleVendored {
				continue
			}
			switch fact.Tool {
			case varsTool:
				for _, p := range r.projects {
					p.AllVars = false
				}
			case "unread": // a properties file that could not be read may declare anything
				if p := r.of(f.Path); p != nil {
					p.Unseen = append(p.Unseen, f.Path)
				}
			case packagesTool:
				p := r.of(f.Path)
				if p == nil || p.Dir != fact.Dir {
					continue
				}
				for _, name := range fact.Lists["packages"] {
					if !macroPackages[strings.ToLower(name[strings.LastIndexByte(strings.TrimSuffix(name, ".git"), '/')+1:])] {
						p.Unseen = append(p.Unseen, name)
					}
				}
				for _, dir := range append(slices.Clone(fact.Lists["local"]), fact.Lists["projects"]...) {
					found := false
					for _, other := range r.projects {
						if other != p && (other.Dir == dir || other.Name == dir) {
							p.locals = append(p.locals, other)
							other.Package = true
							other.Unseen = append(other.Unseen, p.Name) // its refs may mean what that project has, or takes in
							found = true
						}
					}
					if !found {
						p.Unseen = append(p.Unseen, dir)
					}
				}
			}
		}
	}
}

// macroPackages are packages that hold macros and tests, and no resources that a project could refer to.
var macroPackages = map[string]bool{
	"dbt_utils": true, "dbt-utils": true, "codegen": true, "dbt-codegen": true, "audit_helper": true, "dbt-audit-helper": true,
	"dbt_external_tables": true, "dbt-external-tables": true, "spark_utils": true, "spark-utils": true, "dbt_expectations": true,
	"dbt-expectations": true, "dbt_date": true, "dbt-date": true, "dbt_constraints": true, "dbt_unit_testing": true, "dbt-unit-testing": true,
	"dbt_unittest": true, "dbt_profiler": true, "dbt-profiler": true, "dbt_meta_testing": true, "dbt_snow_mask": true, "dbt-snow-mask": true,
	"tsql_utils": true, "redshift": true, "snowflake_utils": true, "logging": true, "dbt_ml": true, "dbt_privacy": true, "trino_utils": true,
	"athena_utils": true, "dbt_datamocktool": true, "dbt-datamocktool": true, "insert_by_period": true, "dbt-insert-by-period": true,
}

// trees splits "models/shop/marts|key" of a project's values by the folder.
func trees(values map[string]string) map[string]Settings {
	out := map[string]Settings{}
	for k, v := range values {
		at, key, ok := strings.Cut(k, "|")
		if !ok || at == "vars" {
			continue
		}
		if out[at] == nil {
			out[at] = Settings{}
		}
		out[at][key] = v
	}
	return out
}

// configured is what the configuration trees say of a resource by its folders and name; inner folders win.
func (p *Project) configured(kind string, fqn []string) Settings {
	s := Settings{}
	at := kind
	merge(s, p.tree[at])
	for _, f := range append([]string{p.Name}, fqn...) {
		at += "/" + f
		if own := p.tree[at]; own != nil {
			merge(s, own)
		}
	}
	return s
}

// below returns the folders between one of the project's paths of that kind and the file; ok is false for a file elsewhere.
func (p *Project) below(kind, file string) (folders []string, ok bool) {
	for _, dir := range p.Lists[kind] {
		full := path.Join(p.Dir, dir)
		rest, found := strings.CutPrefix(file, full+"/")
		if full == "." || full == "" {
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

// inside reports whether dbt reads a file: it stands below one of the project's paths. folders are those below that path.
func (p *Project) inside(file string) (folders []string, ok bool) {
	for _, kind := range []string{"model-paths", "seed-paths", "snapshot-paths", "test-paths", "macro-paths", "analysis-paths", "function-paths"} {
		if folders, ok := p.below(kind, file); ok {
			return folders, true
		}
	}
	return nil, false
}

// Holds reports whether dbt reads a file of that path as part of the project.
func (p *Project) Holds(file string) bool {
	_, ok := p.inside(file)
	return ok
}

// Resolve finds the resources that a ref or source means: one, several where names are ambiguous, none where nothing is called
// so. Disabled ones are found too.
func (p *Project) Resolve(r graph.Ref) []*Node {
	if r.Tool == "source" {
		if out := p.named["source:"+strings.Join(r.Parts, ".")]; out != nil {
			return out
		}
		for _, l := range p.locals {
			if out := l.named["source:"+strings.Join(r.Parts, ".")]; out != nil {
				return out
			}
		}
		return nil
	}
	pkg, name, version := RefParts(r)
	for _, q := range append([]*Project{p}, p.locals...) {
		if pkg != "" && q.Name != pkg {
			continue
		}
		var out []*Node
		for _, n := range q.named[name] {
			if version == "" && (n.Version == "" || n.Latest) || version != "" && n.Version == version {
				out = append(out, n)
			}
		}
		if out != nil {
			return out
		}
	}
	return nil
}

// RefParts splits a ref into its package, name and version; the first and the last are empty where it has none.
func RefParts(r graph.Ref) (pkg, name, version string) {
	parts := r.Parts
	if n := len(parts); n > 1 && versionPart.MatchString(parts[n-1]) {
		version, parts = parts[n-1][1:], parts[:n-1]
	}
	if len(parts) > 1 {
		pkg = parts[0]
	}
	if len(parts) > 0 {
		name = parts[len(parts)-1]
	}
	return pkg, name, version
}

var versionPart = regexp.MustCompile(`^v\d[\w.]*$`)

// Names is the names of everything that a ref may mean, or of every source table, sorted.
func (p *Project) Names(sources bool) []string {
	var out []string
	for k := range p.named {
		if name, ok := strings.CutPrefix(k, "source:"); ok == sources {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Groups is the names of the project's groups, sorted.
func (p *Project) Groups() []string {
	var out []string
	for name := range p.groups {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Readable reports whether a file made a node of the project, or could have: delint read it.
func (p *Project) Readable(file string) bool {
	for _, kind := range []string{"model-paths", "seed-paths", "snapshot-paths"} {
		if _, ok := p.below(kind, file); ok {
			return p.read[file]
		}
	}
	return true
}

// Owns reports whether a file belongs to the project: its dbt_project.yml, or one that dbt reads in it.
func (p *Project) Owns(file string) bool {
	if file == p.Span.Path {
		return true
	}
	return p.Holds(file)
}
