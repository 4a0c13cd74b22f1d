package governance

import (
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/rules"
)

// MetricDefinedTwice reports metrics of one name on one dataset whose expressions differ, and metrics of a BI tool that the
// semantic layer already has (Low).
var MetricDefinedTwice = rules.Repository(rules.Rule{
	Name:     "metric-defined-twice",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "governance/semantic-layer",
	Sentence: "Build semantic layers using Cube for consistent metrics and business logic",
}, func(pass *rules.Pass, g *graph.Graph) {
	first := map[string][]metric{}
	for _, m := range allMetrics(g) {
		key := m.dataset + "\x00" + m.name
		if rival := slices.IndexFunc(first[key], func(o metric) bool { return o.rivals(m) }); rival >= 0 {
			twice(pass, first[key][rival], m)
			continue
		}
		first[key] = append(first[key], m)
	}
})

// metric is one definition of a metric in a form that can be compared.
type metric struct {
	of      *graph.Semantic
	fact    graph.MemberFact
	name    string
	dataset string
	formula string
}

// rivals reports whether two definitions of one name on one dataset contradict or repeat each other.
func (m metric) rivals(o metric) bool {
	if m.of == o.of {
		return false
	}
	return m.formula != o.formula || m.of.Tool != o.of.Tool
}

// toolRank orders the tools by how much their definitions are worth.
func toolRank(tool string) int {
	return slices.Index([]string{"superset", "sqlmesh", "dbt", "cube"}, tool)
}

// allMetrics is every metric with a formula that can be compared, those of the semantic layer first.
func allMetrics(g *graph.Graph) []metric {
	var out []metric
	for _, s := range g.Semantics {
		if inTests(g, s.Span.Path) {
			continue
		}
		dataset := standsOn(s)
		if dataset == "" {
			continue
		}
		for _, f := range s.Members {
			if f.Kind != "measure" && f.Kind != "metric" || f.Filtered {
				continue
			}
			name := metricName(f.Name, s)
			if formula := formula(f, s); formula != "" && !anyName[name] {
				out = append(out, metric{s, f, name, dataset, formula})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b metric) int { return toolRank(b.of.Tool) - toolRank(a.of.Tool) })
	return out
}

// standsOn is the one dataset that a definition is about; empty if that is not known, or if a query of its own changes its rows.
func standsOn(s *graph.Semantic) string {
	if s.SQL != nil && s.Values["simple"] == "" || len(s.Reads) != 1 {
		return ""
	}
	if len(s.Datasets) == 1 {
		return s.Datasets[0].Name
	}
	parts := graph.Canonical(s.Reads[0].Parts)
	if len(s.Datasets) > 1 || len(parts) < 2 || s.Reads[0].Tool != "sql" || strings.Contains(strings.Join(parts, "."), graph.Hole) {
		return ""
	}
	return strings.Join(parts[len(parts)-2:], ".")
}

// anyName are words that name no metric by themselves.
var anyName = map[string]bool{
	"count": true, "total": true, "sum": true, "avg": true, "average": true, "min": true, "max": true, "rows": true, "row_count": true,
	"n": true, "value": true, "num": true, "number": true, "records": true, "cnt": true,
}

var wordBreak = regexp.MustCompile(`([a-z0-9])([A-Z])|[^A-Za-z0-9]+`)

// metricName is a name without case, in snake form, without the prefix that only repeats the dataset's.
func metricName(name string, s *graph.Semantic) string {
	snake := func(t string) string {
		return strings.Trim(strings.ToLower(wordBreak.ReplaceAllString(t, "${1}_${2}")), "_")
	}
	n := snake(name)
	if rest, ok := strings.CutPrefix(n, snake(s.Name)+"_"); ok {
		return rest
	}
	return n
}

var (
	ownColumn = regexp.MustCompile(`(?i)\{(?:cube|table)\}\.`)
	distinct  = regexp.MustCompile(`\bcount\s*\(\s*distinct\s+`)
	qualifier = regexp.MustCompile(`\b[a-z_]\w*\.([a-z_]\w*)`)
	quoting   = strings.NewReplacer("\"", "", "`", "", "[", "", "]", "", " ", "", "\t", "", "\n", "", "\r", "")
)

// formula is an expression without space, case, quotes and qualifiers, with its aggregate; empty where references or templates
// make it unknown.
func formula(f graph.MemberFact, s *graph.Semantic) string {
	text := strings.ToLower(ownColumn.ReplaceAllString(f.SQL, ""))
	if strings.ContainsAny(text, "{}'") || strings.Contains(text, graph.Hole) || strings.Contains(text, "--") {
		return ""
	}
	text = distinct.ReplaceAllString(text, "count_distinct(")
	text = quoting.Replace(qualifier.ReplaceAllString(text, "$1"))
	switch f.Type {
	case "number", "":
		if strings.HasPrefix(text, "measure(") || text == "" || s.Tool == "superset" && !strings.Contains(text, "(") {
			return ""
		}
		return text
	case "count":
		if text == "" {
			text = "*"
		}
		return "count(" + text + ")"
	case "sum", "avg", "min", "max", "count_distinct":
		if text == "" {
			return ""
		}
		return f.Type + "(" + text + ")"
	case "countdistinct":
		return "count_distinct(" + text + ")"
	case "average":
		return "avg(" + text + ")"
	}
	return ""
}

func twice(pass *rules.Pass, a, b metric) {
	var f *rules.Finding
	if a.formula == b.formula {
		f = pass.ReportAt(b.fact.Span, "metric `%s` of `%s` is already `%s` in %s", b.fact.Name, b.dataset, a.fact.Name, toolName(a.of))
		f.Severity = rules.Low
	} else {
		f = pass.ReportAt(b.fact.Span, "metric `%s` of `%s` is %s here and %s in %s", b.fact.Name, b.dataset, short(b.formula), short(a.formula), toolName(a.of))
	}
	f.Key, f.Dataset = b.of.Tool+" "+b.of.Name+"."+b.fact.Name, b.dataset
	f.Places = append(f.Places, rules.Place{Span: a.fact.Span, Message: "the other definition"})
}

func toolName(s *graph.Semantic) string {
	name := map[string]string{"cube": "Cube", "superset": "Superset", "dbt": "dbt", "sqlmesh": "SQLMesh"}[s.Tool]
	return name + "'s `" + s.Name + "`"
}

// short is a formula that fits in a message.
func short(s string) string {
	if len(s) > 24 {
		s = s[:22] + "…"
	}
	return "`" + s + "`"
}
