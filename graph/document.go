package graph

import "delint/parsers"

// DocumentFact is what a page of documentation holds, for the documentation rules.
type DocumentFact struct {
	Title    string
	Words    int      // prose words, as the stub definition of the catalogue counts them; a table or a diagram is 40
	Marker   bool     // carries the stub marker
	Fences   []string // info strings of its fenced blocks
	Headings []Heading
	Empty    bool
	Links    int    // links in its text
	Rollback bool   // speaks of rolling back
	Status   string // of a decision record: the text of its Status section or of its front matter's status
	Options  int    // of a decision record: the items under "Considered Options"
	// Machine is the format of a page that programs read (d2, mermaid, dbml, openapi, asyncapi, odcs, json-schema, proto);
	// empty for prose.
	Machine string
}

// Heading is one heading of a page.
type Heading struct {
	Level int
	Text  string
	Span  parsers.Span
	Words int // prose words under it, those under its own lower headings included
}

// SettingFact is one setting of a development tool (ruff, mypy, pytest …) that changes what delint reports.
type SettingFact struct {
	Tool  string // ruff, mypy, pyright, pytest, pre-commit, ci …
	Key   string
	Value []string
	Span  parsers.Span
}

// DocsOptions is what the configuration says of the docs tree that the standard asks for.
type DocsOptions struct {
	// Map gives a required path ("docs/setup.md", "docs/api/", "docs/" for all) the place where the repository keeps it
	// instead: a file, a folder, or a file and a section ("CONTRIBUTING.md#setup").
	Map map[string]string
	// NotApplicable holds the required paths that make no sense for the repository.
	NotApplicable []NotApplicable
}

// NotApplicable takes a path out of what is required, with the reason.
type NotApplicable struct {
	Path   string
	Reason string
}
