package dbt

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
)

// link gives the graph what the projects of the repository build, declare and check.
func link(g *graph.Graph) {
	projects := Read(g)
	given := map[*graph.DatasetFact]bool{} // several projects may read one file
	for _, p := range projects {
		keepApart(p)
		for _, n := range p.Nodes {
			if !given[n.Fact] {
				given[n.Fact] = true
				p.give(g, n)
			}
		}
	}
	r := &linker{g: g, projects: projects}
	for _, f := range g.Files {
		readers := r.readers(f.Path)
		if len(readers) == 0 || f.Role == graph.RoleVendored || packaged.MatchString(f.Path) {
			continue
		}
		p := readers[0]
		if _, inside := p.inside(f.Path); inside && strings.HasSuffix(f.Path, ".sql") {
			g.Claim(f.Path)
		}
		for i := range f.Checks {
			c := f.Checks[i]
			if c.Framework != "dbt-test" || !c.Pending {
				continue
			}
			c.Pending = false
			if c.Name != "freshness" {
				folders, _ := p.inside(f.Path)
				s := p.configured("tests", folders)
				c.NeverFails = first(c.NeverFails, disabled(s, c.Settings["enabled"]))
				c.Blocking = blocking(first(c.Settings["severity"], s["severity"]))
				if keep := s["store_failures"]; keep != "" && c.Settings["store_failures"] == "" {
					c.Settings = maps.Clone(c.Settings)
					c.Settings["store_failures"] = keep
				}
			}
			g.AddCheck(&c)
		}
	}
}

// blocking is what a test of that severity does to the run.
func blocking(severity string) graph.Blocking {
	if strings.EqualFold(severity, "warn") {
		return graph.BlockingWarn
	}
	return graph.BlockingYes
}

// disabled says why a test does not run; own is what the test says itself, which wins over the project's trees.
func disabled(s Settings, own string) string {
	switch {
	case own != "" && off(own):
		return "it is disabled"
	case own == "" && off(s["enabled"]):
		return "dbt_project.yml disables it"
	}
	return ""
}

// give makes of a resource what the graph holds.
func (p *Project) give(g *graph.Graph, n *Node) {
	switch n.Kind {
	case "test":
		p.singular(g, n)
	case "model", "seed", "snapshot", "source":
		if n.Disabled {
			return
		}
		d := p.dataset(n)
		g.AddDataset(d)
		if n.Kind != "source" {
			p.contract(g, n, d)
		}
	}
}

// singular makes a check of a test that is a query, on everything that it reads.
func (p *Project) singular(g *graph.Graph, n *Node) {
	never := disabled(n.Settings, n.Settings["enabled"])
	if n.Settings["where"] != "" {
		never = "its query selects no row"
	}
	for _, r := range n.Reads {
		g.AddCheck(&graph.CheckFact{Framework: "dbt-test", Name: n.Name, Capability: "custom", Target: r, Span: n.Fact.Span, Confidence: graph.Exact,
			NeverFails: never, Blocking: blocking(n.Settings["severity"])})
	}
}

// dataset is the completed fact of a model, seed, snapshot or source.
func (p *Project) dataset(n *Node) *graph.DatasetFact {
	out := *n.Fact
	out.Pending, out.Reads, out.Persisted = false, n.Reads, true
	out.Settings = visible(n.Settings)
	out.Settings["project"] = p.Name
	s := out.Settings
	if n.Depends {
		out.Transient = "enabled in some environments only"
	}
	out.Dialect = p.Dialect
	described := n.Fact
	if n.Properties != nil {
		described = n.Properties
		out.Columns = n.Properties.Columns
		s["described"] = n.Properties.Span.Path
	}
	out.Description = strings.TrimSpace(p.described(described.Description))
	out.Columns = slices.Clone(out.Columns)
	for i := range out.Columns {
		out.Columns[i].Description = p.described(out.Columns[i].Description)
	}
	out.Owner = first(owner(s), p.groups[s["group"]])
	out.Grain = described.Grain
	if key := s["unique_key"]; key != "" && !strings.Contains(key, "{{") && len(out.Grain) == 0 {
		out.Grain = splitKey(key)
	}
	out.TimeColumn = first(s["event_time"], described.TimeColumn, timePartition(s), s["loaded_at_field"])
	out.Tags = splitKey(strings.Trim(s["tags"], "[]"))
	out.Layer = graph.WordLayer(s["meta.layer"])
	for _, t := range out.Tags {
		if layer, ok := strings.CutPrefix(t, "layer:"); ok && out.Layer == graph.Unknown {
			out.Layer = graph.WordLayer(layer)
		}
	}
	if n.Kind == "source" {
		out.Kind = "source"
		out.Parts = evaluate(p, n.Fact.Parts)
		return &out
	}
	p.name(n, &out)
	return &out
}

