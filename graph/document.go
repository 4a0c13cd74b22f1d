package graph

import "delint/parsers"

// DocumentFact is what a page of documentation holds, for the documentation rules.
type DocumentFact struct {
	Title    string
	Words    int      // prose words, as the stub definition of the catalogue counts them
	Marker   bool     // carries the stub marker
	Fences   []string // info strings of its fenced blocks
	Headings []Heading
	Empty    bool
}

// Heading is one heading of a page.
type Heading struct {
	Level int
	Text  string
	Span  parsers.Span
}

// SettingFact is one setting of a development tool (ruff, mypy, pytest …) that changes what delint reports.
type SettingFact struct {
	Tool  string // ruff, mypy, pyright, pytest, pre-commit, ci …
	Key   string
	Value []string
	Span  parsers.Span
}
