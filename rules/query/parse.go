package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"delint/parsers"
)

// Compile reads a query for a grammar. Every name in it must be one of the grammar's; errors are *Error.
func Compile(grammar *parsers.Grammar, text string) (q *Query, err error) {
	p := &reader{grammar: grammar, text: text}
	defer func() {
		if v := recover(); v != nil {
			e, ok := v.(*Error)
			if !ok {
				panic(v)
			}
			q, err = nil, e
		}
	}()
	q = &Query{}
	for p.space(); p.at < len(p.text); p.space() {
		q.patterns = append(q.patterns, p.pattern())
	}
	if len(q.patterns) == 0 {
		p.fail(0, "the query is empty")
	}
	return q, nil
}

// reader reads the text of a query. Its methods panic with *Error.
type reader struct {
	grammar    *parsers.Grammar
	text       string
	at         int
	depth      int
	captures   []string
	predicates []predicate
}

func (p *reader) fail(at int, format string, args ...any) {
	before := p.text[:min(at, len(p.text))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	panic(&Error{line, column, fmt.Sprintf(format, args...)})
}

// space skips blanks and ; comments.
func (p *reader) space() {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			p.at++
		case c == ';':
			end := strings.IndexByte(p.text[p.at:], '\n')
			if end < 0 {
				p.at = len(p.text)
				return
			}
			p.at += end
		default:
			return
		}
	}
}

func (p *reader) peek() byte {
	if p.at >= len(p.text) {
		return 0
	}
	return p.text[p.at]
}

// word reads a name: of a kind, a field, a capture or a predicate.
func (p *reader) word() string {
	start := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		if c != '_' && c != '-' && c != '.' && c != '?' && c != '!' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			break
		}
		p.at++
	}
	// A quantifier or a closing anchor that follows a name at once is not part of it.
	for p.at > start+1 && (p.text[p.at-1] == '?' || p.text[p.at-1] == '!' || p.text[p.at-1] == '.') {
		p.at--
	}
	if p.at == start {
		p.fail(p.at, "expected a name")
	}
	return p.text[start:p.at]
}

func (p *reader) quoted() string {
	start := p.at
	for p.at++; p.at < len(p.text) && p.text[p.at] != '"' && p.text[p.at] != '\n'; p.at++ {
		if p.text[p.at] == '\\' {
			p.at++
		}
	}
	if p.at >= len(p.text) || p.text[p.at] != '"' {
		p.fail(start, "the string has no end")
	}
	p.at++
	s, err := strconv.Unquote(p.text[start:p.at])
	if err != nil { // an escape that Go doesn't know: the character itself, as in tree-sitter
		var b strings.Builder
		for i := start + 1; i < p.at-1; i++ {
			if p.text[i] == '\\' {
				i++
			}
			b.WriteByte(p.text[i])
		}
		return b.String()
	}
	return s
}

// pattern reads one top-level pattern. Predicates may stand inside it, or beside it in a group.
func (p *reader) pattern() pattern {
	p.predicates, p.captures = nil, nil
	i := p.item()
	out := pattern{items: []item{i}}
	if i.node.group != nil && i.max == 1 && i.min == 1 && len(i.captures) == 0 {
		out.items = i.node.group
	}
	for _, pred := range p.predicates {
		for _, a := range pred.args {
			if a.capture && !slices.Contains(p.captures, a.text) {
				p.fail(pred.at, "no capture is named @%s", a.text)
			}
		}
	}
	always := bound(out.items)
	for i := range p.predicates {
		if pred := &p.predicates[i]; !always[pred.args[0].text] {
			pred.words = nil // a capture that took nothing passes
		}
	}
	out.predicates, out.captures = p.predicates, p.captures
	if len(out.items) > 0 && out.items[0].min == 0 {
		p.fail(p.at, "a pattern begins with something that must be there")
	}
	out.setGuard()
	return out
}

// maxDepth bounds how deep patterns nest.
const maxDepth = 100

