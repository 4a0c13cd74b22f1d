package docs

import (
	"slices"
	"strings"
	"testing"

	"delint/graph"
	"delint/rules"
)

func run(t *testing.T, g *graph.Graph) []*rules.Finding {
	t.Helper()
	runner, err := rules.NewRunner([]*rules.Rule{MissingDocsTree})
	if err != nil {
		t.Fatal(err)
	}
	findings, failures := runner.Repository(g)
	for _, f := range failures {
		t.Errorf("%s: %s\n%s", f.Rule, f.Error, f.Stack)
	}
	return findings
}

// unread are paths without facts: links, submodules, binary files, pages that a limit kept out.
func TestUnreadPagesArePresent(t *testing.T) {
	if got := run(t, graph.Link(nil, nil, graph.Options{})); len(got) != 0 {
		t.Errorf("an empty folder: %s", got[0].Message)
	}
	if got := run(t, graph.Link(nil, []string{"docs", "main.py"}, graph.Options{})); len(got) != 0 {
		t.Errorf("docs is a link: %s", got[0].Message)
	}
	var paths []string
	for _, p := range required {
		paths = append(paths, strings.TrimSuffix(p.path, "/"))
	}
	paths = slices.DeleteFunc(paths, func(p string) bool { return p == "docs/architecture/decisions" })
	if got := run(t, graph.Link(nil, paths, graph.Options{})); len(got) != 0 {
		t.Errorf("every folder of docs is a link: %s", got[0].Message)
	}
	large := &graph.Facts{Path: "docs/security.md", NotAnalysed: "larger than 4 MiB", Document: &graph.DocumentFact{}}
	got := run(t, graph.Link([]*graph.Facts{large}, []string{"docs/security.md"}, graph.Options{}))
	if len(got) != 1 || strings.Contains(got[0].Message+got[0].Evidence, "security.md") {
		t.Errorf("a page that was not read counts as missing: %v", got)
	}
}

func TestSeverityIsThatOfTheHeaviestGap(t *testing.T) {
	written := &graph.DocumentFact{Words: 100, Rollback: true, Fences: []string{"sh"}, Status: "Accepted", Headings: []graph.Heading{
		{Text: "Context", Words: 9}, {Text: "Decision", Words: 9}, {Text: "Consequences", Words: 9},
	}}
	for _, c := range []struct {
		name    string
		without string
		change  map[string]*graph.DocumentFact
		want    rules.Severity
	}{
		{name: "a page that weighs low", without: "docs/troubleshooting.md", want: rules.Low},
		{name: "a page that weighs medium", without: "docs/monitoring.md", want: rules.Medium},
		{name: "a page that weighs high", without: "docs/runbooks/README.md", want: rules.High},
		{name: "a stub of it", change: map[string]*graph.DocumentFact{"docs/runbooks/README.md": {Words: 3}}, want: rules.Medium},
		{name: "another spelling of it", without: "docs/security.md", change: map[string]*graph.DocumentFact{"docs/SECURITY.md": written}, want: rules.Low},
	} {
		t.Run(c.name, func(t *testing.T) {
			pages := map[string]*graph.DocumentFact{}
			for _, p := range required {
				path := p.path
				if path == decisions {
					path += "0001-one.md"
				} else if strings.HasSuffix(path, "/") {
					path += "README.md"
				}
				pages[path] = written
			}
			delete(pages, c.without)
			for path, d := range c.change {
				pages[path] = d
			}
			var files []*graph.Facts
			var paths []string
			for path, d := range pages {
				files = append(files, &graph.Facts{Path: path, Document: d})
				paths = append(paths, path)
			}
			got := run(t, graph.Link(files, paths, graph.Options{}))
			if len(got) != 1 || got[0].Severity != c.want {
				t.Fatalf("got %v, want one %s", got, c.want)
			}
		})
	}
}
