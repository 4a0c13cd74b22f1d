package query

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"delint/parsers"
	"delint/parsers/python"
	"delint/parsers/yaml"
	"delint/rules"
)

// predicate is one (#name? …) of a pattern: a test of every node that its first capture took.
type predicate struct {
	at   int
	args []argument
	test test
	// late says that the test asks for another capture, so that it waits until the pattern has matched whole.
	late bool
	// words are those of which the text of a match holds one; nil where that is not known.
	words []string
}

// test decides on one node of a capture.
type test func(m *match, n parsers.Node) bool

// holds tests every node of the first capture; a capture that took nothing passes.
func (p *predicate) holds(m *match) bool {
	for _, c := range m.captures {
		if c.name == p.args[0].text && !p.test(m, c.node) {
			return false
		}
	}
	return true
}

// argument is a capture (its name) or a string.
type argument struct {
	capture bool
	text    string
}

// predicates are those that delint evaluates, by name. Each checks its arguments and gives the test.
var predicates = map[string]func(p *reader, at int, args []argument) test{
	"eq?":              equal(true),
	"not-eq?":          equal(false),
	"match?":           matches(true),
	"not-match?":       matches(false),
	"any-of?":          anyOf(true),
	"not-any-of?":      anyOf(false),
	"inside?":          inside(true),
	"not-inside?":      inside(false),
	"only-statements?": onlyStatements,
	"has-keyword?":     keyword(true),
	"lacks-keyword?":   keyword(false),
	"resolves-to?":     resolvesTo,
	"not-followed-by?": notFollowedBy,
	"lacks-child?":     lacksChild,
}

// predicate reads one (#name? …).
func (p *reader) predicate() {
	at := p.at
	p.at += len("(#")
	start := p.at
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n()\"@", p.text[p.at]) < 0 {
		p.at++
	}
	name := p.text[start:p.at]
	make, ok := predicates[name]
	if !ok {
		p.fail(at+1, "unknown predicate #%s%s", name, hint(name, slices.Collect(maps.Keys(predicates))))
	}
	var args []argument
	for p.space(); p.peek() != ')'; p.space() {
		switch p.peek() {
		case 0:
			p.fail(at, "( is not closed")
		case '@':
			p.at++
			args = append(args, argument{true, p.word()})
		case '"':
			args = append(args, argument{false, p.quoted()})
		default:
			args = append(args, argument{false, p.word()})
		}
	}
	p.at++
	if len(args) < 2 || !args[0].capture {
		p.fail(at, "#%s wants a capture and what to compare it with", name)
	}
	late := slices.ContainsFunc(args[1:], func(a argument) bool { return a.capture })
	pred := predicate{at: at, args: args, test: make(p, at, args), late: late}
	if !late && (name == "eq?" || name == "any-of?") {
		pred.words = words(p, at, args)
	}
	p.predicates = append(p.predicates, pred)
}

func equal(want bool) func(*reader, int, []argument) test {
	return func(p *reader, at int, args []argument) test {
		if len(args) != 2 {
			p.fail(at, "#eq? compares a capture with one string or capture")
		}
		return func(m *match, n parsers.Node) bool {
			other := args[1].text
			if args[1].capture {
				nodes := m.nodes(args[1].text)
				if len(nodes) == 0 {
					return !want
				}
				other = nodes[0].Text()
			}
			return (n.Text() == other) == want
		}
	}
}

