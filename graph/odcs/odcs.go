// Package odcs reads data contracts of the Open Data Contract Standard.
package odcs

import (
	"bytes"
	"path"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

var _ = graph.Register(graph.Tool{Name: "odcs", Extract: extract})

func extract(f *parsers.File, facts *graph.Facts) {
	if e := path.Ext(f.Path); e != ".yaml" && e != ".yml" || !bytes.Contains(f.Text, []byte("DataContract")) || facts.Role == graph.RoleVendored {
		return
	}
	docs, _ := plain.Documents(f)
	for _, d := range docs {
		if d.String("kind") != "DataContract" {
			continue
		}
		for _, s := range d.List("schema") {
			name := s.String("physicalName")
			if name == "" {
				name = s.String("name")
			}
			parts, _ := graph.SplitName(graph.Evaluate(name, nil))
			quality(s, parts, nil, facts)
			for _, p := range s.List("properties") {
				quality(p, parts, []string{p.String("name")}, facts)
			}
		}
	}
}

var capabilities = map[string]string{
	"rowCount": "volume", "nullValues": "completeness", "missingValues": "completeness", "duplicateValues": "uniqueness", "invalidValues": "validity",
	"freshness": "freshness",
}

// quality reads the rules that a tool can run: those of the library, SQL and custom ones with an operator. Text is for people.
func quality(v *plain.Value, parts, columns []string, facts *graph.Facts) {
	for _, q := range v.List("quality") {
		kind := q.String("type")
		metric := q.String("metric") + q.String("rule")
		operator := false
		for _, p := range q.Entries() {
			operator = operator || len(p.Key) > 6 && p.Key[:6] == "mustBe" || len(p.Key) > 7 && p.Key[:7] == "mustNot"
		}
		if kind == "text" || !operator && kind != "custom" && metric == "" {
			continue
		}
		c := capabilities[metric]
		if c == "" {
			c = "custom"
		}
		facts.Checks = append(facts.Checks, graph.CheckFact{
			Framework: "odcs-quality", Name: metric, Capability: c, Columns: columns, Target: graph.Ref{Tool: "sql", Parts: parts},
			Span: q.Span, Confidence: graph.Exact,
		})
	}
}
