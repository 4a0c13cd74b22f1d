package soda

import (
	"maps"
	"slices"
	"strings"

	"delint/graph/read/plain"
)

func hasBody(v *plain.Value) bool {
	return v != nil && (len(v.Pairs) > 0 || len(v.Items) > 0 || v.Text != "")
}

func validityMetric(m string) bool { return hasPrefix(m, "invalid_", "valid_") }

func hasValidity(body *plain.Value) bool {
	return slices.ContainsFunc(body.Entries(), func(p plain.Pair) bool { return hasPrefix(p.Key, "valid ", "invalid ") })
}

func capability(metric string) string {
	switch {
	case metric == "row_count":
		return "volume"
	case metric == "freshness":
		return "freshness"
	case strings.HasPrefix(metric, "missing_"):
		return "completeness"
	case strings.HasPrefix(metric, "duplicate_"):
		return "uniqueness"
	case validityMetric(metric):
		return "validity"
	}
	if _, ok := metrics[metric]; ok {
		return "distribution"
	}
	return "custom"
}

func hasPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}
