package graph

import (
	"path"
	"strings"

	"delint/parsers"
)

// ActionFact is an action of lakeFS: the hooks that run when something happens to a branch or tag.
type ActionFact struct {
	Name   NameFact
	Events []EventFact
	Hooks  []HookFact
	// NoEvents says that there is no "on", or nothing in it.
	NoEvents bool
	Span     parsers.Span // of the file's first key
}

// EventFact is one event of an action.
type EventFact struct {
	Name string
	// Branches are the globs that it is limited to; nil for every branch.
	Branches []string
	// Limited is where the key branches stands; zero if there is none.
	Limited parsers.Span
	Span    parsers.Span
}

// HookFact is one hook of an action.
type HookFact struct {
	ID, Type   string
	TypeSpan   parsers.Span
	Properties map[string]NameFact // scalars; a value that is no scalar has the name ""
	Span       parsers.Span        // of its id, else of the hook
}

// Guards reports whether the action runs before anything is merged into, or committed to, a branch.
func (a *ActionFact) Guards(branch string) bool {
	if len(a.Hooks) == 0 {
		return false
	}
	for _, e := range a.Events {
		if e.Name != "pre-merge" && e.Name != "pre-commit" && e.Name != "prepare-commit" {
			continue
		}
		if len(e.Branches) == 0 {
			return true
		}
		for _, b := range e.Branches {
			if ok, _ := path.Match(b, branch); ok || strings.ContainsAny(b, "{}$") {
				return true
			}
		}
	}
	return false
}
