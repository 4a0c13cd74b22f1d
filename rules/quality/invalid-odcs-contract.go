package quality

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"delint/graph/odcs"
	"delint/graph/read/plain"
	"delint/parsers"
	"delint/rules"
)

// InvalidODCSContract reports what the Open Data Contract Standard does not allow in the contracts of its versions 3.0 and 3.1.
var InvalidODCSContract = rules.Files(rules.Rule{
	Name:     "invalid-odcs-contract",
	Severity: rules.Medium,
	Class:    rules.Correctness,
	Topic:    "data-quality/data-contracts",
	Sentence: "Define and enforce data contracts using Soda Core",
}, func(pass *rules.Pass, f *parsers.File) {
	if pass.Role == "test" || pass.Role == "vendored" {
		return
	}
	for _, d := range odcs.Documents(f) {
		c := &odcsContract{pass: pass, doc: d, api: d.String("apiVersion")}
		c.check()
	}
}, "yaml")

type odcsContract struct {
	pass *rules.Pass
	doc  *plain.Value
	api  string
}

func (c *odcsContract) report(at parsers.Span, key, format string, args ...any) *rules.Finding {
	f := c.pass.ReportAt(at, format, args...)
	f.Key = key
	return f
}

var odcsVersions = []string{"v2.2.0", "v2.2.1", "v2.2.2", "v3.0.0", "v3.0.1", "v3.0.2", "v3.1.0"}

var odcsVersion = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

func (c *odcsContract) check() {
	if len(c.doc.Pairs) == 0 {
		return
	}
	top := c.doc.Pairs[0].At
	var missing []string
	for _, key := range []string{"apiVersion", "id", "version", "status"} {
		if v := c.doc.Get(key); v == nil || v.Kind == plain.Null {
			missing = append(missing, "`"+key+"`")
		}
	}
	if len(missing) > 0 {
		c.report(top, "required", "the contract has no %s", strings.Join(missing, ", "))
	}
	if !strings.HasPrefix(c.api, "v3.") {
		if c.api != "" && !slices.Contains(odcsVersions, c.api) && !strings.Contains(c.api, "{") {
			f := c.report(c.doc.Get("apiVersion").Span, "apiVersion", "`%s` is no version of the standard", c.api)
			if !strings.HasPrefix(c.api, "v") && slices.Contains(odcsVersions, "v"+c.api) {
				f.Evidence = "it is written `v" + c.api + "`"
			}
		}
		return
	}
	if !odcsVersion.MatchString(c.api) {
		c.report(c.doc.Get("apiVersion").Span, "apiVersion", "`%s` is no version of the standard", c.api)
	}
	if s := c.doc.Get("schema"); s != nil && s.Kind == plain.Mapping {
		c.report(s.Span, "schema", "`schema` is a list of objects with `name` and `properties`")
		return
	}
	for _, s := range c.doc.List("schema") {
		c.element(s, "object")
	}
	c.relations()
	c.team()
	for _, p := range c.doc.List("slaProperties") {
		if p.Kind == plain.Mapping && (p.String("property") == "" || !p.Has("value")) {
			c.report(p.Span, "sla", "a service level needs `property` and `value`")
		}
	}
}

var logicalTypes = []string{"string", "date", "timestamp", "time", "number", "integer", "object", "array", "boolean"}

// element checks an object or a property, and what is in it.
func (c *odcsContract) element(s *plain.Value, what string) {
	if s.Kind != plain.Mapping {
		return
	}
	name := s.String("name")
	if name == "" && what != "items" {
		c.report(s.Span, what, "the %s has no `name`", what)
	}
	if t := s.Get("logicalType"); t != nil && t.Kind == plain.Scalar && what != "object" && !slices.Contains(logicalTypes, t.Text) {
		c.report(t.Span, name+".logicalType", "`%s` is no logical type", t.Text)
	}
	for _, q := range s.List("quality") {
		c.quality(q, name)
	}
	if p := s.Get("properties"); p != nil && p.Kind == plain.Mapping {
		c.report(p.Span, name+".properties", "`properties` of `%s` is a list of properties with `name`", name)
		return
	}
	for _, p := range s.List("properties") {
		c.element(p, "property")
	}
	if items := s.Get("items"); items != nil {
		c.element(items, "items")
	}
}

