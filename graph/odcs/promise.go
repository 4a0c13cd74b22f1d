package odcs

import (
	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// Contracts whose quality is prose only promise what nothing can verify.
var _ = graph.Register(graph.Tool{Name: "odcs-promises", Extract: func(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored {
		return
	}
	for _, d := range Documents(f) {
		for _, s := range d.List("schema") {
			prose(s, facts)
		}
	}
}})

// prose reports a dataset whose quality rules, its columns' too, are all of type text.
func prose(s *plain.Value, facts *graph.Facts) {
	var first *plain.Value
	runs := false
	add := func(v *plain.Value) {
		for _, q := range v.List("quality") {
			switch t := q.String("type"); {
			case t == "text":
				if first == nil {
					first = q
				}
			case q.Kind == plain.Mapping:
				runs = true
			}
		}
	}
	add(s)
	for _, p := range s.List("properties") {
		add(p)
	}
	if first == nil || runs {
		return
	}
	name := s.String("physicalName")
	if name == "" {
		name = s.String("name")
	}
	facts.Problems = append(facts.Problems, graph.ProblemFact{Tool: "odcs", Kind: "promise", Key: name,
		Message: "every quality rule of `" + name + "` is of type text, which nothing can verify", Span: first.Span})
}
