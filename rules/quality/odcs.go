package quality

import (
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
)

// relations reports relationships to objects and properties that the contract does not have. Those to other contracts and by
// ids are left alone.
func (c *odcsContract) relations() {
	objects := map[string]map[string]bool{}
	for _, s := range c.doc.List("schema") {
		names := map[string]bool{}
		for _, p := range s.List("properties") {
			names[p.String("name")] = true
		}
		objects[s.String("name")] = names
	}
	for _, s := range c.doc.List("schema") {
		c.targets(s, s.String("name"), objects)
		for _, p := range s.List("properties") {
			c.targets(p, s.String("name")+"."+p.String("name"), objects)
		}
	}
}

func (c *odcsContract) targets(v *plain.Value, of string, objects map[string]map[string]bool) {
	for _, r := range v.List("relationships") {
		for _, end := range []string{"to", "from"} {
			for _, at := range r.List(end) {
				object, property, ok := strings.Cut(at.Text, ".")
				if at.Kind != plain.Scalar || !ok || strings.ContainsAny(at.Text, "/#:{") || strings.Contains(property, ".") {
					continue
				}
				if names, known := objects[object]; !known && nearObject(object, objects) { // another name may be what another contract describes
					c.report(at.Span, of+"."+at.Text, "the relationship of `%s` leads to `%s`, but the contract has no object `%s`", of, at.Text, object)
				} else if known && !names[property] && len(names) > 0 {
					c.report(at.Span, of+"."+at.Text, "the relationship of `%s` leads to `%s`, which is no property", of, at.Text)
				}
			}
		}
	}
}

// team checks the form of the team: a list of members before 3.1, since then also an object that holds them.
func (c *odcsContract) team() {
	team := c.doc.Get("team")
	if team == nil {
		return
	}
	members := team.Items
	if team.Kind == plain.Mapping {
		if c.api < "v3.1" {
			c.report(team.Span, "team", "`team` is a list of members in %s; an object needs v3.1.0", c.api)
			return
		}
		members = team.List("members")
	}
	for _, m := range members {
		if m.Kind == plain.Mapping && m.String("username") == "" && c.api >= "v3.1" {
			c.report(m.Span, "team", "a member of the team has no `username`")
		}
	}
}

// nearObject reports whether a name is that of an object but for a letter or two.
func nearObject(name string, objects map[string]map[string]bool) bool {
	for o := range objects {
		if graph.EditDistance(strings.ToLower(name), strings.ToLower(o), 2) <= 2 {
			return true
		}
	}
	return false
}
