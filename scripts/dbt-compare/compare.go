//go:build ignore

// Compare what delint reads of a dbt project with what dbt itself says in target/manifest.json.
//
//	go run scripts/dbt-compare/compare.go PROJECT…
//
// PROJECT is a folder with a dbt_project.yml in which `dbt parse` has written target/manifest.json (a profile with any values
// and vendored packages are enough; no warehouse is asked). Compared, for the project's own resources: the sets of models,
// seeds, snapshots, sources, singular tests, generic tests (by name, dataset and column), unit tests, exposures, semantic
// models, metrics, saved queries and groups; materialized, schema, alias, tags and the contract of models; and every edge of
// depends_on of models, snapshots, singular tests, exposures and semantic models. Each difference is one line:
// PROJECT KIND dbt|delint NAME, where dbt has it and delint has not, or the other way round; the last lines are counts.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/dbt"
	"delint/scan"
)

type manifestNode struct {
	Type      string                            `json:"resource_type"`
	Name      string                            `json:"name"`
	Package   string                            `json:"package_name"`
	Version   any                               `json:"version"`
	Source    string                            `json:"source_name"`
	Columns   any                               `json:"columns"`
	Column    string                            `json:"column_name"`
	Attached  string                            `json:"attached_node"`
	Alias     string                            `json:"alias"`
	Tags      []string                          `json:"tags"`
	Model     string                            `json:"model"`
	Metadata  *struct{ Name, Namespace string } `json:"test_metadata"`
	Config    map[string]any
	DependsOn struct{ Nodes []string } `json:"depends_on"`
}

type sets map[string]map[string]int

func (s sets) add(kind, name string) {
	if s[kind] == nil {
		s[kind] = map[string]int{}
	}
	s[kind][name]++
}

func main() {
	for _, dir := range os.Args[1:] {
		if err := compare(dir); err != nil {
			fmt.Fprintln(os.Stderr, dir, err)
			os.Exit(1)
		}
	}
}

