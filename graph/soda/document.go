package soda

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// Kind is what a document of YAML is to Soda.
type Kind string

// The kinds.
const (
	NoSoda        Kind = ""
	Checks        Kind = "checks"        // SodaCL, version 3
	Contract      Kind = "contract"      // version 4
	OldContract   Kind = "old contract"  // the experiment of version 3
	Configuration Kind = "configuration" // version 3: data_source NAME, soda_cloud
	DataSource    Kind = "data source"   // version 4: type, name, connection
)

// The kinds of problems.
const (
	Syntax   = "syntax"   // Soda refuses it, or drops it without a word
	Weak     = "weak"     // it runs, but not as it reads
	Cloud    = "cloud"    // it needs Soda Cloud or Soda Library
	Variable = "variable" // a variable that nothing gives a value
	Promise  = "promise"  // a contract declares what nothing verifies
)

// document is what one document says: its checks, its contract, its data sources, and what is wrong with it.
type document struct {
	kind     Kind
	source   *parsers.Source
	root     *plain.Value
	checks   []graph.CheckFact
	contract *graph.ContractFact
	projects []graph.ProjectFact
	problems []graph.ProblemFact
	vars     map[string]string // declared variables with their defaults
}

var (
	sectionText   = regexp.MustCompile(`^(?:checks for |for each (?:dataset|table|column) |filter .+ \[.+\]$|configurations for |discover (?:datasets|tables)$|profile columns$|sample (?:datasets|tables)$|automated monitoring$|reconciliation )`)
	nearHeader    = regexp.MustCompile(`^(?:checks? (?:for|of|on|from)|for each) ?\S*`)
	checkTypeText = regexp.MustCompile(`^(?:schema|row_count|missing|invalid|duplicate|aggregate|metric|freshness|failed_rows)$`)
)

// kindOf says what a document is by its keys. YAML of other tools that only looks like it is none.
func kindOf(v *plain.Value, file string) Kind {
	if v.Kind != plain.Mapping {
		return NoSoda
	}
	lower := strings.ToLower(file)
	folder := strings.Contains(lower, "soda")
	if isContract(v, folder || strings.Contains(lower, "contract")) {
		return Contract
	}
	if v.String("type") != "" && v.String("name") != "" && v.Get("connection") != nil && v.Get("connection").Kind == plain.Mapping {
		return DataSource
	}
	for _, p := range v.Pairs {
		switch {
		case sectionText.MatchString(p.Key):
			return Checks
		case strings.HasPrefix(p.Key, "data_source "), p.Key == "soda_cloud" && p.Value.Kind == plain.Mapping:
			return Configuration
		case folder && nearHeader.MatchString(p.Key) && p.Value.Kind == plain.Sequence:
			return Checks
		}
	}
	if isOldContract(v) {
		return OldContract
	}
	return NoSoda
}

// isContract reports whether a mapping is a contract of version 4. A machine learning configuration has "dataset: org/name"
// too: what makes a contract is columns or checks of Soda's shape, or the folder.
func isContract(v *plain.Value, folder bool) bool {
	full := strings.Contains(v.String("dataset"), "/")
	if v.Has("apiVersion") || v.Has("model") || v.Has("train") || !full && (!folder || !v.Has("columns")) {
		return false
	}
	for _, c := range v.List("checks") {
		if len(c.Pairs) > 0 && c.Has("type") {
			return false
		}
		if len(c.Pairs) == 1 && (checkTypeText.MatchString(c.Pairs[0].Key) || nearest(c.Pairs[0].Key, contractCheckTypes()) != "") {
			return true
		}
		if checkTypeText.MatchString(c.Text) {
			return true
		}
	}
	columns := v.Get("columns")
	if columns == nil || !full {
		return false
	}
	if columns.Kind != plain.Sequence {
		return folder
	}
	for _, c := range columns.Items {
		if c.Kind != plain.Mapping || !c.Has("name") && !c.Has("checks") && !c.Has("data_type") {
			return folder
		}
		if slices.ContainsFunc(c.List("checks"), func(c *plain.Value) bool { return c.Has("type") }) {
			return false
		}
	}
	return len(columns.Items) > 0 || v.Has("checks")
}

// isOldContract reports whether a mapping is a contract of version 3's experiment: checks are mappings with a type.
func isOldContract(v *plain.Value) bool {
	if v.String("dataset") == "" || v.Get("columns") == nil {
		return false
	}
	typed := func(list []*plain.Value) bool {
		return slices.ContainsFunc(list, func(c *plain.Value) bool { return c.String("type") != "" })
	}
	if typed(v.List("checks")) {
		return true
	}
	return slices.ContainsFunc(v.List("columns"), func(c *plain.Value) bool { return typed(c.List("checks")) })
}

// read reads one document; nil if it is not Soda's.
func read(s *parsers.Source, v *plain.Value) *document {
	d := &document{kind: kindOf(v, s.Path), source: s, root: v, vars: map[string]string{}}
	if d.kind == NoSoda {
		return nil
	}
	d.duplicates(v, 0)
	switch d.kind {
	case Checks:
		d.readSections()
	case Contract:
		d.readContract()
	case OldContract:
		d.readOldContract()
	case Configuration:
		d.readConfiguration()
	case DataSource:
		d.readDataSource()
	}
	d.readVariables()
	if d.templated(v, 0) {
		d.problems = nil // what a template makes of it nobody knows
	}
	return d
}

