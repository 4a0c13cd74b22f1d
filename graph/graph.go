package graph

import (
	"slices"
	"strings"
)

// Options is what the configuration says to the graph.
type Options struct {
	// Accept names the check frameworks that count as cover; nil means all that count by default.
	Accept []string
	// Layers maps a layer to the name or path globs that belong to it, before the conventions are asked.
	Layers map[string][]string
	// Exclude holds globs of dataset names that are not in the inventory.
	Exclude []string
	// ExternalChecks reports that the checks of this repository live elsewhere.
	ExternalChecks bool
	// ExternalTests reports that the tests of this repository live elsewhere.
	ExternalTests bool
	// Expand asks for each finding where a rule would say one thing of the whole repository.
	Expand bool
	// ProjectName is the name that the configuration gives the repository; empty if none.
	ProjectName string
	// Docs is where the pages of the docs tree stand, and which don't apply.
	Docs DocsOptions
}

// Graph is everything that the files of a repository say together. It is immutable after Link.
type Graph struct {
	Options Options
	// Files holds the facts of every file in the order of their paths, also of those that have none but a path.
	Files []*Facts
	// Paths is every path of the repository (files that delint does not read too), sorted.
	Paths []string

	Datasets []*Dataset
	Checks   []*Check
	// Uses and Contracts hold also those whose dataset nothing in the repository makes: their Dataset is nil.
	Uses      []*Use
	Contracts []*Contract
	// References are those whose two datasets are known.
	References []*Reference
	// Semantics are the definitions of semantic layers and BI tools, in path order.
	Semantics []*Semantic
	Code      *Code
	// Jobs are the pipelines of orchestrators, in path order.
	Jobs []*Job
	// Base is the graph of the revision that a run compares with; nil where it compares with none.
	Base *Graph

	byPath    map[string]*Facts
	mentioned mentioned
	pending   inventory
	dialects  map[string]string // by path, and by folder with a slash: see Dialect
	memo      *memo             // nil until everything is linked
}

// Link joins the facts of all files. paths is every path of the repository, whether it has facts or not.
func Link(files []*Facts, paths []string, o Options) *Graph {
	g := &Graph{Options: o, Files: slices.Clone(files), Paths: slices.Clone(paths), byPath: map[string]*Facts{}}
	slices.SortFunc(g.Files, func(a, b *Facts) int { return strings.Compare(a.Path, b.Path) })
	slices.Sort(g.Paths)
	for _, f := range g.Files {
		g.byPath[f.Path] = f
	}
	for _, t := range tools {
		if t.Link != nil {
			t.Link(g)
		}
	}
	g.linkJobs()
	g.takeInventory()
	g.takeDialects()
	g.memo = &memo{values: map[any]any{}}
	return g
}

// File is the facts of a path; nil where there are none.
func (g *Graph) File(path string) *Facts { return g.byPath[path] }

// HasPath reports whether the repository has a file of that path, or a folder if it ends with a slash.
func (g *Graph) HasPath(path string) bool {
	i, found := slices.BinarySearch(g.Paths, path)
	return found || strings.HasSuffix(path, "/") && i < len(g.Paths) && strings.HasPrefix(g.Paths[i], path)
}

// Under ranges over the repository's paths below a folder ("" is the root).
func (g *Graph) Under(folder string) []string {
	if folder == "" || folder == "." {
		return g.Paths
	}
	folder = strings.TrimSuffix(folder, "/") + "/"
	i, _ := slices.BinarySearch(g.Paths, folder)
	j := i
	for j < len(g.Paths) && strings.HasPrefix(g.Paths[j], folder) {
		j++
	}
	return g.Paths[i:j]
}
