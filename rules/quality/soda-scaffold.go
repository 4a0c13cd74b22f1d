package quality

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"delint/graph"
	"delint/rules"
)

// scaffold is the text of a new Soda file for one dataset.
type scaffold struct {
	dataset *graph.Dataset
	// v3 asks for SodaCL; else it is a contract of version 4.
	v3 bool
	// source is the name of the Soda data source; of a contract the first part of the dataset.
	source   string
	columns  []*graph.Column
	all      bool     // columns is the whole list
	key      []string // nil where nothing says what makes one row
	time     string   // the column by which the age is known; empty if there is none
	required []string // capabilities, in the order of the matrix
}

func newScaffold(g *graph.Graph, d *graph.Dataset, needed []string) scaffold {
	if i := slices.Index(needed, "validity"); i >= 0 { // a count of rows is the check of it that nobody has to think up
		needed = slices.Clone(needed)
		needed[i] = "volume"
	}
	return scaffold{dataset: d, v3: sodaPinned3(g), source: sodaSource(g), columns: d.Columns, all: d.ColumnsExact, key: keyOf(d), time: timeOf(d), required: needed}
}

// scaffoldFix is a new Soda file with the checks that the dataset's layer asks for; nil where the name of the dataset is not
// known whole, or the file exists.
func scaffoldFix(g *graph.Graph, d *graph.Dataset, missing []string) *rules.Fix {
	name := d.Parts[len(d.Parts)-1]
	if d.Kind == "path" || strings.Contains(d.Name, graph.Hole) || !plainName.MatchString(name) || slices.ContainsFunc(d.Parts, func(p string) bool { return !plainName.MatchString(p) }) {
		return nil
	}
	s := newScaffold(g, d, missing)
	file := strings.Join(d.Parts[max(0, len(d.Parts)-2):], ".") + ".yml"
	at := path.Join("soda/contracts", file)
	if s.v3 {
		at = path.Join("soda/checks", file)
	}
	if g.HasPath(at) || len(s.required) == 0 {
		return nil
	}
	text := s.contract()
	if s.v3 {
		text = s.checks()
	}
	return &rules.Fix{
		Title:  fmt.Sprintf("write %s with the checks that a dataset of %s needs", at, d.Layer),
		Unsafe: true,
		Create: &rules.NewFile{Path: at, Text: text},
	}
}

// layerNeeds is the capabilities that a dataset's layer asks for, for a dataset without any check.
func layerNeeds(d *graph.Dataset) []string {
	var out []string
	for _, n := range needs(d) {
		out = append(out, n.any[0])
	}
	if len(d.Columns) > 0 && d.Layer != graph.Transformation && !slices.Contains(out, "schema") {
		out = append(out, "schema")
	}
	if timeOf(d) != "" && d.Layer == graph.Ingestion {
		out = append(out, "freshness")
	}
	if len(out) == 0 {
		out = []string{"volume"}
	}
	return out
}

// plainName knows names that need no quotes in a Soda file or a path.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$-]*$`)

// contract is a contract of Soda 4.
func (s scaffold) contract() string {
	var b strings.Builder
	parts := s.dataset.Parts
	if len(parts) == 1 {
		b.WriteString("# between the data source and the table: the database and the schema, as the engine has them\n")
	}
	fmt.Fprintf(&b, "dataset: %s\n", strings.Join(append([]string{s.source}, parts...), "/"))
	checks := map[string][]string{} // of each column
	if s.asks("completeness") {
		for _, k := range s.key {
			checks[k] = append(checks[k], "missing:")
		}
	}
	if s.asks("uniqueness") && len(s.key) == 1 {
		checks[s.key[0]] = append(checks[s.key[0]], "duplicate:")
	}
	b.WriteString("columns:")
	names := s.names()
	if len(names) == 0 {
		b.WriteString(" []\n")
	} else {
		b.WriteString("\n")
	}
	for _, n := range names {
		fmt.Fprintf(&b, "  - name: %s\n", scalar(n))
		if len(checks[n]) > 0 {
			b.WriteString("    checks:\n")
			for _, c := range checks[n] {
				fmt.Fprintf(&b, "      - %s\n", c)
			}
		}
	}
	var list strings.Builder
	if s.asks("schema") {
		list.WriteString("  - schema:\n")
		if !s.all {
			list.WriteString("      allow_extra_columns: true\n")
		}
	}
	if s.asks("volume") {
		list.WriteString("  - row_count:\n")
	}
	if s.asks("uniqueness") && len(s.key) > 1 {
		list.WriteString("  - duplicate:\n      columns: [" + strings.Join(scalars(s.key), ", ") + "]\n")
	}
	if s.asks("freshness") && s.time != "" {
		fmt.Fprintf(&list, "  - freshness:\n      column: %s\n      threshold:\n        unit: hour\n        must_be_less_than: 24\n", scalar(s.time))
	}
	if list.Len() == 0 {
		return b.String() // Soda refuses an empty list
	}
	return b.String() + "checks:\n" + list.String()
}

// checks is a SodaCL file of Soda 3.
func (s scaffold) checks() string {
	var b strings.Builder
	fmt.Fprintf(&b, "checks for %s:\n", s.dataset.Parts[len(s.dataset.Parts)-1])
	lines := s.lines()
	for _, l := range lines {
		fmt.Fprintf(&b, "  - %s\n", l)
	}
	if names := s.names(); s.asks("schema") && len(names) > 0 {
		b.WriteString("  - schema:\n      fail:\n        when required column missing:\n")
		for _, n := range names {
			fmt.Fprintf(&b, "          - %s\n", scalar(n))
		}
	} else if len(lines) == 0 {
		b.WriteString("  - row_count > 0\n")
	}
	return b.String()
}

