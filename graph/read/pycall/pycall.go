// Package pycall reads the arguments of calls in Python, with names and f-strings folded into patterns of names.
package pycall

import (
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// Argument is the value of a call's keyword argument, or of the positional one at place (-1 for none); nil if there is none.
func Argument(call parsers.Node, keyword string, place int) parsers.Node {
	at := 0
	for a := range call.Field(python.Arguments).NamedChildren() {
		if a.Is(python.Comment) {
			continue
		}
		if a.Is(python.KeywordArgument) {
			if a.Field(python.Name).Text() == keyword {
				return a.Field(python.Value)
			}
			continue
		}
		if at == place {
			return a
		}
		at++
	}
	return parsers.Node{}
}

// Text is the constant text of an expression, with graph.Hole for what only a run knows.
func Text(f *parsers.File, n parsers.Node) (string, bool) {
	if n.IsNil() {
		return "", false
	}
	text, _, ok := python.Fold(f, n)
	return graph.Evaluate(strings.ReplaceAll(text, python.Hole, graph.Hole), nil), ok
}