// item reads one node, alternation or group with its field, quantifier and captures.
func (p *reader) item() item {
	p.space()
	if p.depth++; p.depth > maxDepth {
		p.fail(p.at, "patterns nest deeper than %d", maxDepth)
	}
	defer func() { p.depth-- }()
	i := item{min: 1, max: 1}
	if c := p.peek(); c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		at := p.at
		name := p.word()
		p.space()
		switch {
		case p.peek() == ':':
			p.at++
			f, ok := p.grammar.FieldByName(name)
			if !ok {
				p.fail(at, "%s has no field %q%s", p.grammar.Name(), name, hint(name, p.grammar.Fields()))
			}
			i = p.item()
			i.field = f
			return i
		case name == "_":
			i.node = &node{}
		default:
			p.fail(at, "a node stands in parentheses: (%s)", name)
		}
	} else {
		i.node = p.node()
	}
	switch p.peek() {
	case '?':
		i.min, i.max = 0, 1
		p.at++
	case '*':
		i.min, i.max = 0, many
		p.at++
	case '+':
		i.max = many
		p.at++
	}
	for p.space(); p.peek() == '@'; p.space() {
		p.at++
		name := p.word()
		i.captures = append(i.captures, name)
		p.captures = append(p.captures, name)
	}
	return i
}

func (p *reader) node() *node {
	p.space()
	at := p.at
	switch p.peek() {
	case '"':
		text := p.quoted()
		k, ok := p.grammar.KindByName(text, false)
		if !ok {
			p.fail(at, "%s has no token %q", p.grammar.Name(), text)
		}
		return &node{kinds: []parsers.Kind{k}}
	case '[':
		p.at++
		n := &node{}
		for p.space(); p.peek() != ']'; p.space() {
			if p.at >= len(p.text) {
				p.fail(at, "[ is not closed")
			}
			i := p.item()
			if i.min != 1 || i.max != 1 {
				p.fail(p.at, "an alternative has no quantifier; put it on the whole")
			}
			n.alternatives = append(n.alternatives, alternative{i.node, i.captures, i.field})
		}
		p.at++
		if len(n.alternatives) == 0 {
			p.fail(at, "[ ] has no alternatives")
		}
		return n
	case '(':
		p.at++
		return p.parenthesised(at)
	case 0:
		p.fail(at, "expected a node")
	}
	p.fail(at, "unexpected %q", p.peek())
	return nil
}

// parenthesised reads what follows an opening parenthesis: a named node with its children, or a group of siblings.
func (p *reader) parenthesised(at int) *node {
	p.space()
	n := &node{}
	if c := p.peek(); c == '(' || c == '[' || c == '"' || c == '#' {
		n.group = p.children(at, n)
		if len(n.group) == 0 {
			p.fail(at, "( ) is empty")
		}
		return n
	}
	start := p.at
	switch name := p.word(); name {
	case "_":
		n.named = true
	case "ERROR":
		n.kinds = []parsers.Kind{parsers.Error}
	default:
		k, ok := p.grammar.KindByName(name, true)
		if !ok {
			p.fail(start, "%s has no node %q%s", p.grammar.Name(), name, hint(name, p.grammar.Kinds()))
		}
		n.kinds = []parsers.Kind{k}
	}
	n.items = p.children(at, n)
	return n
}

// children reads items, anchors, negated fields and predicates up to the closing parenthesis.
func (p *reader) children(at int, n *node) []item {
	var items []item
	anchor := false
	for p.space(); p.peek() != ')'; p.space() {
		switch {
		case p.at >= len(p.text):
			p.fail(at, "( is not closed")
		case p.peek() == '.':
			p.at++
			anchor = true
		case p.peek() == '!':
			p.at++
			start := p.at
			name := p.word()
			f, ok := p.grammar.FieldByName(name)
			if !ok {
				p.fail(start, "%s has no field %q%s", p.grammar.Name(), name, hint(name, p.grammar.Fields()))
			}
			n.without = append(n.without, f)
		case strings.HasPrefix(p.text[p.at:], "(#"):
			p.predicate()
		default:
			i := p.item()
			i.anchored = anchor
			anchor = false
			items = append(items, i)
		}
	}
	p.at++
	n.anchoredLast = anchor
	return items
}
