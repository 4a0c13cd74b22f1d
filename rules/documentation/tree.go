package docs

import (
	"path"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// page is one of the sixteen that the standard asks for: a folder if its path ends with a slash.
type page struct {
	path     string
	severity rules.Severity // where it is missing, in production
	data     bool           // asked for only where the repository has models, pipelines or contracts
	// holds looks at a page that is no stub for what it must hold besides: empty if it holds it.
	holds func(*graph.DocumentFact) string
}

// required is the docs tree in the order of the standard.
var required = []page{
	{path: "docs/architecture/", severity: rules.High},
	{path: "docs/architecture/decisions/", severity: rules.Medium},
	{path: "docs/setup.md", severity: rules.Medium, holds: holdsCommand},
	{path: "docs/development.md", severity: rules.Low},
	{path: "docs/deployment.md", severity: rules.Medium, holds: holdsRollback},
	{path: "docs/api/", severity: rules.Low, data: true},
	{path: "docs/data-models/", severity: rules.Medium, data: true},
	{path: "docs/pipelines/", severity: rules.Medium, data: true},
	{path: "docs/monitoring.md", severity: rules.Medium},
	{path: "docs/troubleshooting.md", severity: rules.Low},
	{path: "docs/runbooks/", severity: rules.High},
	{path: "docs/security.md", severity: rules.High},
	{path: "docs/governance/data-contracts.md", severity: rules.Medium, data: true},
	{path: "docs/governance/lineage.md", severity: rules.Medium, data: true},
	{path: "docs/governance/quality.md", severity: rules.Medium, data: true},
	{path: "docs/governance/catalog.md", severity: rules.Medium, data: true},
}

func holdsCommand(d *graph.DocumentFact) string {
	if len(d.Fences) == 0 {
		return "shows no command"
	}
	return ""
}

func holdsRollback(d *graph.DocumentFact) string {
	if !d.Rollback {
		return "says nothing of rollback"
	}
	return ""
}

// elsewhere are the folders that documentation stands in where there is no docs/.
var elsewhere = []string{"documentation/", "doc/", "website/docs/"}

// tree is the documentation of one repository.
type tree struct {
	*graph.Graph
	root string // the folder that stands for docs/
	data bool
}

func newTree(g *graph.Graph) *tree {
	t := &tree{Graph: g, root: "docs/", data: hasData(g)}
	if g.HasPath("docs/") {
		return t
	}
	if i := slices.IndexFunc(g.Paths, func(p string) bool { return len(p) > 5 && strings.EqualFold(p[:5], "docs/") }); i >= 0 {
		t.root = g.Paths[i][:5]
		return t
	}
	if i := slices.IndexFunc(elsewhere, g.HasPath); i >= 0 {
		t.root = elsewhere[i]
	}
	return t
}

// applies reports whether the repository needs the page.
func (t *tree) applies(want page) bool {
	for _, n := range t.Options.Docs.NotApplicable {
		if strings.TrimSuffix(n.Path, "/") == strings.TrimSuffix(want.path, "/") ||
			strings.HasSuffix(n.Path, "/") && strings.HasPrefix(want.path, n.Path) {
			return false
		}
	}
	return t.data || !want.data
}

// place is where the repository keeps a page: where the configuration says, else below its documentation folder.
func (t *tree) place(wanted string) (place string, mapped bool) {
	best := ""
	for from := range t.Options.Docs.Map {
		if (from == wanted || strings.HasSuffix(from, "/") && strings.HasPrefix(wanted, from)) && len(from) > len(best) {
			best = from
		}
	}
	switch to := t.Options.Docs.Map[best]; {
	case best == "":
		return t.root + strings.TrimPrefix(wanted, "docs/"), false
	case best == wanted:
		return to, true
	default:
		return strings.TrimSuffix(to, "/") + "/" + strings.TrimPrefix(wanted, best), true
	}
}

// library are the pipeline units that a library gives to pipelines and that make none by themselves.
var library = []string{"airflow-operator", "dagster-component", "dagster-io-manager", "spark-udf"}

// shown are the folders of projects that a repository shows or hands out and that are not its own data.
var shown = []string{"example", "examples", "sample", "samples", "template", "templates", "fixtures", "demo", "assets"}

// hasData reports whether the repository has models, pipelines or contracts of its own: datasets in the inventory, units that
// an orchestrator runs, checks on datasets; neither in tests nor in what it only shows.
func hasData(g *graph.Graph) bool {
	own := func(f *graph.Facts) bool {
		return f != nil && f.Role != graph.RoleTest && f.Role != graph.RoleNotebook &&
			!slices.ContainsFunc(strings.Split(path.Dir(f.Path), "/"), func(folder string) bool { return slices.Contains(shown, folder) })
	}
	return slices.ContainsFunc(g.Datasets, func(d *graph.Dataset) bool {
		return d.InScope && slices.ContainsFunc(d.Producers, func(p *graph.DatasetFact) bool { return own(g.File(p.Span.Path)) })
	}) || slices.ContainsFunc(g.Files, func(f *graph.Facts) bool {
		return own(f) && (f.Module != nil && isPipeline(f.Module) || f.Document != nil && f.Document.Machine == "odcs" || len(f.Checks) > 0)
	})
}

func isPipeline(m *graph.ModuleFact) bool {
	return slices.ContainsFunc(m.Functions, func(f graph.FunctionFact) bool {
		return f.Unit != "" && !slices.Contains(library, f.Unit)
	}) || slices.ContainsFunc(m.Imports, func(i graph.ImportFact) bool {
		top, _, _ := strings.Cut(i.Module, ".")
		return top == "airflow" && (i.Name == "DAG" || i.Name == "dag")
	})
}
