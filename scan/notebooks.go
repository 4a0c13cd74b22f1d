package scan

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/parsers"
	"delint/rules"
)

var notebookName = regexp.MustCompile(`[\w./-]+\.ipynb\b|%run[ \t]+[\w./-]+`)

// notebooksRun is the notebooks that a file names: those that a scheduler starts, a script converts or another notebook runs.
// Prose names notebooks without running them.
func notebooksRun(f *parsers.File) []string {
	switch strings.ToLower(path.Ext(f.Path)) {
	case ".md", ".rst", ".txt", ".html", ".adoc", ".csv", ".gitignore":
		return nil
	}
	if !f.Mentions(".ipynb", "%run") {
		return nil
	}
	var names []string
	for _, m := range notebookName.FindAllString(string(f.Text), -1) {
		name := strings.TrimLeft(strings.TrimSpace(strings.TrimPrefix(m, "%run")), "./")
		if path.Ext(name) != ".ipynb" {
			name += ".ipynb"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// dropNotebooks leaves out what the rules on pipelines say of notebooks that nothing runs: they are somebody's exploration.
// What the security rules say stays.
func (r *run) dropNotebooks(findings []*rules.Finding, outcomes []*outcome) []*rules.Finding {
	if r.options.Notebooks {
		return findings
	}
	named := map[string]bool{}
	for _, o := range outcomes {
		for _, n := range o.Notebooks {
			if path.Base(o.Path) != path.Base(n) {
				named[path.Base(n)] = true
			}
		}
	}
	return slices.DeleteFunc(findings, func(f *rules.Finding) bool {
		return path.Ext(f.Span.Path) == ".ipynb" && f.Rule.Standard != "security" && !named[path.Base(f.Span.Path)]
	})
}
