// Package greatexpectations reads Great Expectations: suites, the assets that validations bind them to, and suites that
// Python makes.
package greatexpectations

import (
	"bytes"
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

const tool = "great-expectations"

var _ = graph.Register(graph.Tool{Name: tool, Extract: extract, Link: link})

func extract(f *parsers.File, facts *graph.Facts) {
	if facts.Role == graph.RoleVendored {
		return
	}
	switch path.Ext(f.Path) {
	case ".json":
		if strings.Contains(f.Path, "expectations/") || bytes.Contains(f.Text, []byte(`"expectations"`)) {
			suite(f, facts)
		} else if strings.Contains(f.Path, "validation_definitions/") {
			validation(f, facts)
		} else if bytes.Contains(f.Text, []byte(`"result_format"`)) {
			checkpoint(f, facts)
		}
	case ".yml", ".yaml":
		if bytes.Contains(f.Text, []byte("fluent_datasources")) || bytes.Contains(f.Text, []byte("expectation_suite_name")) {
			configuration(f, facts)
		}
	case ".py", ".ipynb":
		if f.Tree != nil && f.Tree.Grammar == python.Grammar && (bytes.Contains(f.Text, []byte("great_expectations")) || bytes.Contains(f.Text, []byte("GreatExpectations"))) {
			n := len(facts.Checks)
			code(f, facts)
			if len(facts.Checks) == n && expects.Match(f.Text) && facts.Role != graph.RoleTest {
				unread(f, facts)
			}
		}
	}
}

// expects knows an expectation in Python: a method of a validator, a class, a name in a dictionary.
var expects = regexp.MustCompile(`\bexpect_(?:column|table|compound|multicolumn|select)|\bExpect(?:Column|Table|Compound|Multicolumn|Select)`)

var identifier = regexp.MustCompile(`[A-Za-z_]\w{2,}`)

// unread notes a suite that Python makes for data which only a run names: any word of the file may be a dataset that it checks,
// also in the name of a suite (orders_silver_suite).
func unread(f *parsers.File, facts *graph.Facts) {
	seen := map[string]bool{}
	for _, w := range identifier.FindAll(f.Text, -1) {
		word := strings.ToLower(string(w))
		for word != "" && !seen[word] {
			seen[word] = true
			i := strings.LastIndexByte(word, '_')
			word = word[:max(i, 0)]
		}
	}
	delete(seen, "")
	words := slices.Sorted(maps.Keys(seen))
	facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: "unread", Name: tool, Lists: map[string][]string{"words": words}, Span: f.RawSpan(0, 0)})
}

type expectation struct {
	Type   string         `json:"type"`
	Old    string         `json:"expectation_type"`
	Kwargs map[string]any `json:"kwargs"`
}

// suite reads a suite; Link binds it to the assets that validations name.
func suite(f *parsers.File, facts *graph.Facts) {
	var s struct {
		Name         string        `json:"name"`
		Old          string        `json:"expectation_suite_name"`
		Expectations []expectation `json:"expectations"`
	}
	if json.Unmarshal(f.Text, &s) != nil {
		return
	}
	name := s.Name + s.Old
	if name == "" {
		return
	}
	for _, e := range s.Expectations {
		kind := e.Type + e.Old
		c := graph.CheckFact{
			Framework: tool, Name: kind, Capability: capability(kind), Target: graph.Ref{Tool: "suite", Parts: []string{name}},
			Span: f.RawSpan(0, 0), Confidence: graph.Inferred, Pending: true,
		}
		if column, ok := e.Kwargs["column"].(string); ok {
			c.Columns = []string{column}
		}
		if mostly, ok := e.Kwargs["mostly"].(float64); ok && mostly == 0 {
			c.NeverFails = "mostly is 0"
		}
		facts.Checks = append(facts.Checks, c)
	}
}

func capability(kind string) string {
	switch {
	case strings.HasSuffix(kind, "to_not_be_null"):
		return "completeness"
	case strings.Contains(kind, "unique"):
		return "uniqueness"
	case strings.Contains(kind, "table_row_count"):
		return "volume"
	case strings.Contains(kind, "table_column"), strings.Contains(kind, "to_exist"):
		return "schema"
	case strings.Contains(kind, "mean"), strings.Contains(kind, "stdev"), strings.Contains(kind, "quantile"), strings.Contains(kind, "kl_"):
		return "distribution"
	}
	return "validity"
}

func binds(suite, asset string, span parsers.Span) graph.ProjectFact {
	return graph.ProjectFact{Tool: tool, Name: suite, Values: map[string]string{"asset": asset}, Span: span}
}

