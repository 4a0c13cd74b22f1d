package governance

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// CubeInvalidReference reports names in Cube models that mean nothing: cubes, members and columns that do not exist, names
// that are defined twice, two joins to one cube. Legacy words for relationships it reports as Low.
var CubeInvalidReference = rules.Repository(rules.Rule{
	Name:     "cube-invalid-reference",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "technologies/cube",
	Sentence: "Build semantic layers using Cube for consistent metrics and business logic",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, p := range cubeProjects(g) {
		r := &cubeReferences{pass: pass, project: p}
		for _, c := range p.all {
			if inTests(g, c.Span.Path) {
				continue
			}
			r.twice(c)
			r.joins(c)
			r.includes(c)
			r.members(c)
			r.columns(c)
			r.legacy(c)
		}
	}
})

type cubeReferences struct {
	pass    *rules.Pass
	project *cubes
}

func (r *cubeReferences) report(c *graph.Semantic, at parsers.Span, key, format string, args ...any) *rules.Finding {
	f := r.pass.ReportAt(at, format, args...)
	f.Key = key
	f.Unit = rules.Unit{Kind: "block", Name: c.Name, StartLine: c.Span.Start.Line, EndLine: c.Span.Start.Line}
	return f
}

// twice reports a cube or view whose name is taken.
func (r *cubeReferences) twice(c *graph.Semantic) {
	first := r.project.byName[c.Name]
	if first == c || r.project.partial {
		return
	}
	f := r.report(c, c.Span, c.Name, "%s `%s` is defined twice", c.Kind, c.Name)
	f.Places = append(f.Places, rules.Place{Span: first.Span, Message: "defined here first"})
}

// joins reports joins to cubes that don't exist, and several joins to one cube.
func (r *cubeReferences) joins(c *graph.Semantic) {
	seen := map[string]parsers.Span{}
	for _, j := range c.Joins {
		to := r.project.byName[j.Name]
		if at, again := seen[j.Name]; again {
			f := r.report(c, j.Span, "join "+j.Name, "cube `%s` has two joins to `%s`: only one per pair of cubes works", c.Name, j.Name)
			f.Places = append(f.Places, rules.Place{Span: at, Message: "the first"})
			continue
		}
		seen[j.Name] = j.Span
		switch {
		case strings.ContainsAny(j.Name, "{}⟨") || to == nil && r.project.partial:
		case to == nil:
			r.unknown(c, j.Span, j.Name, "cube `%s` joins `%s`, which no model defines", c.Name, j.Name)
		case !slices.Contains(relationships, j.Relationship.Name) && legacyRelationships[j.Relationship.Name] == "" &&
			!strings.Contains(j.Relationship.Name, graph.Hole):
			at := j.Relationship.Span
			if at.IsZero() {
				at = j.Span
			}
			if j.Relationship.Name == "" {
				r.report(c, at, "relationship "+j.Name, "the join of `%s` to `%s` has no relationship", c.Name, j.Name)
			} else {
				r.report(c, at, "relationship "+j.Name, "`%s` is no relationship of a join", j.Relationship.Name)
			}
		}
	}
}

// unknown reports a name that no cube has, with the nearest one that there is.
func (r *cubeReferences) unknown(c *graph.Semantic, at parsers.Span, name, format string, args ...any) {
	f := r.report(c, at, name, format, args...)
	names := make([]string, 0, len(r.project.byName))
	for n := range r.project.byName {
		names = append(names, n)
	}
	if near := nearestName(name, names); near != "" {
		f.Evidence = "did you mean `" + near + "`?"
	}
}

func nearestName(name string, names []string) string {
	slices.Sort(names)
	best, found := 3, ""
	for _, n := range names {
		if d := graph.EditDistance(strings.ToLower(name), strings.ToLower(n), 2); d < best && d*3 <= len(name) {
			best, found = d, n
		}
	}
	return found
}

// includes reports what a view takes from cubes that don't exist, and members that they don't have.
func (r *cubeReferences) includes(c *graph.Semantic) {
	for _, in := range c.Includes {
		steps := strings.Split(in.Path.Name, ".")
		if strings.Contains(in.Path.Name, graph.Hole) || strings.ContainsAny(in.Path.Name, "{}()") {
			continue
		}
		var from *graph.Semantic
		for _, step := range steps {
			if from = r.project.byName[step]; from == nil {
				if !r.project.partial {
					r.unknown(c, in.Path.Span, step, "view `%s` takes members from `%s`, which no model defines", c.Name, step)
				}
				break
			}
		}
		if from == nil {
			continue
		}
		members, all := from.AllMembers()
		for _, list := range [][]graph.NameFact{in.Includes, in.Excludes} {
			for _, n := range list {
				if all && !strings.ContainsAny(n.Name, ".*{⟨") && !has(members, n.Name, true) {
					f := r.report(c, n.Span, from.Name+"."+n.Name, "view `%s` names `%s`, which cube `%s` does not have", c.Name, n.Name, from.Name)
					f.Places = append(f.Places, rules.Place{Span: from.Span, Message: "the cube"})
					if near := nearestName(n.Name, memberNames(members)); near != "" {
						f.Evidence = "did you mean `" + near + "`?"
					}
				}
			}
		}
	}
}

