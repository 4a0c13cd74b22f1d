package sql

import (
	"strings"

	"delint/parsers"
)

// Model is SQLMesh's MODEL (…), AUDIT (…) or METRIC (…) block.
type Model struct {
	// Name is the value of the property name, without quotes; empty if it has none.
	Name       string
	Properties []ModelProperty
	Node       parsers.Node
}

// ModelProperty is one property of a block: a word and what follows it.
type ModelProperty struct {
	// Name is the first word, in lower case: "kind", "grain", "audits".
	Name string
	// Value is the source text after the word.
	Value string
	// Word is the value's first word in upper case: FULL of "kind FULL", INCREMENTAL_BY_TIME_RANGE of "kind INCREMENTAL_BY_TIME_RANGE (…)".
	Word string
	// Options are the items in the value's first bracket: the columns of "grains (a, b)", the options of a kind.
	Options []ModelProperty
	Node    parsers.Node
}

// Property finds a property by its name in lower case; false if the block has none.
func (m *Model) Property(name string) (ModelProperty, bool) {
	if m != nil {
		for _, p := range m.Properties {
			if p.Name == name {
				return p, true
			}
		}
	}
	return ModelProperty{}, false
}

func (m *Model) kind() StatementKind {
	switch strings.ToLower(string(m.Node.Tree().Text[m.Node.Start():min(m.Node.Start()+5, m.Node.End())])) {
	case "audit":
		return StatementAudit
	case "metri":
		return StatementMetric
	}
	return StatementModel
}

func readModel(n parsers.Node) *Model {
	m := &Model{Node: n}
	for c := range n.Children() {
		if c.Is(Property) {
			p := property(c, 0)
			if p.Name == "name" && m.Name == "" {
				m.Name = unquote(p.Value)
			}
			m.Properties = append(m.Properties, p)
		}
	}
	return m
}

// maxOptionDepth bounds how deep the brackets of a property are read: each keeps its text.
const maxOptionDepth = 50

// property reads a property or an item of its bracket: the first token is the name, the rest the value.
func property(n parsers.Node, depth int) ModelProperty {
	p := ModelProperty{Node: n}
	text := n.Tree().Text
	var value parsers.Node
	for c := range n.NamedChildren() {
		if c.Is(Comment, TemplateComment, TemplateTag) {
			continue
		}
		switch {
		case p.Name == "" && c.Is(Call): // an item such as not_null(columns := (a, b)), accepted_range (…)
			p.Name = strings.ToLower(unquote(c.Field(Function).Text()))
			value = c.Field(Arguments)
		case p.Name == "":
			p.Name = strings.ToLower(unquote(c.Text()))
			continue
		case value.IsNil():
			value = c
		}
		if p.Value == "" {
			p.Value = strings.TrimSpace(string(text[value.Start():n.End()]))
		}
		options := value
		switch value.Kind() {
		case Name, Macro:
			p.Word = strings.ToUpper(value.Text())
		case Call:
			p.Word = strings.ToUpper(value.Field(Function).Text())
			options = value.Field(Arguments)
		}
		for item := range options.Children() {
			if item.Is(Item) && options.Is(Group, Array) && depth < maxOptionDepth {
				p.Options = append(p.Options, property(item, depth+1))
			}
		}
		break
	}
	return p
}
