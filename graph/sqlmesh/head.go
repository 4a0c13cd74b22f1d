package sqlmesh

import (
	"strings"

	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/sql"
)

// head is a MODEL, AUDIT or METRIC block.
type head struct {
	f *parsers.File
	m *sql.Model
}

func newHead(f *parsers.File, m *sql.Model) head { return head{f, m} }

// value is what a property or an option stands for: the nodes after its name.
type value []parsers.Node

// get is the value of a property; nil if the block has none. Of two of one name the last one counts.
func (h head) get(name string) value {
	for i := len(h.m.Properties) - 1; i >= 0; i-- {
		if p := h.m.Properties[i]; p.Name == name {
			_, v := split(p.Node)
			return v
		}
	}
	return nil
}

// generated reports whether a macro writes properties of the block, so that what is not there may be.
func (h head) generated() bool {
	for _, p := range h.m.Properties {
		if strings.HasPrefix(p.Name, "@") {
			return true
		}
	}
	return false
}

func tokens(n parsers.Node) (out value) {
	for c := range n.NamedChildren() {
		if !c.Is(sql.Comment, sql.TemplateComment, sql.TemplateTag) {
			out = append(out, c)
		}
	}
	return out
}

// split parts a property or an item into its name and its value: kind FULL, batch_size 3, not_null(columns := a), id INT.
func split(n parsers.Node) (name parsers.Node, v value) {
	all := tokens(n)
	if len(all) == 0 {
		return parsers.Node{}, nil
	}
	if all[0].Is(sql.Call) {
		return all[0].Field(sql.Function), append(value{all[0].Field(sql.Arguments)}, all[1:]...)
	}
	return all[0], all[1:]
}

// source is the value as written.
func (v value) source() string {
	if len(v) == 0 {
		return ""
	}
	return string(v[0].Tree().Text[v[0].Start():v[len(v)-1].End()])
}

// text is the value without quotes.
func (v value) text() string { return unquote(v.source()) }

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && s[0] == '\'' && s[len(s)-1] == '\'' {
		return strings.ReplaceAll(s[1:len(s)-1], "''", "'")
	}
	return strings.Trim(sqltext.Unquote(s), "`")
}

// word is the value's first word in upper case, and the nodes of the items in its bracket: INCREMENTAL_BY_UNIQUE_KEY (…).
func (v value) word() (word parsers.Node, items []parsers.Node) {
	if len(v) == 0 {
		return parsers.Node{}, nil
	}
	if v[0].Is(sql.Call) {
		return v[0].Field(sql.Function), itemsOf(v[0].Field(sql.Arguments))
	}
	if len(v) > 1 && v[1].Is(sql.Group) {
		return v[0], itemsOf(v[1])
	}
	return v[0], nil
}

func itemsOf(bracket parsers.Node) (out []parsers.Node) {
	for c := range bracket.Children() {
		if c.Is(sql.Item) {
			out = append(out, c)
		}
	}
	return out
}

// items is the entries of a list in brackets; the value itself where it is none.
func (v value) items() []value {
	if len(v) == 0 {
		return nil
	}
	if len(v) == 1 && v[0].Is(sql.Group, sql.Array) {
		var out []value
		for _, item := range itemsOf(v[0]) {
			out = append(out, tokens(item))
		}
		return out
	}
	return []value{v}
}

// strings is the entries of a list without quotes.
func (v value) strings() (out []string) {
	for _, item := range v.items() {
		if t := item.text(); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// columns is the names of columns anywhere in the value: of functions only their arguments.
func (v value) columns() (out []parsers.Node) {
	for _, n := range v {
		if n.Is(sql.Name, sql.DoubleQuoted) {
			out = append(out, n)
			continue
		}
		for c := range n.DescendantsSkipping(sql.Alias) {
			if c.Is(sql.Name, sql.DoubleQuoted) && c.FieldID() != sql.Function && c.FieldID() != sql.NameField {
				out = append(out, c)
			}
		}
	}
	return out
}

func texts(nodes []parsers.Node) (out []string) {
	for _, n := range nodes {
		out = append(out, unquote(n.Text()))
	}
	return out
}

// isFalse and isTrue report whether the value says no, or yes, outright.
func (v value) isFalse() bool { return strings.EqualFold(v.text(), "false") }
func (v value) isTrue() bool  { return strings.EqualFold(v.text(), "true") }

// pairs is the entries of (a = 'x', b := 'y').
func (v value) pairs(put func(key string, v value, at parsers.Node)) {
	for _, item := range v.items() {
		if len(item) > 2 && item[1].Is(sql.Operator) {
			put(unquote(item[0].Text()), item[2:], item[0])
		}
	}
}
