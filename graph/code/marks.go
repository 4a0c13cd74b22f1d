package code

import (
	"slices"
	"strings"

	"delint/graph"
)

// skipped reports whether decorators take a test out whatever happens: skip, xfail(run=False).
func skipped(decorators []graph.DecoratorFact) bool {
	return slices.ContainsFunc(decorators, func(d graph.DecoratorFact) bool {
		switch d.Path {
		case "pytest.mark.skip", "mark.skip", "unittest.skip", "skip":
			return true
		case "pytest.mark.xfail", "mark.xfail":
			return slices.Contains(d.Keywords, graph.KeywordFact{Name: "run", Value: "False"})
		}
		return false
	})
}

// marks is the names of pytest's marks on a test, its class and its module.
func marks(t *test) []string {
	var out []string
	add := func(p string) {
		if _, name, ok := strings.Cut(p, "mark."); ok {
			out = append(out, strings.TrimSuffix(name, "()"))
		}
	}
	for _, d := range t.fn.Decorators {
		add(d.Path)
	}
	if t.class != nil {
		for _, d := range t.class.Decorators {
			add(d.Path)
		}
	}
	for _, p := range moduleMarks(t.fn.Module) {
		add(p)
	}
	return out
}

func moduleMarks(m *graph.Module) []string {
	var out []string
	for _, b := range m.Body().Binds {
		if b.Name == "pytestmark" {
			out = append(append(out, b.Value), b.Refs...)
		}
	}
	return out
}

// selected reports whether a test with these marks runs in this repository: the default options don't deselect it, or some
// command selects it.
func (c *collection) selected(t *test) bool {
	expr := markExpression(c.config(t.fn.Module.Path).options)
	if expr == "" {
		return true
	}
	has := marks(t)
	if selects(expr, has) {
		return true
	}
	return slices.ContainsFunc(c.commands, func(line string) bool {
		_, rest, _ := strings.Cut(line, "pytest")
		e := markExpression(words(rest))
		return e != "" && selects(e, has)
	})
}

// markExpression is the argument of the last -m of pytest's options.
func markExpression(options []string) string {
	expr := ""
	for i, o := range options {
		if o == "-m" && i+1 < len(options) {
			expr = options[i+1]
		} else if rest, ok := strings.CutPrefix(o, "-m="); ok {
			expr = rest
		}
	}
	return strings.Trim(expr, `"'`)
}

// selects evaluates "slow and not (gpu or network)". What it can't read it takes as selected.
func selects(expr string, marks []string) bool {
	e := &markParser{tokens: strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(expr)), marks: marks}
	ok := e.or()
	return ok || len(e.tokens) > 0
}

type markParser struct {
	tokens []string
	marks  []string
}

func (p *markParser) take(token string) bool {
	if len(p.tokens) > 0 && p.tokens[0] == token {
		p.tokens = p.tokens[1:]
		return true
	}
	return false
}

func (p *markParser) or() bool {
	out := p.and()
	for p.take("or") {
		next := p.and()
		out = out || next
	}
	return out
}

func (p *markParser) and() bool {
	out := p.not()
	for p.take("and") {
		next := p.not()
		out = out && next
	}
	return out
}

func (p *markParser) not() bool {
	negated := false
	for p.take("not") {
		negated = !negated
	}
	if p.take("(") {
		out := p.or()
		p.take(")")
		return out != negated
	}
	if len(p.tokens) == 0 {
		return true
	}
	name := p.tokens[0]
	p.tokens = p.tokens[1:]
	return slices.Contains(p.marks, name) != negated
}