func matches(want bool) func(*reader, int, []argument) test {
	return func(p *reader, at int, args []argument) test {
		if len(args) != 2 || args[1].capture {
			p.fail(at, "#match? compares a capture with one regular expression")
		}
		re, err := regexp.Compile(args[1].text)
		if err != nil {
			p.fail(at, "%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		return func(m *match, n parsers.Node) bool { return re.Match(n.Bytes()) == want }
	}
}

func anyOf(want bool) func(*reader, int, []argument) test {
	return func(p *reader, at int, args []argument) test {
		list := words(p, at, args)
		return func(m *match, n parsers.Node) bool { return slices.Contains(list, n.Text()) == want }
	}
}

func words(p *reader, at int, args []argument) []string {
	var list []string
	for _, a := range args[1:] {
		if a.capture {
			p.fail(at, "the words are strings, not captures")
		}
		list = append(list, a.text)
	}
	return list
}

// kinds resolves names of nodes.
func kinds(p *reader, at int, names []string) []parsers.Kind {
	var out []parsers.Kind
	for _, name := range names {
		k, ok := p.grammar.KindByName(name, true)
		if !ok {
			p.fail(at, "%s has no node %q%s", p.grammar.Name(), name, hint(name, p.grammar.Kinds()))
		}
		out = append(out, k)
	}
	return out
}

// inside tests for an ancestor of one of the kinds; a kind written "!kind" ends the way up.
func inside(want bool) func(*reader, int, []argument) test {
	return func(p *reader, at int, args []argument) test {
		var names, ends []string
		for _, w := range words(p, at, args) {
			if end, ok := strings.CutPrefix(w, "!"); ok {
				ends = append(ends, end)
			} else {
				names = append(names, w)
			}
		}
		targets, bounds := kinds(p, at, names), kinds(p, at, ends)
		if len(targets) == 0 {
			p.fail(at, "#inside? wants a node to be inside of")
		}
		return func(m *match, n parsers.Node) bool {
			for a := n.Parent(); !a.IsNil() && !a.Is(bounds...); a = a.Parent() {
				if a.Is(targets...) {
					return want
				}
			}
			return !want
		}
	}
}

// onlyStatements tests that all named children but comments and docstrings are of the kinds.
func onlyStatements(p *reader, at int, args []argument) test {
	allowed := kinds(p, at, words(p, at, args))
	comment, _ := p.grammar.KindByName("comment", true)
	return func(m *match, n parsers.Node) bool {
		for c := range n.NamedChildren() {
			if !c.Is(comment) && !c.Is(allowed...) {
				return false
			}
		}
		return true
	}
}

// keyword tests a Python call for keyword arguments, or a YAML mapping for keys. A call with **kwargs, and a mapping with a
// merge key, neither have nor lack what they don't name.
func keyword(want bool) func(*reader, int, []argument) test {
	return func(p *reader, at int, args []argument) test {
		named := pythonKeywords
		switch p.grammar {
		case python.Grammar:
		case yaml.Grammar:
			named = mappingKeys
		default:
			p.fail(at, "only Python calls and YAML mappings have keywords")
		}
		names := words(p, at, args)
		return func(m *match, n parsers.Node) bool {
			keys, more := named(n)
			if slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(names, k) }) {
				return want
			}
			return !more && !want
		}
	}
}

func pythonKeywords(n parsers.Node) (keys []string, more bool) {
	if n.Is(python.Call) {
		n = n.Field(python.Arguments)
	}
	for c := range n.NamedChildren() {
		switch {
		case c.Is(python.DictionarySplat):
			more = true
		case c.Is(python.KeywordArgument):
			keys = append(keys, c.Field(python.Name).Text())
		}
	}
	return keys, more
}

// mappingKeys is the keys of a mapping, or of the one that a pair stands in, and "key=value" where the value is a scalar.
func mappingKeys(n parsers.Node) (keys []string, more bool) {
	if n.Is(yaml.BlockMappingPair, yaml.FlowPair) {
		n = n.Parent()
	}
	for c := range n.NamedChildren() {
		key := c.Field(yaml.Key).Text()
		keys = append(keys, key)
		if value := c.Field(yaml.Value); value.Is(yaml.FlowNode) {
			keys = append(keys, key+"="+strings.Trim(value.Text(), `"'`))
		}
		more = more || key == "<<"
	}
	return keys, more
}

// resolvesTo tests what a Python name or attribute is after the file's imports: a dotted path, or one that ends with ".*".
func resolvesTo(p *reader, at int, args []argument) test {
	if p.grammar != python.Grammar {
		p.fail(at, "only Python names resolve")
	}
	paths := words(p, at, args)
	return func(m *match, n parsers.Node) bool {
		got := python.Imports(m.file).Resolve(n)
		return got != "" && slices.ContainsFunc(paths, func(path string) bool {
			prefix, open := strings.CutSuffix(path, "*")
			return got == path || open && strings.HasPrefix(got, prefix)
		})
	}
}

// lacksChild tests that no direct child is of one of the kinds.
func lacksChild(p *reader, at int, args []argument) test {
	unwanted := kinds(p, at, words(p, at, args))
	return func(_ *match, n parsers.Node) bool { return n.Child(unwanted...).IsNil() }
}

// notFollowedBy tests that the next named sibling that is no comment neither is of one of the kinds nor has a child of one or,
// where a second capture is given, doesn't hold a node with its text.
func notFollowedBy(p *reader, at int, args []argument) test {
	same := ""
	var names []string
	for _, a := range args[1:] {
		if a.capture {
			same = a.text
		} else {
			names = append(names, a.text)
		}
	}
	targets := kinds(p, at, names)
	comment, _ := p.grammar.KindByName("comment", true)
	return func(m *match, n parsers.Node) bool {
		next := n.NextSibling()
		for !next.IsNil() && (!next.Named() || next.Is(comment)) {
			next = next.NextSibling()
		}
		if !next.Is(targets...) && next.Child(targets...).IsNil() {
			return true
		}
		for _, want := range m.nodes(same) {
			for d := range next.Descendants() {
				if d.Kind() == want.Kind() && strings.EqualFold(d.Text(), want.Text()) {
					return false
				}
			}
		}
		return same != ""
	}
}

// hint is "; did you mean …?" where a known word is near.
func hint(word string, known []string) string {
	if near := rules.Nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}
