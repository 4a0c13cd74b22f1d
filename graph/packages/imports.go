package packages

import (
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
)

// imports adds the first import of every module outside the standard library; a guarded one only where there is no other.
func (c *collector) imports() {
	type seen struct {
		node    parsers.Node
		guarded bool
	}
	found := map[string]seen{}
	var order []string
	for _, i := range python.Imports(c.f).Imports {
		if strings.HasPrefix(i.Module, ".") || i.Module == "" || i.Module == "__future__" {
			continue
		}
		top, _, _ := strings.Cut(i.Module, ".")
		if IsStandard(top) {
			continue
		}
		module := i.Module
		if i.Name != "" && i.Name != "*" {
			module += "." + i.Name // from google.cloud import bigquery
		}
		if _, known := DistributionsOf(module); known != "" {
			module = known
		} else {
			module = top
		}
		guarded := i.TypeChecking || guardedImport(i.Node)
		was, ok := found[module]
		if !ok {
			order = append(order, module)
		}
		if !ok || was.guarded && !guarded {
			found[module] = seen{i.Node, guarded}
		}
	}
	for _, module := range order {
		s := found[module]
		value := ""
		if s.guarded {
			value = "guarded"
		}
		c.add(importFact, module, c.f.Span(s.node.Start(), s.node.End()), value)
	}
}

// guardedImport reports whether the program goes on without the module: in try with a handler for it, under a
// condition, in a function.
func guardedImport(n parsers.Node) bool {
	for child, p := n, n.Parent(); !p.IsNil(); child, p = p, p.Parent() {
		switch p.Kind() {
		case python.FunctionDefinition:
			return true // a back end that is asked for, a task with an environment of its own
		case python.TryStatement:
			if !p.Child(python.ExceptClause, python.ExceptGroupClause).IsNil() {
				return true
			}
		case python.ExceptClause:
			return true
		case python.IfStatement:
			if child.FieldID() != python.Condition {
				return true
			}
		}
	}
	return false
}

// mentions adds the names of distributions and modules of the table that a text holds as words, beyond its own imports.
func (c *collector) mentions() {
	raw := c.f.Raw
	if len(raw) > 1<<20 {
		return
	}
	found := map[string]bool{}
	for i := 0; i < len(raw); {
		if !isWord(raw[i]) {
			i++
			continue
		}
		j, dashes := i, false
		for j < len(raw) && (isWord(raw[j]) || raw[j] == '-') {
			dashes = dashes || raw[j] == '-'
			j++
		}
		if word := raw[i:j]; named[string(word)] {
			found[string(word)] = true
		} else if dashes {
			if word := strings.TrimRight(string(word), "-"); named[Normalize(word)] {
				found[Normalize(word)] = true
			}
		}
		i = j
	}
	if len(found) == 0 {
		return
	}
	names := make([]string, 0, len(found))
	for w := range found {
		names = append(names, w)
	}
	slices.Sort(names)
	c.facts = append(c.facts, graph.SettingFact{Tool: mentionFact, Value: names, Span: c.f.RawSpan(0, 0)})
}