// relation is where a model, seed or snapshot is built, as its settings spell it.
func relation(n *Node) string {
	s := n.Settings
	return strings.ToLower(strings.Join([]string{first(s["database"], s["target_database"]), first(s["schema"], s["target_schema"]), first(s["alias"], n.Name)}, "\x00"))
}

// keepApart forgets the aliases by which several nodes of a project seem to build one relation: dbt refuses that, so a macro of the
// project's puts them into schemas which can't be seen from here. Their own names keep them apart.
func keepApart(p *Project) {
	by := map[string][]*Node{}
	for _, n := range p.Nodes {
		if !n.Disabled && n.Version == "" && (n.Kind == "model" || n.Kind == "seed" || n.Kind == "snapshot") {
			key := relation(n)
			by[key] = append(by[key], n)
		}
	}
	for _, nodes := range by {
		for _, n := range nodes {
			if len(nodes) > 1 && n.Settings["alias"] != "" {
				n.Settings = maps.Clone(n.Settings)
				delete(n.Settings, "alias")
			}
		}
	}
}

// name says how a model, seed or snapshot is called, what kind of relation it is, and its layer.
func (p *Project) name(n *Node, out *graph.DatasetFact) {
	s := out.Settings
	file := n.Name
	if n.Version != "" {
		file += "_v" + strings.ReplaceAll(n.Version, ".", "_")
	}
	schema := first(s["schema"], s["target_schema"])
	out.Parts = evaluate(p, []string{first(s["database"], s["target_database"]), schema, first(s["alias"], file)})
	if graph.Canonical(out.Parts[2:]) == nil {
		out.Parts[2] = file
	}
	out.Alias = []string{"asset:" + n.Name}
	for _, prefix := range []string{"ref:", "ref:" + p.Name + "."} {
		if n.Version == "" || n.Latest {
			out.Alias = append(out.Alias, prefix+n.Name)
		}
		if n.Version != "" {
			out.Alias = append(out.Alias, prefix+n.Name+".v"+n.Version)
		}
	}
	if n.Version == "" || n.Latest {
		out.Alias = append(out.Alias, n.Name)
	}
	switch {
	case n.Kind == "seed":
		out.Kind = "seed"
	case n.Kind == "snapshot":
		out.Kind = "snapshot"
	case s["materialized"] == "ephemeral":
		out.Kind, out.Transient, out.Persisted = "view", "ephemeral", false
	case s["materialized"] == "" || s["materialized"] == "view":
		out.Kind = "view"
	default:
		out.Kind = "table"
	}
	if n.Kind == "model" && s["materialized"] == "" {
		s["materialized"] = "view"
	}
	out.Access = s["access"]
	out.Private = s["access"] == "private" || strings.HasPrefix(n.Name, "_")
	if out.Layer == graph.Unknown && n.Kind == "model" {
		folders, _ := p.below("model-paths", n.Fact.Span.Path)
		out.Layer = modelLayer(folders, s["schema"])
	}
	out.ColumnsAll = s["contract.enforced"] == "true" && n.Kind == "model"
}

