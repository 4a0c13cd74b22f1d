// Package all lists the languages that delint reads. A new language folder costs one line here.
package all

import (
	"delint/parsers"
	"delint/parsers/notebook"
	"delint/parsers/python"
	"delint/parsers/sql"
	"delint/parsers/yaml"
)

// Languages is every language; the first whose Match accepts a path reads it.
var Languages = []*parsers.Language{
	python.Language,
	notebook.Language,
	sql.Language,
	yaml.Language,
}

// ByPath is the language of a path; nil where delint has no parser for it.
func ByPath(path string) *parsers.Language {
	for _, l := range Languages {
		if l.Match(path) {
			return l
		}
	}
	return nil
}

// ByName is the language of that name; nil if there is none.
func ByName(name string) *parsers.Language {
	for _, l := range Languages {
		if l.Name == name {
			return l
		}
	}
	return nil
}
