package soda

import (
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// contract reads a contract of version 4: dataset: source/database/schema/table.
func contract(d *plain.Value, id string) []graph.CheckFact {
	vars := map[string]string{}
	for _, p := range d.Get("variables").Entries() {
		if v := p.Value.String("default"); v != "" {
			vars[p.Key] = v
		}
	}
	parts := strings.Split(strings.Trim(graph.Evaluate(id, vars), "/"), "/")
	if len(parts) > 1 {
		parts = parts[1:]
	}
	target := graph.Ref{Tool: "sql", Parts: parts}
	if at := d.Get("dataset"); at != nil {
		target.Span = at.Span
	}
	var out []graph.CheckFact
	add := func(list []*plain.Value, column *plain.Value) {
		for _, item := range list {
			if len(item.Entries()) != 1 {
				if item.Kind == plain.Scalar {
					out = append(out, contractCheck(item.Text, nil, item.Span, column))
				}
				continue // an item with several keys is not evaluated
			}
			p := item.Pairs[0]
			out = append(out, contractCheck(p.Key, p.Value, p.At, column))
		}
	}
	for _, column := range d.List("columns") {
		add(column.List("checks"), column)
	}
	add(d.List("checks"), nil)
	for i := range out {
		out[i].Target = target
		if out[i].NeverFails == "" && alwaysFalse(d.String("filter")) {
			out[i].NeverFails = "the contract's filter selects no row"
		}
	}
	return out
}

var contractCapabilities = map[string]string{
	"schema": "schema", "row_count": "volume", "missing": "completeness", "invalid": "validity", "duplicate": "uniqueness",
	"aggregate": "distribution", "metric": "custom", "freshness": "freshness", "failed_rows": "custom",
}

func contractCheck(kind string, body *plain.Value, at parsers.Span, column *plain.Value) graph.CheckFact {
	c := graph.CheckFact{Framework: "soda", Name: kind, Capability: contractCapabilities[kind], Span: at, Confidence: graph.Exact}
	if name := column.String("name"); name != "" {
		c.Columns = []string{name}
	}
	c.Columns = append(c.Columns, body.Strings("columns")...)
	switch {
	case c.Capability == "":
		c.Capability, c.NeverFails = "custom", "Soda knows no check of this type"
	case alwaysFalse(body.String("filter")):
		c.NeverFails = "its filter selects no row"
	case kind == "invalid" && !configuresValidity(body) && !configuresValidity(column):
		c.NeverFails = "no valid or invalid values are configured"
	case kind == "failed_rows" && (alwaysFalse(body.String("expression")) || alwaysFalse(body.String("query"))):
		c.NeverFails = "its condition is never true"
	case body.Get("invalid", "valid_reference_data") != nil || body.Has("valid_reference_data"):
		c.Capability = "referential"
	}
	if c.NeverFails == "" {
		c.NeverFails = contractThreshold(kind, body.Get("threshold"))
	}
	return c
}

func configuresValidity(v *plain.Value) bool {
	for _, p := range v.Entries() {
		if strings.HasPrefix(p.Key, "valid_") || strings.HasPrefix(p.Key, "invalid_") {
			return true
		}
	}
	return false
}

var contractOperators = map[string]string{
	"must_be": "=", "must_not_be": "!=", "must_be_greater_than": ">", "must_be_greater_than_or_equal": ">=",
	"must_be_less_than": "<", "must_be_less_than_or_equal": "<=",
}

// contractThreshold says why a threshold never fails. Without one, a check has its type's default, or none at all.
func contractThreshold(kind string, t *plain.Value) string {
	if t == nil {
		switch kind {
		case "aggregate", "metric", "freshness":
			return "it has no threshold"
		}
		return ""
	}
	comparisons := 0
	var passes []interval
	for _, p := range t.Entries() {
		if !strings.HasPrefix(p.Key, "must_") {
			continue
		}
		operator := contractOperators[p.Key]
		if operator == "" && p.Key != "must_be_between" && p.Key != "must_be_not_between" {
			continue
		}
		comparisons++
		if v, err := strconv.ParseFloat(p.Value.String(), 64); err == nil && operator != "" {
			passes = append(passes, compare(operator, v))
		}
	}
	if comparisons != 1 && !t.Has("additional") && comparisons > 0 {
		return "its threshold has several comparisons, so that it is not evaluated"
	}
	metric := kind + "_count"
	if t.String("metric") == "percent" {
		metric = kind + "_percent"
	}
	switch kind {
	case "row_count", "missing", "invalid", "duplicate", "failed_rows":
		if kind == "row_count" || kind == "failed_rows" {
			metric = strings.Replace(metric, kind+"_count", "row_count", 1)
		}
		low, high, known := metricRange(metric)
		if known && len(passes) == 1 && passes[0].holds(low, high) && !t.Has("additional") {
			return "every value passes its threshold"
		}
	}
	return ""
}
