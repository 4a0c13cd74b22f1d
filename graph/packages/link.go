package packages

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
)

// Requirement is one declared distribution.
type Requirement struct {
	Name   string // normalised
	Spec   string // "==1.2", ">=1,<2", "@ git+https://…"; empty for any version
	Group  string
	Extras string // "pandas,secure"
	Span   parsers.Span
}

// Manifest is one file that declares distributions.
type Manifest struct {
	Path         string
	Kind         Kind
	Role         graph.Role
	Requirements []Requirement
	Name         string // of the project; empty where it has none
	Python       string // requires-python
	Library      bool   // it is published: its users choose the versions
	Dynamic      bool   // some of its requirements stand elsewhere
	Constrained  bool   // installs with a file of constraints
	Compiled     bool   // another file is made of it
	Index        bool   // takes from a second index without hashes
}

// Folder is the folder of the manifest; "" is the root.
func (m *Manifest) Folder() string { return folder(m.Path) }

// Runtime is the requirements of a run.
func (m *Manifest) Runtime() []Requirement {
	var out []Requirement
	for _, r := range m.Requirements {
		if r.Group == GroupRuntime {
			out = append(out, r)
		}
	}
	return out
}

// Import is one imported module of a file: the first import that always runs, else a guarded one.
type Import struct {
	Module  string // as the table knows it, else its first part
	Span    parsers.Span
	Guarded bool
}

// Base is a base image of Python.
type Base struct {
	Version string
	Span    parsers.Span
}

// Repository is what all manifests, locks and imports of a repository say.
type Repository struct {
	Manifests []*Manifest
	// Locked is the versions of every lock file, by its path and the normalised name.
	Locked map[string]map[string]string
	// Imports is by the path of the file.
	Imports map[string][]Import
	// Mentioned holds the names that a file other than a manifest holds as words.
	Mentioned map[string]bool
	Bases     []Base
	roles     map[string]graph.Role
	commanded map[string]bool
}

func folder(p string) string {
	if d := path.Dir(p); d != "." {
		return d
	}
	return ""
}

// Of reads the facts of a graph.
func Of(g *graph.Graph) *Repository {
	r := &Repository{Locked: map[string]map[string]string{}, Imports: map[string][]Import{}, Mentioned: map[string]bool{}, roles: map[string]graph.Role{}, commanded: map[string]bool{}}
	for _, f := range g.Files {
		var m *Manifest
		var requirements []Requirement
		for _, s := range f.Settings {
			switch s.Tool {
			case manifestFact:
				m = &Manifest{Path: f.Path, Kind: Kind(s.Key), Role: f.Role}
				m.attributes(s.Value)
				r.Manifests = append(r.Manifests, m)
			case requirementFact:
				requirements = append(requirements, Requirement{s.Key, s.Value[0], s.Value[1], s.Value[2], s.Span})
			case lockFact:
				pins := map[string]string{}
				for _, p := range s.Value {
					name, version, _ := strings.Cut(p, "==")
					pins[name] = version
				}
				r.Locked[f.Path] = pins
			case importFact:
				r.Imports[f.Path] = append(r.Imports[f.Path], Import{s.Key, s.Span, s.Value[0] != ""})
				r.roles[f.Path] = f.Role
			case mentionFact:
				for _, name := range s.Value {
					r.Mentioned[name] = true
					if path.Ext(f.Path) != ".py" && path.Ext(f.Path) != ".ipynb" {
						r.commanded[name] = true
					}
				}
			case pythonFact:
				r.Bases = append(r.Bases, Base{s.Key, s.Span})
			}
		}
		if m != nil {
			m.Requirements = requirements
		}
	}
	return r
}

func (m *Manifest) attributes(list []string) {
	for _, a := range list {
		switch a {
		case attrLibrary:
			m.Library = true
		case attrDynamic:
			m.Dynamic = true
		case attrConstraints:
			m.Constrained = true
		case attrCompiled:
			m.Compiled = true
		case attrIndex:
			m.Index = true
		}
		if name, ok := strings.CutPrefix(a, attrName); ok {
			m.Name = name
		}
		if version, ok := strings.CutPrefix(a, attrPython); ok {
			m.Python = version
		}
	}
}

// Role is the role of a Python file that imports something.
func (r *Repository) Role(path string) graph.Role { return r.roles[path] }

// Lock is the path of the lock file that holds for a folder: its own or the nearest above it; empty if there is none.
func (r *Repository) Lock(g *graph.Graph, dir string) string {
	for {
		for _, name := range []string{"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml", "pixi.lock"} {
			if p := path.Join(dir, name); g.HasPath(p) {
				return p
			}
		}
		if dir == "" {
			return ""
		}
		dir = folder(dir)
	}
}

// Owners is the manifests of the nearest folder at or above a file that has one for a run, Dockerfiles not counted; nil if none has.
func (r *Repository) Owners(p string) []*Manifest {
	for dir := folder(p); ; dir = folder(dir) {
		var out []*Manifest
		for _, m := range r.Manifests {
			if m.Kind != Dockerfile && (m.Folder() == dir || path.Base(m.Folder()) == "requirements" && folder(m.Folder()) == dir) {
				out = append(out, m)
			}
		}
		if slices.ContainsFunc(out, func(m *Manifest) bool { return len(m.Runtime()) > 0 || m.Dynamic }) {
			return out
		}
		if dir == "" {
			return nil
		}
	}
}

// DeclaredAnywhere reports whether any manifest of the repository, in any group, declares one of the distributions.
func (r *Repository) DeclaredAnywhere(names ...string) bool {
	for _, m := range r.Manifests {
		for _, q := range m.Requirements {
			if slices.Contains(names, q.Name) && q.Group != GroupConstraint {
				return true
			}
		}
	}
	return false
}

// Commanded reports whether a file that is neither Python nor a manifest speaks of one of the distributions: an image, a
// script or a pipeline may install it.
func (r *Repository) Commanded(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return r.commanded[name] })
}

// Locks reports whether a lock file holds one of the distributions.
func (r *Repository) Locks(lock string, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { _, ok := r.Locked[lock][name]; return ok })
}
