package sql

import (
	"strings"

	"delint/parsers"
)

// CallKind is which of dbt's functions a template calls.
type CallKind string

// The template functions that the binder knows.
const (
	RefCall    CallKind = "ref"
	SourceCall CallKind = "source"
	ConfigCall CallKind = "config"
)

// TemplateCallSite is a call of ref, source or config in a template.
type TemplateCallSite struct {
	Kind      CallKind
	Arguments []Argument
	Node      parsers.Node
}

// Argument is one argument of a template call.
type Argument struct {
	// Name is the keyword; empty for a positional argument.
	Name string
	// Value is the text of a string literal without quotes, or the source text of any other expression.
	Value string
	// Literal says that Value is a string literal.
	Literal bool
	Node    parsers.Node
}

// Literal reports whether the call's positional arguments are all string literals, so that what it names is known.
func (c *TemplateCallSite) Literal() bool {
	any := false
	for _, a := range c.Arguments {
		if a.Name == "" {
			any = true
			if !a.Literal {
				return false
			}
		}
	}
	return any
}

// readTemplateCall reads a template_call node; false if it calls something else.
func readTemplateCall(n parsers.Node) (TemplateCallSite, bool) {
	name := strings.TrimPrefix(n.Field(Function).Text(), "builtins.")
	kind := CallKind(name)
	if kind != RefCall && kind != SourceCall && kind != ConfigCall {
		return TemplateCallSite{}, false
	}
	c := TemplateCallSite{Kind: kind, Node: n}
	for item := range n.Field(Arguments).Children() {
		if item.Is(TemplateItem) {
			c.Arguments = append(c.Arguments, argument(item))
		}
	}
	return c, true
}

func argument(item parsers.Node) Argument {
	a := Argument{Node: item, Value: item.Text()}
	first := item.FirstNamed()
	value := first
	if eq := first.NextSibling(); first.Is(TemplateName) && eq.Is(TemplateOperator) && eq.Text() == "=" {
		a.Name = first.Text()
		value = eq.NextSibling()
		a.Value = ""
		if !value.IsNil() {
			a.Value = string(item.Tree().Text[value.Start():item.End()])
		}
	}
	if value.Is(TemplateString) && value.NextSibling().IsNil() {
		a.Value, a.Literal = unquote(value.Text()), true
	}
	return a
}

// templateRelation says what a template means as a relation; nil if the node holds no template.
func templateRelation(n parsers.Node) *Relation {
	if n.Is(TemplatedName) {
		r := &Relation{Kind: RelationHole, Parts: splitParts(n.Text())}
		for _, p := range r.Parts {
			if !p.Hole {
				r.Kind = RelationTable // part of the name is known
			}
		}
		if n.FirstNamed().Is(Macro) {
			r.Kind = RelationMacro
		}
		return r
	}
	first := n.FirstNamed()
	switch {
	case first.Is(TemplateCall):
		if c, ok := readTemplateCall(first); ok && c.Kind != ConfigCall {
			kind := RelationRef
			if c.Kind == SourceCall {
				kind = RelationSource
			}
			return &Relation{Kind: kind, Call: &c}
		}
	case first.Is(TemplateName) && first.Text() == "this":
		return &Relation{Kind: RelationThis}
	}
	return &Relation{Kind: RelationHole}
}

// indirect files the ref and source calls of the statement that stand in no FROM: arguments of macros, {% set x = ref('y') %}.
func (b *binder) indirect() {
	direct := map[int]bool{}
	for _, r := range b.statement.Reads {
		if r.Call != nil {
			direct[r.Call.Node.Index()] = true
		}
	}
	for _, w := range b.statement.Writes {
		if w.Target.Call != nil {
			direct[w.Target.Call.Node.Index()] = true
		}
	}
	for n := range b.statement.Node.Descendants() {
		if !n.Is(TemplateCall) || direct[n.Index()] {
			continue
		}
		c, ok := readTemplateCall(n)
		if !ok || c.Kind == ConfigCall {
			continue
		}
		kind := RelationRef
		if c.Kind == SourceCall {
			kind = RelationSource
		}
		b.statement.Reads = append(b.statement.Reads, &Relation{Kind: kind, Call: &c, Node: n, Indirect: true})
	}
}