func validation(f *parsers.File, facts *graph.Facts) {
	var v struct {
		Name string
		Data struct {
			Asset struct{ Name string } `json:"asset"`
		} `json:"data"`
		Suite struct{ Name string } `json:"suite"`
	}
	if json.Unmarshal(f.Text, &v) == nil && v.Suite.Name != "" {
		p := binds(v.Suite.Name, v.Data.Asset.Name, f.RawSpan(0, 0))
		p.Values["definition"] = v.Name
		facts.Projects = append(facts.Projects, p)
	}
}

// configuration reads data assets with their tables, and checkpoints of older versions.
func configuration(f *parsers.File, facts *graph.Facts) {
	docs, _ := plain.Documents(f)
	for _, d := range docs {
		for _, source := range d.Get("fluent_datasources").Entries() {
			for _, asset := range source.Value.Get("assets").Entries() {
				if table := asset.Value.String("table_name"); table != "" {
					p := binds("", asset.Key, asset.At)
					p.Values["table"] = strings.TrimPrefix(asset.Value.String("schema_name")+"."+table, ".")
					facts.Projects = append(facts.Projects, p)
				}
			}
		}
		walk(d, func(v *plain.Value) {
			if s := v.String("expectation_suite_name"); s != "" {
				p := binds(s, v.String("batch_request", "data_asset_name"), v.Span)
				runtime := d.Get("runtime_configuration", "result_format")
				p.Values["result_format"] = strings.ToUpper(runtime.String() + runtime.String("result_format"))
				facts.Projects = append(facts.Projects, p)
			}
		})
	}
}

func walk(v *plain.Value, visit func(*plain.Value)) {
	if v == nil {
		return
	}
	visit(v)
	for _, p := range v.Pairs {
		walk(p.Value, visit)
	}
	for _, i := range v.Items {
		walk(i, visit)
	}
}

var operator = regexp.MustCompile(`^GreatExpectations\w*Operator$`)

// code reads add_table_asset(table_name=…) and Airflow's operator: suites made beside them are theirs.
func code(f *parsers.File, facts *graph.Facts) {
	for call := range f.Tree.All(python.Call) {
		name := call.Field(python.Function).Text()
		name = name[strings.LastIndexByte(name, '.')+1:]
		switch {
		case name == "add_table_asset":
			if t, ok := pycall.Text(f, pycall.Argument(call, "table_name", -1)); ok && bytes.Contains(f.Text, []byte("Expect")) {
				check(f, facts, t, call)
			}
		case operator.MatchString(name):
			for _, key := range []string{"data_asset_name", "table_name"} {
				if t, ok := pycall.Text(f, pycall.Argument(call, key, -1)); ok {
					check(f, facts, t, call)
					c := &facts.Checks[len(facts.Checks)-1]
					c.Blocking = graph.BlockingYes // the operator's default
					if pycall.Argument(call, "fail_task_on_validation_failure", -1).Is(python.False) {
						c.Blocking = graph.BlockingWarn
					}
				}
			}
		}
	}
}

func check(f *parsers.File, facts *graph.Facts, table string, call parsers.Node) {
	parts, _ := graph.SplitName(table)
	facts.Checks = append(facts.Checks, graph.CheckFact{
		Framework: tool, Name: "suite", Capability: "custom", Target: graph.Ref{Tool: "sql", Parts: parts},
		Span: f.Span(call.Start(), call.Field(python.Function).End()), Confidence: graph.Inferred,
	})
}

// link binds suites to tables: by validation and asset, else by the suite's own name.
func link(g *graph.Graph) {
	tables := map[string]string{}
	assets := map[string][]string{}
	formats := resultFormats(g)
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool != tool {
				continue
			}
			if t := p.Values["table"]; t != "" {
				tables[p.Values["asset"]] = t
			} else if a := p.Values["asset"]; a != "" {
				assets[p.Name] = append(assets[p.Name], a)
			}
		}
	}
	for _, f := range g.Files {
		for i := range f.Checks {
			c := f.Checks[i]
			if c.Framework != tool || !c.Pending {
				continue
			}
			c.Pending = false
			targets := assets[c.Target.Parts[0]]
			if len(targets) == 0 {
				name := strings.ReplaceAll(c.Target.Parts[0], "/", ".")
				for _, suffix := range []string{".warning", ".critical", ".default", "_suite", "_expectations", ".expectations"} {
					name = strings.TrimSuffix(name, suffix)
				}
				targets = []string{name}
			}
			for _, t := range targets {
				if table := tables[t]; table != "" {
					t = table
				}
				one := c
				if format := formats[c.Target.Parts[0]]; format != "" {
					one.Settings = map[string]string{"result_format": format}
				}
				one.Target = graph.Ref{Tool: "sql", Span: c.Target.Span}
				one.Target.Parts, _ = graph.SplitName(t)
				g.AddCheck(&one)
			}
		}
	}
}
