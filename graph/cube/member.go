package cube

import (
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
)

// memberList is one list of members, and what may be in it.
type memberList struct {
	key, kind string
	names     []string // the keys under which a member names others
}

var memberLists = []memberList{
	{"measures", "measure", []string{"drill_members", "drill_member_references"}},
	{"dimensions", "dimension", nil},
	{"segments", "segment", nil},
	{"hierarchies", "hierarchy", []string{"levels"}},
	{"pre_aggregations", "pre-aggregation", []string{
		"measures", "dimensions", "segments", "time_dimension", "measure_references", "dimension_references", "segment_references",
		"time_dimension_reference",
	}},
}

// entries is the named values of a list in YAML, or of a mapping by name in JavaScript.
func entries(v *plain.Value) (out []plain.Pair, all bool) {
	all = true
	switch {
	case v == nil || v.Kind == plain.Null:
	case v.Kind == plain.Sequence:
		for _, item := range v.Items {
			name := item.Get("name")
			if item.Kind != plain.Mapping || name == nil || name.Kind != plain.Scalar {
				all = false
				continue
			}
			out = append(out, plain.Pair{Key: name.Text, At: name.Span, Value: item})
		}
	case v.Kind == plain.Mapping:
		for _, p := range v.Pairs {
			if p.Key == "..." || p.Value.Kind == plain.Scalar {
				all = false
				continue
			}
			out = append(out, p)
		}
	default:
		all = false
	}
	return out, all
}

func (r *reader) members(s *graph.SemanticFact, list memberList, v *plain.Value) []graph.MemberFact {
	pairs, all := entries(v)
	s.Partial = s.Partial || !all
	var out []graph.MemberFact
	for _, p := range pairs {
		o := &object{p.Value}
		m := graph.MemberFact{
			Kind: list.kind, Name: p.Key, Span: p.At, Type: strings.ToLower(o.text("type")), SQL: o.text("sql"), Hidden: o.hidden(),
			PrimaryKey: o.text("primary_key") == "true", Description: o.text("description"),
			Filtered: o.get("filters") != nil || o.get("rolling_window") != nil || o.get("time_shift") != nil || o.get("case") != nil,
		}
		if meta := o.get("meta"); meta != nil {
			for _, key := range []string{"pii", "classification", "sensitivity"} {
				if m.Label == "" {
					m.Label = meta.String(key)
				}
			}
		}
		if o.get("...") != nil || o.get("sub_query") != nil && list.kind == "measure" {
			m.Type = graph.Hole
		}
		for _, key := range list.names {
			m.Members = append(m.Members, names(o.get(key))...)
		}
		if list.kind == "dimension" && o.get("primary_key") != nil && o.text("primary_key") != "false" {
			m.PrimaryKey = true // computed, so perhaps
		}
		out = append(out, m)
	}
	return out
}

// names is the scalars of a list, or a scalar alone, with their places.
func names(v *plain.Value) []graph.NameFact {
	var out []graph.NameFact
	switch {
	case v == nil:
	case v.Kind == plain.Scalar:
		out = append(out, graph.NameFact{Name: v.Text, Span: v.Span})
	case v.Kind == plain.Sequence:
		for _, item := range v.Items {
			n := graph.NameFact{Name: item.Text, Span: item.Span}
			if item.Kind == plain.Mapping {
				if name := item.Get("name"); name != nil {
					n.Name, n.Span, n.Alias = name.Text, name.Span, item.String("alias")
				}
			}
			if n.Name != "" {
				out = append(out, n)
			}
		}
	}
	return out
}

func (r *reader) joins(s *graph.SemanticFact, v *plain.Value) []graph.JoinFact {
	pairs, all := entries(v)
	s.Partial = s.Partial || !all
	var out []graph.JoinFact
	for _, p := range pairs {
		o := &object{p.Value}
		j := graph.JoinFact{Name: p.Key, SQL: o.text("sql"), Span: p.At}
		if rel := o.get("relationship"); rel != nil {
			j.Relationship = graph.NameFact{Name: rel.Text, Span: rel.Span}
		}
		out = append(out, j)
	}
	return out
}

// includes reads what a view takes from its cubes.
func includes(v *object) []graph.IncludeFact {
	var out []graph.IncludeFact
	list := v.get("cubes")
	if list == nil || list.Kind != plain.Sequence {
		return nil
	}
	for _, c := range list.Items {
		o := &object{c}
		at := o.get("join_path")
		if at == nil || at.Kind != plain.Scalar {
			continue
		}
		in := graph.IncludeFact{
			Path: graph.NameFact{Name: strings.Trim(at.Text, "{}"), Span: at.Span}, Prefix: o.text("prefix") == "true", Alias: o.text("alias"),
			Excludes: names(o.get("excludes")),
		}
		in.Includes = names(o.get("includes"))
		if len(in.Includes) == 1 && in.Includes[0].Name == "*" {
			in.All, in.Includes = true, nil
		}
		out = append(out, in)
	}
	return out
}

func policies(v *object) []graph.PolicyFact {
	list := v.get("access_policy")
	if list == nil || list.Kind == plain.Null {
		return nil
	}
	if list.Kind != plain.Sequence {
		return []graph.PolicyFact{{Members: true, Span: list.Span}} // computed
	}
	var out []graph.PolicyFact
	for _, item := range list.Items {
		o := &object{item}
		p := graph.PolicyFact{Span: item.Span}
		for _, key := range []string{"group", "groups", "role"} {
			for _, n := range names(o.get(key)) {
				p.Groups = append(p.Groups, n.Name)
			}
		}
		if level := o.get("member_level"); level != nil {
			l := &object{level}
			p.Members = true
			in := names(l.get("includes"))
			p.Excludes = names(l.get("excludes"))
			p.All = len(p.Excludes) == 0 && (l.get("includes") == nil || len(in) == 1 && in[0].Name == "*")
		}
		if level := o.get("row_level"); level != nil {
			p.Rows = (&object{level}).get("filters") != nil
		}
		out = append(out, p)
	}
	return out
}
