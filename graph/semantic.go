package graph

import (
	"regexp"
	"slices"
	"strings"

	"delint/parsers"
)

// SemanticFact is one definition of a semantic layer or of a BI tool: a cube, a view on cubes, a semantic model, a metric, a
// dataset of dashboards.
type SemanticFact struct {
	Tool string // cube, dbt, superset, sqlmesh
	// Kind is cube, view, semantic model, metric, dataset, chart or dashboard; "unread" for a file that defines things which
	// only a run knows, so that what it does not have is unknown.
	Kind string
	Name string
	// Dir is the folder that the definition's project begins in; names mean something only inside it.
	Dir         string
	Description string
	Owner       string
	// Extends names the definition that this one inherits from; empty if it inherits nothing.
	Extends string
	// Hidden says that nobody outside sees it: public: false, shown: false.
	Hidden bool
	// Reads are the datasets that it stands on.
	Reads []Ref
	// SQL says what a query of its own does; nil for one that stands on a table.
	SQL      *QueryFact
	Members  []MemberFact
	Joins    []JoinFact
	Includes []IncludeFact // of a view
	Policies []PolicyFact
	// Values holds what else the tool says: database, viz_type, uuid …
	Values map[string]string
	// Partial says that some of its members are not known: a spread, a call, a template.
	Partial bool
	Span    parsers.Span // of its name
}

// QueryFact counts what a query that stands in a definition does.
type QueryFact struct {
	Joins, Cases, Aggregates, Unions int
	Span                             parsers.Span
}

// MemberFact is one measure, dimension, segment, hierarchy or pre-aggregation.
type MemberFact struct {
	Kind string // measure, dimension, segment, hierarchy, pre-aggregation
	Name string
	Type string // count, sum, number, string, time …
	// SQL is the expression as written; references stand as {CUBE}.column, {member} or {cube.member} in every tool.
	SQL string
	// Filtered says that a filter narrows it, so that it is a variant on purpose.
	Filtered    bool
	PrimaryKey  bool
	Hidden      bool
	Label       string // its classification as written: meta pii; empty if unclassified
	Description string
	// Members names what it refers to by name: of a pre-aggregation or hierarchy its members, of a measure those it drills into.
	Members []NameFact
	Span    parsers.Span // of its name
}

// JoinFact is one join to another cube.
type JoinFact struct {
	Name         string // of the cube that is joined
	Relationship NameFact
	SQL          string
	Span         parsers.Span // of the name
}

// IncludeFact is what a view takes from one cube.
type IncludeFact struct {
	Path     NameFact // cube, or a path of joins: orders.users
	All      bool     // includes: "*"
	Includes []NameFact
	Excludes []NameFact
	Prefix   bool
	Alias    string
}

// PolicyFact is one entry of an access policy.
type PolicyFact struct {
	Groups []string // "*" is everybody
	// Members says that the entry limits which members are seen, and All that it limits to all of them.
	Members, All bool
	Excludes     []NameFact
	Rows         bool // row_level with a filter
	Span         parsers.Span
}

// NameFact is a name with its place.
type NameFact struct {
	Name string
	// Alias is the name under which it is taken over; empty if it keeps its own.
	Alias string
	Span  parsers.Span
}

// Semantic is a definition with what it stands on.
type Semantic struct {
	*SemanticFact
	// Datasets are those that it reads, of the ones that are known.
	Datasets []*Dataset
	// Parent is the definition that it extends; nil if there is none, or if it is not known.
	Parent *Semantic
}

// linkSemantics joins definitions with their parents and their datasets.
func (g *Graph) linkSemantics() {
	type key struct{ tool, dir, name string }
	byName := map[key]*Semantic{}
	for _, f := range g.Files {
		for i := range f.Semantics {
			s := &Semantic{SemanticFact: &f.Semantics[i]}
			for _, r := range s.Reads {
				for _, d := range g.pending.names.find(r, f.Path) {
					if !slices.Contains(s.Datasets, d) {
						s.Datasets = append(s.Datasets, d)
					}
				}
			}
			g.Semantics = append(g.Semantics, s)
			if k := (key{s.Tool, s.Dir, s.Name}); byName[k] == nil && s.Name != "" {
				byName[k] = s
			}
		}
	}
	for _, s := range g.Semantics {
		if p := byName[key{s.Tool, s.Dir, s.Extends}]; s.Extends != "" && p != s {
			s.Parent = p
		}
	}
}

// maxParents bounds how far definitions inherit.
const maxParents = 20

// AllMembers is the members of a definition and of those that it extends. all is false where some are not known.
func (s *Semantic) AllMembers() (members []MemberFact, all bool) {
	all = true
	for at, n := s, 0; at != nil && n < maxParents; at, n = at.Parent, n+1 {
		for _, m := range at.Members {
			if !slices.ContainsFunc(members, func(x MemberFact) bool { return x.Name == m.Name }) {
				members = append(members, m)
			}
		}
		all = all && !at.Partial && (at.Extends == "" || at.Parent != nil)
	}
	return members, all
}

// AllJoins is the joins of a definition and of those that it extends.
func (s *Semantic) AllJoins() []JoinFact {
	var joins []JoinFact
	for at, n := s, 0; at != nil && n < maxParents; at, n = at.Parent, n+1 {
		for _, j := range at.Joins {
			if !slices.ContainsFunc(joins, func(x JoinFact) bool { return x.Name == j.Name }) {
				joins = append(joins, j)
			}
		}
	}
	return joins
}

// Columns is the plain columns that the members of a definition are, without expressions.
func (s *SemanticFact) Columns() []string {
	var out []string
	for _, m := range s.Members {
		if c := m.Column(); c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

var plainColumn = regexp.MustCompile("^(?:\\{(?:CUBE|TABLE)\\}\\.)?[`\"]?([A-Za-z_]\\w*)[`\"]?$")

// Column is the column that the member is, without case; empty for an expression and for a reference to another member.
func (m *MemberFact) Column() string {
	if g := plainColumn.FindStringSubmatch(strings.TrimSpace(m.SQL)); g != nil {
		return g[1]
	}
	return ""
}