func compare(dir string) error {
	raw, err := os.ReadFile(filepath.Join(dir, "target", "manifest.json"))
	if err != nil {
		return err
	}
	var m struct {
		Metadata struct {
			Project string `json:"project_name"`
		}
		Nodes, Sources, Exposures, Metrics, Groups map[string]manifestNode
		UnitTests                                  map[string]manifestNode `json:"unit_tests"`
		SemanticModels                             map[string]manifestNode `json:"semantic_models"`
		SavedQueries                               map[string]manifestNode `json:"saved_queries"`
		Disabled                                   map[string][]manifestNode
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	theirs, ours := sets{}, sets{}
	short := func(id string) string { // model.shop.orders, source.shop.raw.orders
		parts := strings.Split(id, ".")
		if len(parts) < 3 {
			return id
		}
		if parts[0] == "source" {
			return "source " + strings.Join(parts[2:], ".")
		}
		return strings.Join(parts[2:], ".")
	}
	edges := func(n manifestNode, name string) {
		for _, d := range n.DependsOn.Nodes {
			theirs.add("edge", n.Type+" "+name+" <- "+short(d))
		}
	}
	for _, group := range []map[string]manifestNode{m.Nodes, m.Sources, m.Exposures, m.Metrics, m.UnitTests, m.SemanticModels, m.SavedQueries, m.Groups} {
		for id, n := range group {
			if n.Package != m.Metadata.Project {
				continue
			}
			switch {
			case n.Type == "test" && n.Metadata != nil:
				name := n.Metadata.Name
				if n.Metadata.Namespace != "" {
					name = n.Metadata.Namespace + "." + name
				}
				theirs.add("generic test", name+" on "+short(n.Attached)+" "+strings.ToLower(n.Column))
			case n.Type == "operation" || n.Type == "analysis" || n.Type == "function":
			default:
				name := short(id)
				if n.Type == "unit_test" {
					name = n.Name
				}
				theirs.add(n.Type, strings.TrimPrefix(name, "source "))
				if n.Type == "model" || n.Type == "snapshot" || n.Type == "test" || n.Type == "exposure" || n.Type == "semantic_model" {
					edges(n, name)
				}
				if n.Type == "model" {
					theirs.add("setting", name+" materialized="+fmt.Sprint(n.Config["materialized"]))
					schema, _ := n.Config["schema"].(string)
					theirs.add("setting", name+" schema="+schema)
					theirs.add("setting", name+" alias="+n.Alias)
					key := ""
					switch k := n.Config["unique_key"].(type) {
					case string:
						key = k
					case []any:
						for i, x := range k {
							if i > 0 {
								key += ","
							}
							key += fmt.Sprint(x)
						}
					}
					theirs.add("setting", name+" unique_key="+key)
					tags := slices.Clone(n.Tags)
					slices.Sort(tags)
					theirs.add("setting", name+" tags="+strings.Join(slices.Compact(tags), ","))
					contract, _ := n.Config["contract"].(map[string]any)
					theirs.add("setting", name+" contract="+fmt.Sprint(contract["enforced"] == true))
				}
			}
		}
	}
	res, err := scan.Run(context.Background(), scan.Options{Root: dir, Paths: []string{dir}, NoCache: true})
	if err != nil {
		return err
	}
	for _, p := range dbt.Read(res.Graph) {
		if p.Name == m.Metadata.Project {
			read(p, res.Graph, ours)
		}
	}
	report(filepath.Base(dir), theirs, ours)
	return nil
}

func full(n *dbt.Node) string {
	if n.Version != "" {
		return n.Name + ".v" + n.Version
	}
	return n.Name
}

func read(p *dbt.Project, g *graph.Graph, ours sets) {
	on := func(r graph.Ref) []string {
		var out []string
		for _, n := range p.Resolve(r) {
			if n.Disabled {
				continue
			}
			if n.Kind == "source" {
				out = append(out, "source "+n.Name)
			} else {
				out = append(out, full(n))
			}
		}
		return out
	}
	for _, n := range p.Nodes {
		if n.Disabled {
			continue
		}
		name := full(n)
		if n.Depends { // dbt has it or not by the target of the run
			ours.add("enabled by the target", n.Kind+" "+name)
			continue
		}
		ours.add(n.Kind, name)
		switch n.Kind {
		case "model", "snapshot", "test", "exposure", "semantic_model":
			seen := map[string]bool{}
			for _, r := range n.Reads {
				if r.Tool == "sql" {
					continue
				}
				for _, to := range on(r) {
					if !seen[to] {
						seen[to] = true
						ours.add("edge", n.Kind+" "+name+" <- "+to)
					}
				}
			}
		}
		if n.Kind == "model" {
			s := n.Settings
			materialized := s["materialized"]
			if materialized == "" {
				materialized = "view"
			}
			alias := s["alias"]
			if alias == "" {
				if alias = n.Name; n.Version != "" {
					alias += "_v" + n.Version
				}
			}
			tags := strings.Split(s["tags"], ",")
			slices.Sort(tags)
			ours.add("setting", name+" materialized="+materialized)
			ours.add("setting", name+" schema="+s["schema"])
			ours.add("setting", name+" alias="+alias)
			ours.add("setting", name+" unique_key="+s["unique_key"])
			ours.add("setting", name+" tags="+strings.Join(slices.Compact(tags), ","))
			ours.add("setting", name+" contract="+fmt.Sprint(s["contract.enforced"] == "true"))
		}
	}
	for _, group := range p.Groups() {
		ours.add("group", group)
	}
	for _, c := range g.Checks {
		if c.Framework != "dbt-test" || c.Name == "freshness" || c.Name == "contract" || strings.HasSuffix(c.Span.Path, ".sql") || strings.Contains(c.NeverFails, "disable") {
			continue
		}
		column := ""
		if len(c.Columns) == 1 {
			column = c.Columns[0]
		}
		for _, to := range on(c.Target) {
			ours.add("generic test", c.Name+" on "+strings.TrimPrefix(to, "source ")+" "+strings.ToLower(column))
		}
	}
}

func report(project string, theirs, ours sets) {
	var kinds []string
	for _, s := range []sets{theirs, ours} {
		for k := range s {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	slices.Sort(kinds)
	var counts []string
	for _, k := range kinds {
		same, only := 0, [2]int{}
		for i, pair := range [2][2]map[string]int{{theirs[k], ours[k]}, {ours[k], theirs[k]}} {
			var names []string
			for name, n := range pair[0] {
				other := pair[1][name]
				if i == 0 {
					same += min(n, other)
				}
				for range n - other {
					names = append(names, name)
				}
			}
			slices.Sort(names)
			only[i] = len(names)
			for _, name := range names {
				fmt.Println(project, k, [2]string{"dbt", "delint"}[i], name)
			}
		}
		counts = append(counts, fmt.Sprintf("%s %s: %d equal, %d only in dbt, %d only in delint", project, k, same, only[0], only[1]))
	}
	fmt.Println(strings.Join(counts, "\n"))
}
