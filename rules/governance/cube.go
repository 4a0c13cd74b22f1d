package governance

import (
	"regexp"
	"strings"

	"delint/graph"
)

// cubes is what the rules on Cube ask of one project: its cubes and views by name.
type cubes struct {
	dir    string
	all    []*graph.Semantic
	byName map[string]*graph.Semantic
	// partial says that the project defines more than was read: a dynamic model, Jinja, a repository factory.
	partial bool
	// guarded says that the project's configuration decides who sees what: queryRewrite.
	guarded bool
}

// cubeProjects is the Cube projects of the repository, in path order.
func cubeProjects(g *graph.Graph) []*cubes {
	var out []*cubes
	byDir := map[string]*cubes{}
	for _, s := range g.Semantics {
		if s.Tool != "cube" {
			continue
		}
		c := byDir[s.Dir]
		if c == nil {
			c = &cubes{dir: s.Dir, byName: map[string]*graph.Semantic{}}
			byDir[s.Dir] = c
			out = append(out, c)
		}
		if s.Kind == "unread" {
			c.partial = true
			continue
		}
		c.all = append(c.all, s)
		if c.byName[s.Name] == nil {
			c.byName[s.Name] = s
		}
	}
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if c := byDir[p.Dir]; p.Tool == "cube" && c != nil {
				c.partial = c.partial || p.Values["dynamic"] != ""
				c.guarded = c.guarded || p.Values["rewrites"] != ""
			}
		}
	}
	return out
}

// inTests reports whether the file of a definition is no source: a test, something generated or vendored.
func inTests(g *graph.Graph, file string) bool {
	f := g.File(file)
	return f != nil && (f.Role == graph.RoleTest || f.Role == graph.RoleVendored || f.Role == graph.RoleGenerated)
}

var (
	cubePlaceholder = regexp.MustCompile(`\\?\{([^{}\n]*)\}`)
	dotted          = regexp.MustCompile(`^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$`)
)

// references is the dotted names that an expression refers to: {CUBE.id}, {users.id}, {revenue}.
func references(sql string) [][]string {
	var out [][]string
	for _, m := range cubePlaceholder.FindAllStringSubmatch(sql, -1) {
		if !strings.HasPrefix(m[0], `\`) && dotted.MatchString(strings.TrimSpace(m[1])) {
			out = append(out, strings.Split(strings.TrimSpace(m[1]), "."))
		}
	}
	return out
}
