package sqlmesh

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/sql"
)

// macroDefinition is the project of a macro that a file defines; Values kind says sql (a Python function for SQL) or jinja.
const macroDefinition = "sqlmesh-macro"

var lambdaNames = regexp.MustCompile(`(?:\(([\w\s,]+)\)|(\w+))\s*->`)

// macroNotes notes, once a name, the macros that neither SQLMesh nor the file defines.
func macroNotes(f *parsers.File, fact *graph.DatasetFact, statements []*sql.Statement) (out []graph.Note) {
	local := map[string]bool{}
	for _, s := range statements {
		if name, _, ok := definition(s); ok {
			local[strings.ToLower(name)] = true
		}
		for _, m := range lambdaNames.FindAllStringSubmatch(s.Node.Text(), -1) {
			for _, w := range strings.Split(m[1]+m[2], ",") {
				local[strings.ToLower(strings.TrimSpace(w))] = true
			}
		}
	}
	seen := map[string]bool{}
	for _, s := range statements {
		if s.Model != nil {
			break
		}
		for n := range s.Node.Descendants() {
			if !n.Is(sql.Macro) || strings.HasPrefix(n.Text(), "@@") {
				continue
			}
			name, call := strings.ToLower(macroName(n.Text())), n.FieldID() == sql.Function
			key := name
			if call {
				key += "("
			}
			if name == "" || seen[key] {
				continue
			}
			seen[key] = true
			if _, _, temporal := IsTemporal(name); temporal || local[name] || call && builtinMacros[name] || !call && (builtinVariables[name] || builtinMacros[name]) {
				continue
			}
			if !call && (n.Parent().Is(sql.FromItem) || n.Parent().Is(sql.CopyClause)) && !strings.Contains(n.Text(), "{") {
				continue // a stage
			}
			note := graph.Note{Kind: MacroNote, Text: name, Values: map[string]string{}, Span: f.Span(n.Start(), n.End())}
			if call {
				note.Values["call"] = "true"
			}
			out = append(out, note)
		}
	}
	return out
}

var jinjaMacro = regexp.MustCompile(`\{%-?\s*macro\s+(\w+)\s*\(`)

// jinjaMacros reads the Jinja macros of macros/*.sql.
func jinjaMacros(f *parsers.File, facts *graph.Facts) {
	if !strings.Contains("/"+f.Path, "/macros/") {
		return
	}
	for _, m := range jinjaMacro.FindAllSubmatchIndex(f.Text, -1) {
		facts.Projects = append(facts.Projects, macroFact(f, string(f.Text[m[2]:m[3]]), "jinja", m[2], m[3]))
	}
}

func macroFact(f *parsers.File, name, kind string, start, end int) graph.ProjectFact {
	return graph.ProjectFact{
		Tool: macroDefinition, Name: strings.ToLower(name), Dir: folder(f.Path), Values: map[string]string{"kind": kind}, Span: f.Span(start, end),
	}
}