// contract gives the graph the contract that a model enforces.
func (p *Project) contract(g *graph.Graph, n *Node, d *graph.DatasetFact) {
	if d.Settings["contract.enforced"] != "true" {
		return
	}
	target := graph.Ref{Tool: "ref", Parts: []string{p.Name, n.Name}, Span: d.Span}
	if n.Version != "" {
		target.Parts = append(target.Parts, "v"+n.Version)
	}
	span := d.Span
	if n.Properties != nil {
		span = n.Properties.Span
	}
	g.AddCheck(&graph.CheckFact{
		Framework: "dbt-test", Name: "contract", Capability: "schema", Target: target, Span: d.Span, Confidence: graph.Exact, Blocking: graph.BlockingYes,
	})
	g.AddContract(&graph.ContractFact{
		Tool: tool, Name: n.Name, Version: n.Version, Owner: d.Owner, Enforced: true, Columns: d.Columns, Key: d.Grain, Target: target, Span: span,
	})
}

// ownerKeys are the keys of meta under which people name who answers for a resource.
var ownerKeys = []string{"owner", "owners", "model_owner", "data_owner", "owner_email", "owner_team", "owned_by", "team", "team_owner", "steward", "data_steward",
	"contact", "maintainer", "maintainers", "business_owner", "technical_owner", "responsible", "source_owner", "table_owner", "domain_owner"}

func owner(s Settings) string {
	for _, key := range ownerKeys {
		if v := s["meta."+key]; v != "" {
			return v
		}
	}
	for k, v := range s { // an owner with parts: meta.owner.name, meta.dagster.owners
		if rest, ok := strings.CutPrefix(k, "meta."); ok && v != "" {
			for _, piece := range strings.Split(rest, ".") {
				if slices.Contains(ownerKeys[:8], strings.ToLower(piece)) {
					return ownerOf(s, v)
				}
			}
		}
	}
	return ""
}

// ownerOf is the least of the values that an owner of several parts has, so that the order of a map decides nothing.
func ownerOf(s Settings, v string) string {
	for k, w := range s {
		if strings.HasPrefix(k, "meta.") && strings.Contains(strings.ToLower(k), "owner") && w != "" && w < v {
			v = w
		}
	}
	return v
}

func splitKey(s string) []string {
	var out []string
	for _, piece := range strings.Split(s, ",") {
		if piece = strings.Trim(piece, ` '"[]`); piece != "" {
			out = append(out, piece)
		}
	}
	return out
}

// timePartition is the column by which a table is partitioned in time.
func timePartition(s Settings) string {
	switch strings.ToLower(s["partition_by.data_type"]) {
	case "int64":
		return ""
	}
	return s["partition_by.field"]
}

// modelLayer is the layer that a model's schema or, from the innermost, its folders below the model path name.
func modelLayer(folders []string, schema string) graph.Layer {
	if l := graph.WordLayer(schema); l != graph.Unknown {
		return l
	}
	for i := len(folders) - 1; i >= 0; i-- {
		if l := graph.WordLayer(strings.ToLower(folders[i])); l != graph.Unknown {
			return l
		}
	}
	return graph.Unknown
}

func evaluate(p *Project, parts []string) []string {
	vars := map[string]string{}
	for k, v := range p.Values {
		if name, ok := strings.CutPrefix(k, "vars|"); ok && v != "" {
			vars[name] = v
		}
	}
	out := make([]string, len(parts))
	for i, part := range parts {
		out[i] = strings.Trim(graph.Evaluate(part, vars), "\"`")
		if out[i] == "" || strings.Contains(out[i], "{%") {
			out[i] = graph.Hole
		}
	}
	return out
}

var falseDefault = regexp.MustCompile(`(?i)var\s*\([^)]*,\s*['"]?false['"]?\s*\)`)

// off reports whether a value of enabled says no, also as the default of a variable.
func off(enabled string) bool {
	s := strings.ToLower(strings.Trim(enabled, " {}"))
	return s == "false" || falseDefault.MatchString(enabled)
}

// depends reports whether only a run can say whether a resource is enabled.
func depends(enabled string) bool {
	return strings.ContainsAny(enabled, "({=") && !strings.Contains(strings.ToLower(enabled), "true")
}
