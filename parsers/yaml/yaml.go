// Package yaml reads YAML: the flat tree of a file, and on top of it the documents with their values decoded.
package yaml

import (
	"delint/parsers"

	grammar "github.com/tree-sitter-grammars/tree-sitter-yaml/bindings/go"

	sitter "github.com/smacker/go-tree-sitter"
)

// Grammar is tree-sitter-yaml v0.7.2; docs/architecture/decisions/0003-yaml-grammar.md says why not the bundled one.
var Grammar = parsers.NewGrammar("yaml", sitter.NewLanguage(grammar.Language()))

// Language is YAML as a kind of file.
var Language = &parsers.Language{Name: "yaml", Match: parsers.Extensions("yml", "yaml"), Parse: Parse}

// TooDeep is the reason why a file is not analysed that nests deeper than any person writes.
const TooDeep = "nested too deeply"

// Parse reads a file into f.Tree. Where the grammar fails on a file that go.yaml.in/yaml accepts, the tree is built from
// that parser's nodes. A file that neither reads keeps its tree with errors (SyntaxError says more), unless it is a template.
func Parse(f *parsers.File) error {
	if nestsDeeply(f.Text) {
		f.NotAnalysed = TooDeep
		return nil
	}
	tree, err := Grammar.Parse(f.Text, f.Limits.ParseTime)
	if err != nil {
		return err
	}
	if tree.Errors() > 0 {
		if rebuilt := fallback(f.Text); rebuilt != nil {
			tree = rebuilt
		}
	}
	if isTemplate(f.Path, tree) {
		f.NotAnalysed = Template
		return nil
	}
	f.Tree = tree
	return nil
}
