package governance

import (
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// UnprotectedPublish reports writes that go straight to the branch of lakeFS that everybody reads, and actions none of which
// guards that branch.
var UnprotectedPublish = rules.Repository(rules.Rule{
	Name:     "unprotected-publish",
	Severity: rules.High,
	Class:    rules.Correctness,
	Topic:    "governance/data-versioning",
	Sentence: "Implement version control for data using lakeFS for reproducibility and rollback",
}, func(pass *rules.Pass, g *graph.Graph) {
	guarded := func(branch string) bool {
		return slices.ContainsFunc(g.Files, func(f *graph.Facts) bool {
			return slices.ContainsFunc(f.Actions, func(a graph.ActionFact) bool { return a.Guards(branch) })
		})
	}
	used := map[string]parsers.Span{} // branches of work that are written: what will be merged
	for _, f := range g.Files {
		if f.Role == graph.RoleTest || f.Role == graph.RoleVendored || f.Role == graph.RoleGenerated {
			continue
		}
		server := slices.ContainsFunc(f.Projects, func(p graph.ProjectFact) bool { return p.Tool == "lakefs" && p.Name == "endpoint" })
		for i := range f.Datasets {
			d := &f.Datasets[i]
			repository, branch, ok := lakefsTarget(d, server)
			if !ok {
				continue
			}
			if !published[branch] {
				if used[repository].IsZero() {
					used[repository] = d.Span
				}
				continue
			}
			of := "the lakeFS repository `" + repository + "`"
			if strings.Contains(repository, graph.Hole) {
				of = "a lakeFS repository"
			}
			out := pass.ReportAt(d.Span, "writes straight to `%s` of %s", branch, of)
			out.Key = repository + "/" + branch
			if !guarded(branch) {
				out.Evidence = "no action runs before a commit to `" + branch + "` either"
			}
		}
	}
	ungated(pass, g, used, guarded)
})

// published are the names of the branches that readers use.
var published = map[string]bool{"main": true, "master": true, "prod": true, "production": true}

// lakefsTarget is the repository and branch that a dataset is written to. server says that s3a:// means lakeFS in this file.
func lakefsTarget(d *graph.DatasetFact, server bool) (repository, branch string, ok bool) {
	if d.Kind != "path" || len(d.Parts) == 0 {
		return "", "", false
	}
	rest, ok := strings.CutPrefix(d.Parts[0], "lakefs://")
	if !ok && server {
		for _, scheme := range []string{"s3a://", "s3://", "s3n://"} {
			if rest, ok = strings.CutPrefix(d.Parts[0], scheme); ok {
				break
			}
		}
	}
	steps := strings.Split(rest, "/")
	if !ok || len(steps) < 3 {
		return "", "", false
	}
	return steps[0], steps[1], true
}

// ungated reports repositories with actions, none of which runs before a merge to main, although work branches are written.
func ungated(pass *rules.Pass, g *graph.Graph, used map[string]parsers.Span, guarded func(string) bool) {
	var first *graph.ActionFact
	for _, f := range g.Files {
		for i := range f.Actions {
			if first == nil && f.Role != graph.RoleTest && strings.Contains("/"+f.Path, "/_lakefs_actions/") {
				first = &f.Actions[i]
			}
		}
	}
	if first == nil || len(used) == 0 {
		return
	}
	for branch := range published {
		if guarded(branch) {
			return
		}
	}
	f := pass.ReportAt(first.Span, "no action runs before a merge to `main`: nothing checks what is published")
	f.Severity, f.Key = rules.Medium, "ungated"
	var names []string
	for name := range used {
		names = append(names, name)
	}
	slices.Sort(names)
	f.Places = append(f.Places, rules.Place{Span: used[names[0]], Message: "a branch that is written and merged"})
}
