package sqlmesh

import (
	"strings"

	"delint/graph"
)

// Names is what the files of a repository define for SQLMesh models: macros, variables, audits.
type Names struct {
	Macros map[string]bool // functions in Python, by name in lower case
	Audits map[string]bool
	// Open says that there may be more than those found: macros that a package brings, variables that code computes.
	OpenMacros, OpenVariables, OpenAudits bool
	Variables                             map[string]bool
}

// NamesOf reads them off the linked graph.
func NamesOf(g *graph.Graph) Names {
	n := Names{Macros: map[string]bool{}, Audits: map[string]bool{}, Variables: map[string]bool{}}
	for _, a := range BuiltinAudits {
		n.Audits[a], n.Audits[a+"_non_blocking"] = true, true
	}
	for _, f := range g.Files {
		if f.NotAnalysed != "" {
			n.OpenMacros = n.OpenMacros || strings.Contains("/"+f.Path, "/macros/")
			n.OpenAudits = n.OpenAudits || strings.Contains("/"+f.Path, "/audits/")
			n.OpenVariables = n.OpenVariables || strings.Contains(f.Path, "config.")
		}
		for _, p := range f.Projects {
			switch p.Tool {
			case macroDefinition:
				n.Macros[p.Name] = true
			case importedMacros:
				if !inRepository(g, p) {
					n.OpenMacros = true
				}
			case auditDefinition:
				n.Audits[p.Name] = true
			case tool:
				for _, v := range p.Lists["variables"] {
					n.Variables[v] = true
				}
				n.OpenVariables = n.OpenVariables || p.Values["variables"] == "unknown" || p.Values["templated"] == "true"
			}
		}
	}
	return n
}

// inRepository reports whether a module that macros are taken from is one of the repository.
func inRepository(g *graph.Graph, p graph.ProjectFact) bool {
	for _, path := range g.Paths {
		if strings.HasSuffix("/"+path, "/"+p.Name+".py") || strings.HasSuffix("/"+path, "/"+p.Name+"/__init__.py") {
			return true
		}
	}
	return false
}
