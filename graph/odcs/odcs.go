// Package odcs reads data contracts of the Open Data Contract Standard, versions 2.2 to 3.1.
package odcs

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

const tool = "odcs"

var _ = graph.Register(graph.Tool{Name: tool, Extract: extract})

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored {
		return
	}
	for _, d := range Documents(f) {
		contract(d, facts)
	}
}

// Documents is the contracts of a file; nil for a file that is none.
func Documents(f *parsers.File) []*plain.Value {
	if e := path.Ext(f.Path); e != ".yaml" && e != ".yml" || !f.Mentions("DataContract") {
		return nil
	}
	docs, _ := plain.Documents(f)
	return slices.DeleteFunc(slices.Clone(docs), func(d *plain.Value) bool { return d.String("kind") != "DataContract" })
}

// contract reads one contract: one fact for each dataset that it promises.
func contract(d *plain.Value, facts *graph.Facts) {
	base := graph.ContractFact{
		Tool: tool, Name: cmp.Or(d.String("name"), d.String("id")), Version: d.String("version"), Status: strings.ToLower(d.String("status")),
		Owner: owner(d), Promises: promises(d),
	}
	outer := server(d)
	objects := d.List("schema")
	if objects == nil {
		objects = d.List("dataset") // before version 3
	}
	for _, s := range objects {
		at := s.Get("name")
		if at == nil {
			at = s.Get("table")
		}
		if at == nil || at.Kind != plain.Scalar {
			continue
		}
		parts, _ := graph.SplitName(graph.Evaluate(cmp.Or(s.String("physicalName"), at.Text), nil))
		if len(parts) == 1 {
			parts = append(slices.Clone(outer), parts...)
		}
		c := base
		c.Target, c.Span = graph.Ref{Tool: "sql", Parts: parts, Span: at.Span}, at.Span
		c.Columns, c.Key = columns(s)
		facts.Contracts = append(facts.Contracts, c)
		quality(s, parts, nil, facts)
		for _, p := range s.List("properties") {
			quality(p, parts, []string{cmp.Or(p.String("physicalName"), p.String("name"))}, facts)
		}
	}
}

// columns reads the promised columns and the key. Nested properties belong to their column.
func columns(s *plain.Value) (out []graph.ColumnFact, key []string) {
	type position struct {
		name string
		at   int
	}
	var keys []position
	list := s.List("properties")
	if list == nil {
		list = s.List("columns")
	}
	for i, p := range list {
		at := p.Get("name")
		if at == nil {
			at = p.Get("column")
		}
		if at == nil || at.Kind != plain.Scalar {
			continue
		}
		c := graph.ColumnFact{
			Name: cmp.Or(p.String("physicalName"), at.Text), Type: cmp.Or(p.String("physicalType"), p.String("logicalType")),
			Description: p.String("description"), NotNull: p.True("required") || p.False("isNullable"), Label: label(p),
			Masked: p.String("encryptedName") != "", Span: at.Span,
		}
		if c.Name != at.Text {
			c.Logical = at.Text
		}
		if p.True("unique") || p.True("isUnique") {
			c.Tests = append(c.Tests, "unique")
		}
		if p.True("primaryKey") || p.True("isPrimaryKey") {
			n, err := strconv.Atoi(p.String("primaryKeyPosition"))
			if err != nil || n < 0 {
				n = i + 1
			}
			keys = append(keys, position{c.Name, n})
			c.NotNull = true
		}
		out = append(out, c)
	}
	slices.SortStableFunc(keys, func(a, b position) int { return a.at - b.at })
	for _, k := range keys {
		key = append(key, k.name)
	}
	return out, key
}

// label is the classification of a property: its own, else a tag or a custom property that speaks of personal data.
func label(p *plain.Value) string {
	for _, c := range p.List("customProperties") {
		switch strings.ToLower(c.String("property")) {
		case "pii", "privacy", "personaldata", "piiclassification":
			return c.String("value")
		}
	}
	for _, t := range p.Strings("tags") {
		if l := strings.ToLower(t); l == "pii" || strings.HasPrefix(l, "pii:") || l == "phi" {
			return t
		}
	}
	return p.String("classification")
}

// owner is who answers for the contract: in version 3.0 the member of the team with that role, in 3.1 the team.
func owner(d *plain.Value) string {
	team := d.Get("team")
	if team == nil {
		return d.String("owner")
	}
	members := team.Items
	if team.Kind == plain.Mapping {
		members = team.List("members")
	}
	for _, m := range members {
		if strings.Contains(strings.ToLower(m.String("role")), "owner") && m.String("dateOut") == "" {
			return cmp.Or(m.String("username"), m.String("name"))
		}
	}
	if team.String("name") != "" {
		return team.String("name")
	}
	for _, m := range members {
		if m.String("dateOut") == "" {
			return cmp.Or(m.String("username"), m.String("name"))
		}
	}
	return ""
}

// promises reads the service levels: "latency" is "4 d".
func promises(d *plain.Value) map[string]string {
	out := map[string]string{}
	for _, p := range d.List("slaProperties") {
		if name := p.String("property"); name != "" {
			out[name] = strings.TrimSpace(p.String("value") + " " + p.String("unit"))
		}
	}
	return out
}

// server is the outer parts of a dataset's name where the servers agree on them.
func server(d *plain.Value) []string {
	var out []string
	for i, s := range d.List("servers") {
		var parts []string
		for _, key := range []string{"schema", "dataset"} {
			if t := s.String(key); t != "" && len(parts) == 0 {
				parts = []string{graph.Evaluate(t, nil)}
			}
		}
		if i > 0 && !slices.Equal(parts, out) {
			return nil
		}
		out = parts
	}
	return out
}
