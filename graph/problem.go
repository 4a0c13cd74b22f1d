package graph

import "delint/parsers"

// ProblemFact is something wrong in a file of a tool, judged by the tool's own grammar where the file is read. Rules report
// it: what needs the rest of the repository (the pinned version, a variable that a command passes) they ask of the graph.
type ProblemFact struct {
	Tool string // soda …
	// Kind is which rule reports it; the tool's folder names its kinds.
	Kind string
	// Message says what is wrong, as a finding does.
	Message string
	// Key names what it is about, for the fingerprint: a key, a check, a variable.
	Key string
	// Evidence is one more line: the keys that are allowed.
	Evidence string
	// Minor says that it is one severity below its rule's.
	Minor bool
	// Values holds what the rule asks the graph about, under the tool's own keys.
	Values map[string]string
	Fix    *ProblemFix
	Span   parsers.Span
}

// ProblemFix replaces the bytes [Start, End) of the problem's file.
type ProblemFix struct {
	Title      string
	Unsafe     bool
	Start, End int
	Text       string
}
