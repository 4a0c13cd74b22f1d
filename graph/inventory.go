package graph

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// inventory collects, while the tools link, what becomes the datasets and checks of the graph.
type inventory struct {
	datasets  []*DatasetFact
	checks    []*CheckFact
	contracts []*ContractFact
	claimed   map[string]bool
	replayed  map[string][]string // by path: see Replayed
	names     *names
}

// AddDataset gives the inventory a fact that a tool's Link has completed.
func (g *Graph) AddDataset(d *DatasetFact) { g.pending.datasets = append(g.pending.datasets, d) }

// AddCheck gives the inventory a check that a tool's Link has completed.
func (g *Graph) AddCheck(c *CheckFact) { g.pending.checks = append(g.pending.checks, c) }

// AddContract gives the graph a contract that a tool's Link has completed.
func (g *Graph) AddContract(c *ContractFact) { g.pending.contracts = append(g.pending.contracts, c) }

// Claim says that the SQL in a file belongs to a tool that has understood it: what reads plain SQL leaves it alone.
func (g *Graph) Claim(path string) {
	if g.pending.claimed == nil {
		g.pending.claimed = map[string]bool{}
	}
	g.pending.claimed[path] = true
}

// Find is the datasets that a reference in a file means; several where the name is ambiguous. It works after Link.
func (g *Graph) Find(r Ref, from string) []*Dataset { return g.pending.names.find(r, from) }

// takeInventory makes datasets and checks of the facts, and joins them.
func (g *Graph) takeInventory() {
	for _, f := range g.Files {
		for i := range f.Datasets {
			if d := &f.Datasets[i]; !d.Pending && !(d.Tool == "sql" && g.pending.claimed[f.Path]) {
				g.AddDataset(d)
			}
		}
		for i := range f.Checks {
			if !f.Checks[i].Pending {
				g.AddCheck(&f.Checks[i])
			}
		}
	}
	g.mergeProducers()
	g.pending.names = newNames(g.Datasets)
	for _, d := range g.Datasets {
		d.Layer = g.layerOf(d)
		d.Why = g.outOfScope(d)
		d.InScope = d.Why == ""
	}
	g.connect()
	g.layerByUse()
	g.assignChecks()
	g.assignContracts()
	g.linkColumns()
	g.assignReferences()
	g.indexMentions()
	g.linkSemantics()
}

// layerByUse joins uses with datasets, and makes what an exposure reads a dataset of consumption, where nothing else says its layer.
func (g *Graph) layerByUse() {
	for _, f := range g.Files {
		for i := range f.Uses {
			u := &Use{UseFact: &f.Uses[i]}
			g.Uses = append(g.Uses, u)
			for _, d := range g.pending.names.find(u.Ref, f.Path) {
				u.Dataset = d
				d.UsedBy = append(d.UsedBy, u)
				if d.Layer == Unknown {
					d.Layer = Consumption
				}
			}
		}
	}
}

// assignContracts finds the dataset of every contract.
func (g *Graph) assignContracts() {
	for _, f := range g.Files {
		for i := range f.Contracts {
			if !f.Contracts[i].Pending {
				g.AddContract(&f.Contracts[i])
			}
		}
	}
	slices.SortStableFunc(g.pending.contracts, func(a, b *ContractFact) int {
		return cmp.Or(strings.Compare(a.Span.Path, b.Span.Path), a.Span.Start.Byte-b.Span.Start.Byte)
	})
	for _, f := range g.pending.contracts {
		c := &Contract{ContractFact: f}
		g.Contracts = append(g.Contracts, c)
		for _, d := range g.pending.names.find(f.Target, f.Span.Path) {
			c.Dataset = d
			d.Contracts = append(d.Contracts, c)
		}
	}
}

