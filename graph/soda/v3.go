package soda

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

var (
	checksFor   = regexp.MustCompile(`^checks for\s+(.+?)(?:\s+\[([^\]]*)\])?$`)
	forEach     = regexp.MustCompile(`^for each (?:dataset|table)\b\s*(.*)$`)
	filterFor   = regexp.MustCompile(`^filter\s+(.+?)\s+\[([^\]]+)\]$`)
	settingsFor = regexp.MustCompile(`^configurations for\s+(.+)$`)
)

// sodaCL reads the checks of a SodaCL document.
func sodaCL(d *plain.Value) []graph.CheckFact {
	var out []graph.CheckFact
	if d.Kind != plain.Mapping {
		return nil
	}
	vars := map[string]string{}
	empty := map[string]bool{}    // "dataset [partition]" whose filter selects no row
	validity := map[string]bool{} // dataset.column with a validity configuration
	for _, p := range d.Pairs {
		if m := filterFor.FindStringSubmatch(p.Key); m != nil && alwaysFalse(p.Value.String("where")) {
			empty[m[1]+" ["+m[2]+"]"] = true
		}
		if m := settingsFor.FindStringSubmatch(p.Key); m != nil {
			for _, c := range p.Value.List() {
				for _, q := range c.Pairs {
					if _, column, ok := strings.Cut(strings.TrimSuffix(q.Key, ")"), " for "); ok || strings.HasPrefix(q.Key, "valid") {
						validity[m[1]+"."+column] = true
					}
				}
			}
		}
		if p.Key == "variables" {
			for _, q := range p.Value.Entries() {
				vars[q.Key] = q.Value.String("default") + q.Value.String()
			}
		}
	}
	for _, p := range d.Pairs {
		if m := checksFor.FindStringSubmatch(p.Key); m != nil {
			parts, _ := graph.SplitName(graph.Evaluate(m[1], vars))
			target := graph.Ref{Tool: "sql", Parts: parts, Span: p.At}
			configured := func(column string) bool { return validity[m[1]+"."+column] }
			for _, c := range items(p.Value, configured) {
				c.Target = target
				if r := selfReference.FindStringSubmatch(c.Name); r != nil && strings.EqualFold(r[1], r[3]) && strings.EqualFold(r[2], m[1]) {
					c.NeverFails = "it compares a column with itself"
				}
				if empty[m[1]+" ["+m[2]+"]"] && m[2] != "" {
					c.NeverFails = "its filter selects no row"
				}
				out = append(out, c)
			}
		} else if forEach.MatchString(p.Key) {
			out = append(out, each(p)...)
		}
	}
	return out
}

// each reads a "for each dataset" section: every entry with every check.
func each(p plain.Pair) []graph.CheckFact {
	var out []graph.CheckFact
	checks := items(p.Value.Get("checks"), func(string) bool { return false })
	for _, key := range []string{"datasets", "tables"} {
		for _, entry := range p.Value.List(key) {
			pattern, exclude := strings.TrimSpace(entry.Text), false
			if rest, ok := strings.CutPrefix(pattern, "exclude "); ok {
				pattern, exclude = rest, true
			}
			pattern = strings.TrimPrefix(pattern, "include ")
			parts, _ := graph.SplitName(pattern)
			target := graph.Ref{Tool: "sql", Parts: parts, Span: entry.Span}
			if exclude {
				out = append(out, graph.CheckFact{Framework: "soda", Name: p.Key, Target: target, Wildcard: true, Exclude: true, Span: entry.Span, Confidence: graph.Exact})
				continue
			}
			for _, c := range checks {
				c.Name, c.Target, c.Wildcard = p.Key, target, true
				out = append(out, c)
			}
		}
	}
	return out
}

// items reads the list of checks under a header.
func items(list *plain.Value, configured func(column string) bool) []graph.CheckFact {
	var out []graph.CheckFact
	if list == nil || list.Kind != plain.Sequence {
		return nil // a body that is no list holds no check
	}
	for _, item := range list.Items {
		switch item.Kind {
		case plain.Scalar:
			out = append(out, line(item.Text, nil, item.Span, configured))
		case plain.Mapping:
			if len(item.Pairs) > 0 { // keys after the first are ignored by the engine
				p := item.Pairs[0]
				out = append(out, line(p.Key, p.Value, p.At, configured))
			}
		}
	}
	return out
}

var checkLine = regexp.MustCompile(`^(change .*? for |anomaly score for |anomaly detection for )?([A-Za-z_]\w*)\s*(?:\(([^)]*)\))?\s*(.*)$`)

// line reads one check: its text and the mapping under it.
func line(text string, body *plain.Value, at parsers.Span, configured func(column string) bool) graph.CheckFact {
	text = strings.TrimSpace(text)
	c := graph.CheckFact{Framework: "soda", Name: text, Capability: "custom", Span: at, Confidence: graph.Exact}
	if alwaysFalse(body.String("filter")) {
		c.NeverFails = "its filter selects no row"
	}
	switch {
	case text == "schema":
		c.Capability = "schema"
		if !hasBody(body.Get("fail")) && !hasBody(body.Get("warn")) {
			c.NeverFails = "it says neither warn nor fail"
		}
		return c
	case strings.HasPrefix(text, "failed rows"):
		if alwaysFalse(body.String("fail condition")) {
			c.NeverFails = "its fail condition is never true"
		}
		return c
	case strings.HasPrefix(text, "values in "):
		c.Capability = "referential"
		return c
	case strings.Contains(text, " same as "):
		c.Capability = "reconciliation"
		return c
	case strings.HasPrefix(text, "group "), strings.HasPrefix(text, "freshness using"):
		return c
	}
	m := checkLine.FindStringSubmatch(text)
	if m == nil {
		return c
	}
	metric := m[2]
	c.Name, c.Capability = metric, capability(metric)
	for _, arg := range strings.Split(m[3], ",") {
		if arg = strings.TrimSpace(arg); arg != "" {
			c.Columns = append(c.Columns, arg)
		}
	}
	if m[1] == "" && c.NeverFails == "" {
		c.NeverFails = neverFails(metric, m[4], body)
		if c.NeverFails == "" && validityMetric(metric) && !hasValidity(body) && !configured(strings.Join(c.Columns, ", ")) {
			c.NeverFails = "no valid or invalid values are configured"
		}
	}
	return c
}

var selfReference = regexp.MustCompile(`^values in \(?([^)\s]+)\)? must (?:not )?exist in (\S+) \(?([^)\s]+)\)?$`)

func hasBody(v *plain.Value) bool {
	return v != nil && (len(v.Pairs) > 0 || len(v.Items) > 0 || v.Text != "")
}

func validityMetric(m string) bool {
	return strings.HasPrefix(m, "invalid_") || strings.HasPrefix(m, "valid_")
}

func hasValidity(body *plain.Value) bool {
	for _, p := range body.Entries() {
		if strings.HasPrefix(p.Key, "valid ") || strings.HasPrefix(p.Key, "invalid ") {
			return true
		}
	}
	return false
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
	switch metric {
	case "min", "max", "avg", "sum", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "percentile",
		"percentile_disc", "distribution_difference", "min_length", "max_length", "avg_length":
		return "distribution"
	}
	return "custom"
}