// has reports whether a member of that name is there; taken says that it must be one that views can take.
func has(members []graph.MemberFact, name string, taken bool) bool {
	return slices.ContainsFunc(members, func(m graph.MemberFact) bool { return m.Name == name && !(taken && m.Kind == "pre-aggregation") })
}

func memberNames(members []graph.MemberFact) []string {
	var out []string
	for _, m := range members {
		out = append(out, m.Name)
	}
	return out
}

// contextNames are what Cube gives every expression.
var contextNames = []string{
	"CUBE", "TABLE", "FILTER_PARAMS", "FILTER_GROUP", "SECURITY_CONTEXT", "COMPILE_CONTEXT", "USER_CONTEXT", "SQL_UTILS",
	"securityContext", "security_context",
}

// members reports references in expressions to cubes and members that don't exist.
func (r *cubeReferences) members(c *graph.Semantic) {
	own, all := c.AllMembers()
	for _, m := range c.Members {
		for _, ref := range references(m.SQL) {
			r.reference(c, own, all, ref, m.Span, m.Kind+" `"+m.Name+"`")
		}
	}
	for _, j := range c.Joins {
		for _, ref := range references(j.SQL) {
			r.reference(c, own, all, ref, j.Span, "the join to `"+j.Name+"`")
		}
	}
}

func (r *cubeReferences) reference(c *graph.Semantic, own []graph.MemberFact, all bool, ref []string, at parsers.Span, what string) {
	first := ref[0]
	other := r.project.byName[first]
	switch {
	case (first == "CUBE" || first == "TABLE") && len(ref) > 1:
		if _, isCube := r.project.byName[ref[1]]; all && !isCube && !has(own, ref[1], false) && !r.project.partial {
			r.report(c, at, c.Name+"."+ref[1], "%s of cube `%s` refers to `%s`, which is no member of it", what, c.Name, ref[1])
		}
	case slices.Contains(contextNames, first) || has(own, first, false):
	case other != nil && len(ref) > 1:
		members, known := other.AllMembers()
		if _, isCube := r.project.byName[ref[1]]; known && !isCube && ref[1] != "sql" && !has(members, ref[1], false) {
			f := r.report(c, at, first+"."+ref[1], "%s of cube `%s` refers to `%s.%s`, which does not exist", what, c.Name, first, ref[1])
			f.Places = append(f.Places, rules.Place{Span: other.Span, Message: "the cube"})
		}
	case other == nil && all && !r.project.partial && path.Ext(at.Path) != ".js": // in JavaScript it may be any variable
		r.report(c, at, first, "%s of cube `%s` refers to `%s`, which is no cube and no member", what, c.Name, first)
	}
}

// columns reports members that are a column which the table of their cube does not have.
func (r *cubeReferences) columns(c *graph.Semantic) {
	if len(c.Datasets) != 1 || len(c.Reads) != 1 || c.SQL != nil || !c.Datasets[0].ColumnsExact {
		return
	}
	d := c.Datasets[0]
	for _, m := range c.Members {
		column := m.Column()
		if column == "" || m.Kind == "pre-aggregation" || m.Kind == "hierarchy" || d.Column(column) != nil {
			continue
		}
		if u := strings.ToLower(column); u == "true" || u == "false" || u == "null" || strings.HasPrefix(u, "current_") {
			continue
		}
		f := r.report(c, m.Span, c.Name+"."+m.Name, "%s `%s` reads the column `%s`, which `%s` does not have", m.Kind, m.Name, column, d.Name)
		f.Dataset = d.Name
		f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: "the table"})
	}
}

var relationships = []string{"one_to_one", "one_to_many", "many_to_one", "oneToOne", "oneToMany", "manyToOne"}

var legacyRelationships = map[string]string{
	"belongs_to": "many_to_one", "has_many": "one_to_many", "has_one": "one_to_one",
	"belongsTo": "many_to_one", "hasMany": "one_to_many", "hasOne": "one_to_one",
}

// legacy reports, once a cube, the old words for relationships. They still work.
func (r *cubeReferences) legacy(c *graph.Semantic) {
	var old []graph.NameFact
	for _, j := range c.Joins {
		if legacyRelationships[j.Relationship.Name] != "" {
			old = append(old, j.Relationship)
		}
	}
	if len(old) == 0 {
		return
	}
	f := r.report(c, old[0].Span, "legacy", "cube `%s` uses the old relationship `%s`: write `%s`", c.Name, old[0].Name, legacyRelationships[old[0].Name])
	f.Severity = rules.Low
	f.Fix = &rules.Fix{Title: "use the current words for relationships"}
	for i, o := range old {
		start, end := o.Span.Start.Byte, o.Span.End.Byte
		if end-start == len(o.Name)+2 { // in quotes
			start, end = start+1, end-1
		}
		if end-start != len(o.Name) {
			f.Fix = nil
			return
		}
		f.Fix.Edits = append(f.Fix.Edits, rules.Edit{Path: o.Span.Path, Start: start, End: end, Text: legacyRelationships[o.Name]})
		if i > 0 {
			f.Places = append(f.Places, rules.Place{Span: o.Span, Message: "and here"})
		}
	}
}