// mergeProducers makes one dataset of all facts with one canonical name. A name without its catalog is the one dataset that
// has the same name with a catalog.
func (g *Graph) mergeProducers() {
	slices.SortStableFunc(g.pending.datasets, func(a, b *DatasetFact) int {
		return cmp.Or(strings.Compare(a.Span.Path, b.Span.Path), a.Span.Start.Byte-b.Span.Start.Byte)
	})
	byName := map[string]*Dataset{}
	shorter := map[string][]*Dataset{}
	order := slices.Clone(g.pending.datasets)
	slices.SortStableFunc(order, func(a, b *DatasetFact) int { return len(b.Parts) - len(a.Parts) }) // the fullest names first
	for _, f := range order {
		parts := Canonical(f.Parts)
		if f.Kind == "path" {
			if p := PathName(strings.Join(f.Parts, "/")); strings.Trim(strings.ReplaceAll(p, Hole, ""), "/*._-:") != "" {
				parts = []string{p}
			} else {
				parts = nil
			}
		}
		if parts == nil {
			continue
		}
		name := strings.Join(parts, ".")
		d := byName[name]
		if d == nil && len(parts) == 2 && len(shorter[name]) == 1 {
			d = shorter[name][0]
		}
		if d == nil {
			d = &Dataset{Name: name, Parts: parts, Kind: f.Kind, Tool: f.Tool}
			byName[name] = d
			if len(parts) == 3 {
				s := strings.Join(parts[1:], ".")
				shorter[s] = append(shorter[s], d)
			}
			g.Datasets = append(g.Datasets, d)
		}
		d.Producers = append(d.Producers, f)
	}
	g.Datasets = joinSources(g.Datasets)
	for _, d := range g.Datasets {
		slices.SortStableFunc(d.Producers, func(a, b *DatasetFact) int {
			return cmp.Or(declares(b)-declares(a), strings.Compare(a.Span.Path, b.Span.Path), a.Span.Start.Byte-b.Span.Start.Byte)
		})
		d.Kind, d.Tool = d.Producers[0].Kind, d.Producers[0].Tool
	}
	slices.SortFunc(g.Datasets, func(a, b *Dataset) int { return strings.Compare(a.Name, b.Name) })
}

// joinSources makes a declared source that is another model's table a name of that table. dbt builds a model of the schema
// "marts" in "<target>_marts", which is what a source says.
func joinSources(datasets []*Dataset) []*Dataset {
	built := map[string][]*Dataset{}
	for _, d := range datasets {
		if len(d.Parts) > 1 && d.Kind != "source" && d.Kind != "external" && d.Kind != "path" {
			name := d.Parts[len(d.Parts)-1]
			built[name] = append(built[name], d)
		}
	}
	return slices.DeleteFunc(datasets, func(d *Dataset) bool {
		if len(d.Parts) < 2 || d.Kind != "source" && d.Kind != "external" {
			return false
		}
		schema := d.Parts[len(d.Parts)-2]
		for _, b := range built[d.Parts[len(d.Parts)-1]] {
			if s := b.Parts[len(b.Parts)-2]; schema == s || strings.HasSuffix(schema, "_"+s) {
				b.Producers = append(b.Producers, d.Producers...)
				return true
			}
		}
		return false
	})
}

// declares ranks a producer: what builds a dataset goes before what only says that it exists.
func declares(f *DatasetFact) int {
	if f.Kind == "source" || f.Kind == "external" {
		return 0
	}
	return 1
}

