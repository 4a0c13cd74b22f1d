package dependencies

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/packages"
	"delint/parsers/python"
	"delint/rules"
)

// MissingDependency reports imported modules that no requirement of the repository gives: one finding a distribution and
// code location, at the first import. Modules that no table maps to a distribution are left alone.
var MissingDependency = rules.Repository(rules.Rule{
	Name:     "missing-dependency",
	Severity: rules.High,
	Class:    rules.Reliability,
	Topic:    "best-practices/code-quality",
	Sentence: "Dependency Management",
}, func(pass *rules.Pass, g *graph.Graph) {
	r := packages.Of(g)
	own := firstParty(g)
	found := map[string]*rules.Finding{}
	foreign := notRunWith(g, r, own)
	paths := make([]string, 0, len(r.Imports))
	for p := range r.Imports {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		if r.Role(p) != graph.RoleSource || toolFile(p) || inWarehouse(g, p) {
			continue
		}
		owners := r.Owners(p)
		if owners == nil || foreign[owners[0].Folder()] || slices.ContainsFunc(owners, func(m *packages.Manifest) bool { return m.Dynamic }) {
			continue
		}
		for _, i := range r.Imports[p] {
			names, known := missing(r, own, p, i)
			if names == nil {
				continue
			}
			key := owners[0].Folder() + "\x00" + names[0]
			if f := found[key]; f != nil {
				if len(f.Places) < maxPlaces {
					f.Places = append(f.Places, rules.Place{Span: i.Span, Message: "imported here too"})
				}
				continue
			}
			f := pass.ReportAt(i.Span, "`%s` is imported, but no requirement declares `%s`", known, names[0])
			f.Key = names[0]
			f.Defer = []string{"deptry:DEP001"}
			f.Evidence = "looked at " + owners[0].Path
			if lock := r.Lock(g, owners[0].Folder()); lock != "" && r.Locks(lock, names...) {
				f.Severity = rules.Medium
				f.Message = "`" + known + "` is imported, but `" + names[0] + "` comes only along with another package"
				f.Evidence += "; " + lock + " holds it"
			} else if transitive[names[0]] {
				f.Severity = rules.Medium
			}
			found[key] = f
		}
	}
})

// missing is the distributions that would give an imported module, where nothing does, and the module; nil where something may.
func missing(r *packages.Repository, own map[string]bool, p string, i packages.Import) (names []string, known string) {
	names, known = packages.DistributionsOf(i.Module)
	top, _, _ := strings.Cut(i.Module, ".")
	if i.Guarded || names == nil || own[top] || provided(r, p, known) || r.DeclaredAnywhere(names...) || brought(r, names) || r.Commanded(names...) {
		return nil, ""
	}
	return names, known
}

// manyMissing is how many distributions may be missing before the manifest is taken for that of something else.
const manyMissing = 5

// notRunWith is the folders whose manifests are not what their code runs with: an image from elsewhere has the rest.
func notRunWith(g *graph.Graph, r *packages.Repository, own map[string]bool) map[string]bool {
	lacking := map[string]map[string]bool{}
	for p, list := range r.Imports {
		owners := r.Owners(p)
		if owners == nil || r.Role(p) != graph.RoleSource || toolFile(p) || inWarehouse(g, p) {
			continue
		}
		dir := owners[0].Folder()
		for _, i := range list {
			if names, _ := missing(r, own, p, i); names != nil && !transitive[names[0]] {
				if lock := r.Lock(g, dir); lock == "" || !r.Locks(lock, names...) {
					if lacking[dir] == nil {
						lacking[dir] = map[string]bool{}
					}
					lacking[dir][names[0]] = true
				}
			}
		}
	}
	out := map[string]bool{}
	for dir, names := range lacking {
		out[dir] = len(names) >= manyMissing
	}
	return out
}

// inWarehouse reports whether a module is a Python model of dbt: the warehouse has the packages.
func inWarehouse(g *graph.Graph, p string) bool {
	if g.Code == nil || g.Code.ByPath[p] == nil {
		return false
	}
	return slices.ContainsFunc(g.Code.ByPath[p].Functions, func(f *graph.Function) bool { return f.Unit == string(python.DbtModel) })
}

// maxPlaces bounds the places that are shown beside a finding.
const maxPlaces = 5

// toolFile reports whether a module is for a tool that brings what it imports, or for the build.
func toolFile(p string) bool {
	switch path.Base(p) {
	case "setup.py", "conf.py", "noxfile.py", "tasks.py", "fabfile.py", "conftest.py", "jupyter_notebook_config.py", "superset_config.py", "webserver_config.py":
		return true
	}
	for segment := range strings.SplitSeq(path.Dir(p), "/") {
		switch strings.ToLower(segment) {
		case "docs", "doc", "examples", "example", "scripts", "tools", "bin", "hack", ".github", "notebooks", "templates", "analyses", "analysis", "dev", "exercises", "solution", "solutions", "plugins":
			return true
		}
	}
	return false
}

// firstParty is the names of the repository's own modules and packages.
func firstParty(g *graph.Graph) map[string]bool {
	out := map[string]bool{}
	for _, p := range g.Paths {
		switch name := path.Base(p); {
		case name == "__init__.py":
			out[path.Base(path.Dir(p))] = true
		case path.Ext(name) == ".py":
			out[strings.TrimSuffix(name, ".py")] = true
		}
	}
	return out
}
