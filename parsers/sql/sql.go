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
	for range f.Tree.All(SqlStatement) {
		all++
	}
	return all, brokenStatements(f.Tree)
}

// brokenStatements counts the statements that hold an error, a Stray or an Unclosed, and the errors outside any.
func brokenStatements(tree *Tree) int {
	broken := 0
	var bad []parsers.Node
	for n := range tree.All(parsers.Error, Stray, Unclosed) {
		bad = append(bad, n)
	}
	i := 0
	for s := range tree.All(SqlStatement) {
		for i < len(bad) && bad[i].Index() < s.Index() {
			broken++ // between statements
			i++
		}
		if i < len(bad) && s.Contains(bad[i]) {
			broken++
			for i < len(bad) && s.Contains(bad[i]) {
				i++
			}
		}
	}
	return broken + len(bad) - i
}