// isScratch reports whether a name says that the table is not for keeping: tmp_x, x_temp, x_bak, x__dbt_tmp, #x.
func isScratch(name string) bool {
	for _, word := range [...]string{"tmp", "temp", "_staging_tmp"} {
		if name == word || strings.HasPrefix(name, word+"_") && word[0] == 't' {
			return true
		}
	}
	for _, end := range [...]string{"_tmp", "_temp", "_bak", "_backup"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return strings.HasPrefix(name, "#")
}

var spine = regexp.MustCompile(`(?:^|_)(?:time|date)_?spine(?:_|$)`)

// isCalendar knows tables of dates that are computed from nothing.
func isCalendar(name string) bool { return strings.Contains(name, "spine") && spine.MatchString(name) }

var toolTables = map[string]bool{
	"flyway_schema_history": true, "alembic_version": true, "databasechangelog": true, "databasechangeloglock": true,
	"schema_migrations": true, "django_migrations": true,
}

var systemSchemas = map[string]bool{
	"information_schema": true, "pg_catalog": true, "sys": true, "pg_temp": true, "pg_toast": true, "elementary": true,
}

// scratchFolders hold what no run of a pipeline builds.
var scratchFolders = map[string]bool{
	"test": true, "tests": true, "__tests__": true, "analyses": true, "target": true, "dbt_packages": true, "dbt_modules": true, ".venv": true,
	"venv": true, "node_modules": true, "integration_tests": true,
}

func inScratchFolder(file string) bool {
	for {
		folder, rest, ok := strings.Cut(file, "/")
		if !ok {
			return false
		}
		if scratchFolders[folder] {
			return true
		}
		file = rest
	}
}

// outOfScope says why a dataset is not in the inventory; empty if it is.
func (g *Graph) outOfScope(d *Dataset) string {
	name := d.Parts[len(d.Parts)-1]
	switch {
	case isScratch(name):
		return "scratch"
	case toolTables[name] || strings.HasPrefix(name, "_sqlmesh"):
		return "metadata of a tool"
	case d.Kind == "seed":
		return "seed"
	case isCalendar(name):
		return "calendar"
	}
	for _, p := range d.Parts[:len(d.Parts)-1] {
		if systemSchemas[p] || strings.HasPrefix(p, "_sqlmesh") || isScratch(p) {
			return "system schema"
		}
	}
	for _, pattern := range g.Options.Exclude {
		if g.globbed(d, pattern) {
			return "excluded"
		}
	}
	why := ""
	for _, p := range d.Producers {
		if p.Transient != "" {
			return p.Transient // temporary, ephemeral, or dropped again: whoever else writes it
		}
	}
	for _, p := range d.Producers {
		w := g.placeOutOfScope(p)
		if w == "" {
			return ""
		}
		why = cmp.Or(why, w)
	}
	return why
}

func (g *Graph) placeOutOfScope(p *DatasetFact) string {
	role := RoleSource
	if f := g.File(p.Span.Path); f != nil {
		role = f.Role
	}
	switch {
	case role == RoleTest || inScratchFolder(p.Span.Path):
		return "test"
	case role == RoleVendored || role == RoleGenerated || role == RoleStub:
		return string(role)
	case role == RoleMigration && folderLayer(p.Span.Path, false) == Unknown:
		return "migration of an application"
	}
	return ""
}

// connect resolves what each dataset is built from, and counts descendants.
func (g *Graph) connect() {
	for _, d := range g.Datasets {
		seen := map[*Dataset]bool{d: true}
		for _, p := range d.Producers {
			for _, r := range p.Reads {
				found := g.pending.names.find(r, p.Span.Path)
				for _, parent := range found {
					if !seen[parent] {
						seen[parent] = true
						d.Reads = append(d.Reads, parent)
						parent.ReadBy = append(parent.ReadBy, d)
						e := &DatasetEdge{From: parent, To: d, Span: r.Span, Confidence: p.Confidence}
						if len(found) > 1 || r.Inferred {
							e.Confidence = min(e.Confidence, Inferred)
						}
						d.Edges = append(d.Edges, e)
					}
				}
			}
		}
	}
	countDescendants(g.Datasets)
}

// maxDescendants bounds the walk below one dataset: an order of importance needs no exact count beyond it.
const maxDescendants = 500

func countDescendants(datasets []*Dataset) {
	seenBy := make(map[*Dataset]int, len(datasets))
	var open []*Dataset
	for i, d := range datasets {
		seenBy[d] = i + 1
		open = append(open[:0], d)
		for len(open) > 0 && d.Descendants < maxDescendants {
			next := open[len(open)-1]
			open = open[:len(open)-1]
			for _, c := range next.ReadBy {
				if seenBy[c] != i+1 {
					seenBy[c] = i + 1
					d.Descendants++
					open = append(open, c)
				}
			}
		}
	}
}