// templated reports whether something outside quotes is a template's expression.
func (d *document) templated(v *plain.Value, depth int) bool {
	if v == nil || depth > maxDepth {
		return false
	}
	if v.Kind == plain.Scalar && !d.quoted(v) && (strings.Contains(v.Text, "{{") || strings.Contains(v.Text, "{%")) {
		return true
	}
	for _, p := range v.Pairs {
		if strings.Contains(p.Key, "{{") || strings.Contains(p.Key, "{%") || d.templated(p.Value, depth+1) {
			return true
		}
	}
	return slices.ContainsFunc(v.Items, func(i *plain.Value) bool { return d.templated(i, depth+1) })
}

// problem adds something that is wrong with the document.
func (d *document) problem(kind string, at parsers.Span, key, format string, args ...any) *graph.ProblemFact {
	d.problems = append(d.problems, graph.ProblemFact{Tool: "soda", Kind: kind, Key: key, Message: fmt.Sprintf(format, args...), Span: at})
	return &d.problems[len(d.problems)-1]
}

// maxDepth bounds how deep a document is looked at.
const maxDepth = 40

// duplicates reports keys that stand twice in a mapping: Soda reads nothing of such a file.
func (d *document) duplicates(v *plain.Value, depth int) {
	if v == nil || depth > maxDepth {
		return
	}
	seen := map[string]bool{}
	for _, p := range v.Pairs {
		if seen[p.Key] && v.Span.Start.Byte <= p.At.Start.Byte && p.At.End.Byte <= v.Span.End.Byte {
			d.problem(Syntax, p.At, p.Key, "`%s` stands twice, so Soda reads nothing of this file", p.Key)
		}
		seen[p.Key] = true
		d.duplicates(p.Value, depth+1)
	}
	for _, item := range v.Items {
		d.duplicates(item, depth+1)
	}
}

// unknownKeys reports the keys of a mapping that are not among those that Soda reads there.
func (d *document) unknownKeys(v *plain.Value, where string, allowed []string) {
	for _, p := range v.Entries() {
		if !slices.Contains(allowed, p.Key) {
			d.unknownKey(p, where, allowed)
		}
	}
}

func (d *document) unknownKey(p plain.Pair, where string, allowed []string) {
	near := nearest(p.Key, allowed)
	hint := "; allowed: " + strings.Join(allowed, ", ")
	if near != "" {
		hint = fmt.Sprintf("; did you mean `%s`?", near)
	} else if len(hint) > 60 {
		hint = ""
	}
	f := d.problem(Syntax, p.At, p.Key, "unknown key `%s` in %s%s", p.Key, where, hint)
	f.Evidence = "allowed keys: " + strings.Join(allowed, ", ")
	d.replace(f, p.At, p.Key, near, true)
}

// replace gives a problem the fix that puts one text in the place of another, where it stands in the file as it is.
func (d *document) replace(f *graph.ProblemFact, at parsers.Span, from, to string, unsafe bool) {
	start, end := at.Start.Byte, at.End.Byte
	if to == "" || start < 0 || end > len(d.source.Raw) || start >= end {
		return
	}
	written := string(d.source.Raw[start:end])
	quote := ""
	if n := len(written); n > 1 && (written[0] == '"' || written[0] == '\'') && written[n-1] == written[0] {
		quote = written[:1]
	}
	if strings.Trim(written, quote) != from || strings.ContainsAny(to, "\"'\\\n") {
		return
	}
	if quote == "" && strings.ContainsAny(to, "#{}&*!|") {
		return
	}
	f.Fix = &graph.ProblemFix{Title: fmt.Sprintf("replace `%s` by `%s`", from, to), Unsafe: unsafe, Start: start, End: end, Text: quote + to + quote}
}

// nearest is the only word of a list that is at most two letters away; empty if there is none or several are.
func nearest(word string, words []string) string {
	best, least, several := "", 3, false
	if len(word) < 4 {
		least = 2
	}
	for _, w := range words {
		switch n := graph.EditDistance(word, w, least); {
		case n < least:
			best, least, several = w, n, false
		case n == least && best != "":
			several = true
		}
	}
	if several {
		return ""
	}
	return best
}

// The types that YAML gives a plain scalar.
var (
	numberText = regexp.MustCompile(`^[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$`)
	dateText   = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?$`)
	boolText   = regexp.MustCompile(`^(?:true|True|TRUE|false|False|FALSE)$`)
)

// quoted reports whether a scalar is written in quotes or as a block, and so a string.
func (d *document) quoted(v *plain.Value) bool {
	i := v.Span.Start.Byte
	return i >= 0 && i < len(d.source.Raw) && strings.IndexByte("\"'|>", d.source.Raw[i]) >= 0
}

// typeOf is the YAML type of a value: mapping, list, text, number, boolean or nothing.
func (d *document) typeOf(v *plain.Value) string {
	switch {
	case v == nil || v.Kind == plain.Null:
		return "nothing"
	case v.Kind == plain.Mapping:
		return "a mapping"
	case v.Kind == plain.Sequence:
		return "a list"
	case d.quoted(v):
		return "text"
	case numberText.MatchString(v.Text):
		return "a number"
	case boolText.MatchString(v.Text):
		return "a boolean"
	case dateText.MatchString(v.Text):
		return "a date"
	}
	return "text"
}

// variable reports whether a scalar's value is one that only a run knows.
func variable(v *plain.Value) bool {
	return v != nil && v.Kind == plain.Scalar && (strings.Contains(v.Text, "${") || strings.Contains(v.Text, "{{") || strings.Contains(v.Text, graph.Hole))
}

// folder is the folder of the document's file: the data source of its checks, where the folders are called like them.
func (d *document) folder() string { return path.Base(path.Dir(d.source.Path)) }
