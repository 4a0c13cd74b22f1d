package sql

import (
	"regexp"
	"strings"

	"delint/parsers"
)

// maxUnrolled bounds how many items the loops of one SELECT may become.
const maxUnrolled = 400

// loopOf reads {% for x in ['a', 'b'] %}, and {% for x in xs %} where the file sets xs to such a list once, before the loop.
// values is nil where the list is not written out.
func (sc *Scope) loopOf(tag parsers.Node) (name string, values []string) {
	var t []parsers.Node
	for c := range tag.NamedChildren() {
		if !c.Is(TagOpen) {
			t = append(t, c)
		}
	}
	if len(t) != 3 || !t[0].Is(TemplateName) || t[1].Text() != "in" {
		return "", nil
	}
	list := t[2]
	if list.Is(TemplateName) {
		list = sc.listSet(list.Text(), tag)
	}
	return t[0].Text(), templateList(list)
}

// listSet is the list that a variable is set to before a tag; nil if there is none, or if it is set twice.
func (sc *Scope) listSet(name string, before parsers.Node) (list parsers.Node) {
	times := 0
	for tag := range sc.Statement.Node.Tree().All(TemplateTag) {
		if TagWord(tag) != "set" {
			continue
		}
		var t []parsers.Node
		for c := range tag.NamedChildren() {
			if !c.Is(TagOpen) {
				t = append(t, c)
			}
		}
		if len(t) > 0 && t[0].Text() == name {
			times++
			if len(t) == 3 && t[1].Text() == "=" && tag.Index() < before.Index() {
				list = t[2]
			}
		}
	}
	if times != 1 {
		return parsers.Node{}
	}
	return list
}

// templateList is the strings of a list or tuple that holds nothing else; nil for anything more.
func templateList(n parsers.Node) []string {
	if !n.Is(TemplateGroup) || strings.HasPrefix(n.Text(), "{") {
		return nil
	}
	var out []string
	for item := range n.NamedChildren() {
		one := item.FirstNamed()
		if !item.Is(TemplateItem) || !one.Is(TemplateString, Number) || !one.NextSibling().IsNil() || len(out) > maxUnrolled {
			return nil
		}
		out = append(out, unquote(one.Text()))
	}
	return out
}

// unroll repeats the items of a loop over a written list, once for each value, in the order in which they come out.
func unroll(items []*SelectItem, r *region) []*SelectItem {
	var out []*SelectItem
	for _, v := range r.values {
		for _, i := range items {
			copied := *i
			copied.InLoop = false
			copied.variable = variable{r.variable, v}
			copied.Alias = copied.variable.in(i.Alias)
			if i.Expr != nil && i.Expr.Kind == ExprTemplate {
				if c := copied.variable.column(i.Expr); c != nil {
					copied.Expr = c
				}
			}
			out = append(out, &copied)
		}
	}
	return out
}

// variable is a loop's variable with its value in one repetition.
type variable struct{ name, value string }

var jinjaName = regexp.MustCompile(`\{\{-?\s*(\w+)\s*-?\}\}`)

// in puts the value in place of {{ name }}.
func (v variable) in(text string) string {
	if v.name == "" || !strings.Contains(text, "{{") {
		return text
	}
	return jinjaName.ReplaceAllStringFunc(text, func(m string) string {
		if jinjaName.FindStringSubmatch(m)[1] == v.name {
			return v.value
		}
		return m
	})
}

// column is the column that a template becomes in one repetition; nil if it becomes none.
func (v variable) column(e *Expr) *Expr {
	if v.name == "" || e.Op != "" {
		return nil
	}
	text := v.in(e.Text())
	if columnText(text) == "" {
		return nil
	}
	return &Expr{Kind: ExprColumn, Parts: splitParts(text), First: e.First, Last: e.Last}
}
