// Package python reads Python: the flat tree of a module, the names of its node kinds, and what one can say of a node
// without looking at other files.
package python

import (
	"delint/parsers"

	sitter "github.com/smacker/go-tree-sitter/python"
)

// Tree is the flat tree of a Python module.
type Tree = parsers.Tree

// Grammar is the Python grammar bundled with go-tree-sitter (tree-sitter-python v0.23.0).
var Grammar = parsers.NewGrammar("python", sitter.GetLanguage())

// Language is Python as a kind of file. A stub (.pyi) is Python too.
var Language = &parsers.Language{Name: "python", Match: parsers.Extensions("py", "pyi"), Parse: Parse}

// Parse reads a module into f.Tree.
func Parse(f *parsers.File) error {
	tree, err := Grammar.Parse(f.Text, f.Limits.ParseTime)
	if err != nil {
		return err
	}
	f.Tree = tree
	return nil
}
