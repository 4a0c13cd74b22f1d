// Package sql reads SQL of every dialect that data teams write, templates included: the flat tree of a file by delint's own
// clause-level grammar, and on it the statements with their scopes, relations read and targets written.
//
// The tree is meant for reading, not for validation. No text is an error: a closing bracket too many is a Stray, what ends
// before its closing bracket ends with an empty Unclosed, and everything else that a dialect invents is a token of its clause.
package sql

import "delint/parsers"

// Tree is the flat tree of an SQL file.
type Tree = parsers.Tree

// Language is SQL as a kind of file.
var Language = &parsers.Language{
	Name:       "sql",
	Match:      parsers.Extensions("sql", "ddl", "sqlx", "hql"),
	Parse:      Parse,
	Statements: statements,
}

// Parse reads a file into f.Tree.
func Parse(f *parsers.File) error {
	tree, err := Grammar.Parse(f.Text, f.Limits.ParseTime)
	if err != nil {
		return err
	}
	f.Tree = tree
	return nil
}

func statements(f *parsers.File) (all, broken int) {
	if f.Tree == nil {
		return 0, 0
	}
	last := -1
	for range f.Tree.All(SqlStatement) {
		all++
	}
	for n := range f.Tree.All(parsers.Error, Stray, Unclosed) {
		at := n
		if !at.Is(SqlStatement) {
			at = n.Ancestor(SqlStatement)
		}
		if at.Index() != last || at.IsNil() {
			broken++
		}
		last = at.Index()
	}
	return all, broken
}