var odcsMetrics = []string{"nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"}

// old names of rules, and what people write for the metrics of 3.1.
var metricNames = map[string]string{
	"nullCheck": "nullValues", "nullCount": "nullValues", "null_count": "nullValues", "missingCount": "missingValues", "missing_count": "missingValues",
	"duplicateCount": "duplicateValues", "duplicate_count": "duplicateValues", "uniqueCheck": "duplicateValues", "unique": "duplicateValues",
	"validValues": "invalidValues", "invalidCount": "invalidValues", "invalid_count": "invalidValues", "row_count": "rowCount", "countCheck": "rowCount",
}

var qualityTypes = []string{"text", "library", "sql", "custom"}

// quality checks one quality rule. Before 3.1 the library's rules had free names and needed no operator.
func (c *odcsContract) quality(q *plain.Value, of string) {
	if q.Kind != plain.Mapping {
		return
	}
	kind, metric := cmp.Or(q.String("type"), "library"), q.Get("metric")
	at, key := q.Span, of+"."+cmp.Or(q.String("name"), q.String("metric"), kind)
	if t := q.Get("type"); t != nil {
		at = t.Span
	}
	now := c.api >= "v3.1" // the versions of today sort as text
	switch {
	case strings.ContainsAny(kind, "{$"):
	case !slices.Contains(qualityTypes, kind):
		c.report(at, key, "`%s` is no type of a quality rule: text, library, sql or custom", kind)
	case kind == "sql" && q.String("query") == "":
		c.report(at, key, "the SQL rule on `%s` has no `query`", of)
	case kind == "custom" && (q.String("engine") == "" || !q.Has("implementation")):
		c.report(at, key, "the custom rule on `%s` needs `engine` and `implementation`", of)
	case kind == "library" && metric == nil && !q.Has("rule"):
		if q.Has("type") || odcs.Operator(q) != nil {
			c.report(at, key, "the library rule on `%s` names no `metric`", of)
		}
	case kind == "library" && metric != nil && now && !slices.Contains(odcsMetrics, metric.Text):
		f := c.report(metric.Span, key, "`%s` is no metric of the standard", metric.Text)
		if right := metricNames[metric.Text]; right != "" {
			f.Evidence = "the metric is `" + right + "`"
		} else {
			f.Evidence = "the metrics are " + strings.Join(odcsMetrics, ", ")
		}
	case now && (kind == "sql" || kind == "library" && metric != nil):
		c.operators(q, of, key)
	}
	c.misspelt(q, key)
}

// operators checks that a rule compares with exactly one thing.
func (c *odcsContract) operators(q *plain.Value, of, key string) {
	var found []string
	for _, p := range q.Entries() {
		if slices.Contains(odcs.Operators, p.Key) {
			found = append(found, p.Key)
		}
	}
	switch {
	case len(found) == 0 && !slices.ContainsFunc(q.Entries(), func(p plain.Pair) bool { return strings.HasPrefix(p.Key, "must") }):
		c.report(q.Span, key, "the rule on `%s` has no operator (mustBe…), so nothing can break it", of)
	case len(found) > 1:
		c.report(q.Span, key, "the rule on `%s` has %d operators: one is allowed", of, len(found))
	}
}

// misspelt reports operators that do not exist.
func (c *odcsContract) misspelt(q *plain.Value, key string) {
	for _, p := range q.Entries() {
		if strings.HasPrefix(p.Key, "must") && !slices.Contains(odcs.Operators, p.Key) {
			f := c.report(p.At, key+"."+p.Key, "`%s` is no operator", p.Key)
			if right := nearOperator(p.Key); right != "" {
				f.Evidence = "did you mean `" + right + "`?"
			}
		}
	}
}

func nearOperator(word string) string {
	plainWord := strings.NewReplacer("Than", "", "OrEqualTo", "OrEqual", "OrEqualThan", "OrEqual", "To", "").Replace(word)
	for _, o := range odcs.Operators {
		if strings.EqualFold(strings.NewReplacer("Than", "", "OrEqualTo", "OrEqual", "To", "").Replace(o), plainWord) {
			return o
		}
	}
	return ""
}
