package dependencies

import (
	"fmt"
	"path"
	"strings"

	"delint/graph"
	"delint/graph/packages"
	"delint/parsers"
	"delint/rules"
)

// UnpinnedDependency reports manifests of an application that install other versions tomorrow: a requirement of the run is
// not pinned and no lock file holds. One finding a file, at the first such requirement.
var UnpinnedDependency = rules.Repository(rules.Rule{
	Name:     "unpinned-dependency",
	Severity: rules.High,
	Class:    rules.Reliability,
	Topic:    "best-practices/code-quality",
	Sentence: "Dependency Management",
}, func(pass *rules.Pass, g *graph.Graph) {
	r := packages.Of(g)
	for _, m := range r.Manifests {
		if m.Kind == packages.Dockerfile || m.Role == graph.RoleTest || m.Compiled || notDeployed(m.Path) || m.Constrained && m.Kind == packages.Requirements {
			continue
		}
		if lock := r.Lock(g, m.Folder()); lock != "" {
			continue
		}
		if m.Kind != packages.Requirements && pinnedBeside(r, m) {
			continue // the requirements file beside it is what is installed
		}
		unpinned(pass, r, m)
	}
})

func unpinned(pass *rules.Pass, r *packages.Repository, m *packages.Manifest) {
	runtime := m.Runtime()
	library := m.Library || m.Kind == packages.SetupCfg || m.Kind == packages.SetupPy || publishedPath(m.Path)
	if library && m.Kind == packages.Requirements {
		return // what a library is developed with
	}
	var loose []packages.Requirement
	for _, q := range runtime {
		if own(r, q.Name) || q.Spec == "@ path" || developers[q.Name] {
			continue
		}
		if library && q.Spec == "" || !library && !packages.Pinned(q.Spec) {
			loose = append(loose, q)
		}
	}
	if len(loose) == 0 {
		if m.Index && !library {
			f := pass.ReportAt(runtimeSpan(m), "`--extra-index-url` without hashes: either index may give the package")
			f.Key = "index"
		}
		return
	}
	what := "no version"
	first := loose[0]
	if first.Spec != "" {
		what = "`" + shorten(first.Spec) + "`"
	}
	var f *rules.Finding
	switch {
	case library:
		f = pass.ReportAt(first.Span, "%s of this package %s no lower bound (first: `%s`)", requirements(len(loose)), has(len(loose)), first.Name)
		f.Severity = rules.Low
	case len(loose) == 1:
		f = pass.ReportAt(first.Span, "`%s` is not pinned (%s), and no lock file is committed", first.Name, what)
	default:
		f = pass.ReportAt(first.Span, "%d of %d requirements are not pinned (first: `%s`, %s), and no lock file is committed", len(loose), len(runtime), first.Name, what)
	}
	f.Key = path.Base(m.Path)
	for _, q := range loose[1:min(len(loose), maxPlaces+1)] {
		f.Places = append(f.Places, rules.Place{Span: q.Span, Message: q.Name})
	}
}

// developers is the tools that no run of a pipeline needs.
var developers = set(`pytest pytest-cov pytest-mock black ruff flake8 pylint isort mypy pre-commit tox nox coverage sqlfluff ipython jupyter
	jupyterlab notebook ipykernel build twine pip setuptools wheel bandit`)

func requirements(n int) string {
	if n == 1 {
		return "1 requirement"
	}
	return fmt.Sprintf("%d requirements", n)
}

func has(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

func runtimeSpan(m *packages.Manifest) (span parsers.Span) {
	for _, q := range m.Requirements {
		return q.Span
	}
	return span
}

// shorten cuts the specifier of a URL.
func shorten(spec string) string {
	if len(spec) > 40 {
		return spec[:37] + "…"
	}
	return spec
}

// own reports whether a distribution is made in the repository itself.
func own(r *packages.Repository, name string) bool {
	for _, m := range r.Manifests {
		if m.Name != "" && packages.Normalize(m.Name) == name {
			return true
		}
	}
	return false
}

// pinnedBeside reports whether a file of requirements in the same folder pins every one of them.
func pinnedBeside(r *packages.Repository, m *packages.Manifest) bool {
	for _, other := range r.Manifests {
		if other.Kind == packages.Requirements && other.Folder() == m.Folder() && len(other.Runtime()) > 0 && (pinnedShare(other) == 1 || other.Constrained) {
			return true
		}
	}
	return false
}

// publishedPath reports whether a path is of a part that others install: a client, an SDK, a plugin.
func publishedPath(p string) bool {
	for segment := range strings.SplitSeq(strings.ToLower(path.Dir(p)), "/") {
		switch segment {
		case "clients", "client", "sdk", "sdks", "libs", "libraries", "packages":
			return true
		case "plugins":
			return path.Base(p) == "pyproject.toml"
		}
	}
	return false
}

// notDeployed reports whether a path is for documents, examples, development or tests.
func notDeployed(p string) bool {
	for segment := range strings.SplitSeq(strings.ToLower(path.Dir(p)), "/") {
		if len(segment) > 1 && segment[0] == '.' {
			return true // a tool's own folder
		}
		switch segment {
		case "docs", "doc", "website", "tests", "test", "testing", "integration_tests", "dev", ".devcontainer", ".github", ".gitlab", "ci", "benchmarks", "template", "templates", "cookiecutter",
			"example", "examples", "exercise", "exercises", "demo", "demos", "tutorial", "tutorials", "workshop", "workshops", "sandbox", "playground":
			return true
		}
	}
	return strings.ContainsAny(p, "{}") // a template's
}