// lines is the checks of Soda 3 that take one line.
func (s scaffold) lines() []string {
	var out []string
	if s.asks("volume") {
		out = append(out, "row_count > 0")
	}
	if s.asks("uniqueness") && len(s.key) > 0 {
		out = append(out, fmt.Sprintf("duplicate_count(%s) = 0", strings.Join(s.key, ", ")))
	}
	if s.asks("completeness") {
		for _, k := range s.key {
			out = append(out, fmt.Sprintf("missing_count(%s) = 0", k))
		}
	}
	if s.asks("freshness") && s.time != "" {
		out = append(out, fmt.Sprintf("freshness(%s) < 24h", s.time))
	}
	return out
}

// snippet is what to add, in one line.
func (s scaffold) snippet() string {
	var out []string
	if s.v3 {
		out = s.lines()
		if s.asks("schema") {
			out = append(out, "schema: {fail: {when required column missing: ["+strings.Join(s.names(), ", ")+"]}}")
		}
		return strings.Join(out, "; ")
	}
	if s.asks("volume") {
		out = append(out, "row_count:")
	}
	if s.asks("schema") {
		out = append(out, "schema:")
	}
	if len(s.key) > 0 && s.asks("uniqueness") {
		out = append(out, "duplicate: {columns: ["+strings.Join(s.key, ", ")+"]}")
	}
	if s.asks("completeness") {
		for _, k := range s.key {
			out = append(out, "missing: of column "+k)
		}
	}
	if s.asks("freshness") && s.time != "" {
		out = append(out, "freshness: {column: "+s.time+", threshold: {unit: hour, must_be_less_than: 24}}")
	}
	return strings.Join(out, "; ")
}

func (s scaffold) asks(capability string) bool { return slices.Contains(s.required, capability) }

// names is the columns that a file lists: all known ones, else those that its checks name.
func (s scaffold) names() []string {
	var out []string
	add := func(n string) {
		if n != "" && !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, n) }) {
			out = append(out, n)
		}
	}
	for _, c := range s.columns {
		add(c.Name)
	}
	for _, k := range s.key {
		add(k)
	}
	add(s.time)
	return out
}

// scalar writes a name as YAML that stays a string.
func scalar(s string) string {
	if plainName.MatchString(s) && !slices.Contains([]string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(s)) {
		return s
	}
	return strconv.Quote(s)
}

func scalars(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = scalar(s)
	}
	return out
}

// keyOf is the columns that make one row, in the spelling of the dataset's columns; nil where nothing says so.
func keyOf(d *graph.Dataset) []string {
	key := d.Grain()
	replaced := replaces(d)
	if replaced {
		key = nil
	}
	for _, c := range d.Contracts {
		if len(key) == 0 && !(replaced && c.Tool == "dbt") {
			key = c.Key
		}
	}
	out := make([]string, 0, len(key))
	for _, k := range key {
		if !columnName.MatchString(k) {
			return nil // an expression
		}
		if c := d.Column(k); c != nil {
			k = c.Name
		}
		out = append(out, k)
	}
	return out
}

// replaces reports whether the unique key of a dbt model only says which rows a run replaces: a day, a period.
func replaces(d *graph.Dataset) bool {
	strategy := strings.ToLower(d.Setting("incremental_strategy"))
	if strategy != "delete+insert" && strategy != "insert_overwrite" {
		return false
	}
	for _, k := range d.Grain() {
		if !strings.Contains(strings.ToLower(d.Setting("unique_key")), strings.ToLower(k)) {
			return false
		}
	}
	return true
}

var columnName = regexp.MustCompile(`^[A-Za-z_][\w$]*$`)

// timeColumn knows the names of columns that say when a row was loaded or changed.
var timeColumn = regexp.MustCompile(`(?i)^_?(?:loaded|ingested|inserted|updated|synced|extracted|etl_loaded|dbt_updated|row_updated|last_updated|last_modified|modified)_(?:at|ts|timestamp|time|datetime)$|^_(?:airbyte_extracted_at|airbyte_emitted_at|fivetran_synced|sdc_batched_at|dlt_load_time)$`)

// timeOf is the column by which the age of a dataset is known; empty if there is none.
func timeOf(d *graph.Dataset) string {
	for _, c := range d.Columns {
		if timeColumn.MatchString(c.Name) {
			return c.Name
		}
	}
	for _, key := range []string{"loaded_at_field"} {
		if v := d.Setting(key); columnName.MatchString(v) {
			return v
		}
	}
	return ""
}

// sodaPinned3 reports whether the repository is at Soda 3: it pins a package of it, or it has checks or a configuration of
// version 3 and nothing of version 4.
func sodaPinned3(g *graph.Graph) bool {
	v3, v4 := false, false
	for _, f := range g.Files {
		for _, p := range f.Projects {
			switch {
			case p.Tool == "soda-package" && strings.HasPrefix(p.Name, "soda-"):
				if p.Values["major"] == "3" && p.Values["operator"] != ">=" && p.Values["operator"] != ">" {
					return true
				}
				v4 = v4 || p.Values["major"] == "4"
			case p.Tool == "soda-file" || p.Tool == "soda":
				v3 = v3 || p.Name == "checks" || p.Name == "configuration" || p.Values["version"] == "3"
				v4 = v4 || p.Name == "contract" || p.Values["version"] == "4"
			}
		}
	}
	return v3 && !v4
}

// sodaSource is the only data source of Soda that the repository configures, else a name to replace.
func sodaSource(g *graph.Graph) string {
	name := ""
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool == "soda" && plainName.MatchString(p.Name) && p.Name != "soda_cloud" {
				if name != "" && name != p.Name {
					return "warehouse"
				}
				name = p.Name
			}
		}
	}
	if name == "" {
		return "warehouse"
	}
	return name
}
