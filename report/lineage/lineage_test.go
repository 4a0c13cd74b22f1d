package lineage

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"

	"github.com/google/go-cmp/cmp"
)

func at(path string, line int) parsers.Span {
	return parsers.Span{Path: path, Start: parsers.Position{Line: line, Column: 1}, End: parsers.Position{Line: line, Column: 2}}
}

// linked is a small repository: three layers, an exposure, a contract, a check, a foreign key, columns.
func linked() *graph.Graph {
	table := func(name string, line int, reads ...string) graph.DatasetFact {
		parts, _ := graph.SplitName(name)
		d := graph.DatasetFact{Tool: "sql", Kind: "table", Parts: parts, Span: at("etl/build.sql", line), Confidence: graph.Exact, Mode: "create", Persisted: true}
		for _, r := range reads {
			p, _ := graph.SplitName(r)
			d.Reads = append(d.Reads, graph.Ref{Tool: "sql", Parts: p, Span: at("etl/build.sql", line+1)})
		}
		return d
	}
	facts := []*graph.Facts{{
		Path: "etl/build.sql", Language: "sql",
		Datasets: []graph.DatasetFact{
			table("bronze.customers", 1), table("bronze.orders", 2), table("silver.orders", 3, "bronze.orders", "bronze.customers"),
			table("gold.revenue", 6, "silver.orders"), table("gold.unread", 9),
		},
		References: []graph.ReferenceFact{{
			Tool: "sql", From: graph.Ref{Tool: "sql", Parts: []string{"silver", "orders"}}, Columns: []string{"customer_id"},
			To: graph.Ref{Tool: "sql", Parts: []string{"bronze", "customers"}}, ToColumns: []string{"id"}, Confidence: graph.Exact, Span: at("etl/build.sql", 4),
		}},
		Checks: []graph.CheckFact{{
			Framework: "soda", Name: "row_count", Capability: "volume", Target: graph.Ref{Tool: "sql", Parts: []string{"gold", "revenue"}},
			Span: at("soda/checks.yml", 2), Confidence: graph.Exact,
		}},
		Uses: []graph.UseFact{{Tool: "dbt", Kind: "exposure", By: "churn", Ref: graph.Ref{Tool: "sql", Parts: []string{"gold", "revenue"}}, Span: at("models/exposures.yml", 3)}},
	}}
	facts[0].Datasets[0].Owner, facts[0].Datasets[0].Description = "team-sales", "who buys"
	facts[0].Datasets[0].Grain = []string{"id"}
	g := graph.Link(facts, []string{"etl/build.sql"}, graph.Options{})
	by := map[string]*graph.Dataset{}
	for _, d := range g.Datasets {
		by[d.Name] = d
	}
	column := func(of, name string, transform graph.Transform, from, source, masks string) {
		c := &graph.Column{Name: name, Type: "text", Transform: transform, Confidence: graph.Exact}
		if from != "" {
			c.Sources = []*graph.ColumnEdge{{Of: by[from], Column: source, Transform: transform, Masks: masks}}
		}
		by[of].Columns = append(by[of].Columns, c)
	}
	column("bronze.customers", "id", "", "", "", "")
	column("bronze.customers", "email", "", "", "", "")
	column("silver.orders", "email_hash", graph.Expression, "bronze.customers", "email", "sha2")
	column("silver.orders", "customer_id", graph.Rename, "bronze.customers", "id", "")
	column("gold.revenue", "buyer", graph.Rename, "silver.orders", "email_hash", "")
	return g
}

// hostileNames try to end the string, the line, the block or the page that they stand in.
var hostileNames = []string{
	`a"]; click a "javascript:alert(1)"`, "b\nc --> d", "e]f", `g"h`, "<script>alert(1)</script>", "%%{init: {}}%%", "%% comment", "😀 emoji", "\u202egnp.exe",
	"`markdown`", "end", "label", "_", "**", "${x}", "'; }", "|md # x |", "x: {shape: circle}", "\\", "a\x00b", "\xff\xfe", "style:#x;", "#quot;", "subgraph x", "]]>", "---\nconfig:", "layers", "null", "a -> b", "...@../../etc/passwd",
}

func hostile() *graph.Graph {
	f := &graph.Facts{Path: "x\u202e\n.sql", Language: "sql"}
	for i, n := range hostileNames {
		d := graph.DatasetFact{Tool: "sql", Kind: "table", Parts: []string{"gold", n}, Span: at(f.Path, i+1), Confidence: graph.Exact, Persisted: true, Owner: n, Description: n}
		if i > 0 {
			d.Reads = []graph.Ref{{Tool: "sql", Parts: []string{"gold", hostileNames[i-1]}, Span: at(f.Path, i+1)}}
			f.References = append(f.References, graph.ReferenceFact{
				Tool: "sql", From: graph.Ref{Tool: "sql", Parts: d.Parts}, Columns: []string{n}, To: d.Reads[0], ToColumns: []string{n}, Confidence: graph.Exact,
			})
		}
		f.Datasets = append(f.Datasets, d)
		f.Uses = append(f.Uses, graph.UseFact{Tool: "dbt", Kind: "exposure", By: n, Ref: graph.Ref{Tool: "sql", Parts: d.Parts}, Span: at(f.Path, 1)})
	}
	g := graph.Link([]*graph.Facts{f}, []string{f.Path}, graph.Options{})
	for i, d := range g.Datasets {
		c := &graph.Column{Name: hostileNames[i%len(hostileNames)], Type: hostileNames[(i+3)%len(hostileNames)], Confidence: graph.Exact, Transform: graph.Identity}
		for _, e := range d.Edges {
			c.Sources = append(c.Sources, &graph.ColumnEdge{Of: e.From, Column: c.Name})
		}
		d.Columns = append(d.Columns, c)
	}
	return g
}

func written(t *testing.T, g *graph.Graph, format string, o Options, s Style) string {
	t.Helper()
	d, err := Of(g, o)
	if err != nil {
		t.Fatal(err)
	}
	write, err := Format(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b, d, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, format := range Formats() {
		o := Options{Project: "shop", ToolVersion: "test"}
		got := written(t, linked(), format, o, Style{})
		again := written(t, linked(), format, o, Style{})
		if got != again {
			t.Errorf("%s: two runs differ", format)
		}
		name := filepath.Join("testdata", "golden."+format)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (UPDATE=1 writes it anew):\n%s", format, d)
		}
	}
}

func TestSelect(t *testing.T) {
	g := linked()
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, "bronze.customers bronze.orders gold.revenue gold.unread silver.orders"},
		{Options{Upstream: []string{"gold.revenue"}}, "bronze.customers bronze.orders gold.revenue silver.orders"},
		{Options{Upstream: []string{"revenue"}, Depth: 1}, "gold.revenue silver.orders"},
		{Options{Downstream: []string{"bronze.orders"}}, "bronze.orders gold.revenue silver.orders"},
		{Options{Layers: []string{"consumption"}}, "gold.revenue gold.unread"},
		{Options{Upstream: []string{"gold.revenue.BUYER"}, Columns: true}, "bronze.customers gold.revenue silver.orders"},
		{Options{Downstream: []string{"bronze.customers.id"}, Columns: true}, "bronze.customers silver.orders"},
	} {
		d, err := Of(g, c.o)
		if err != nil {
			t.Errorf("%+v: %v", c.o, err)
			continue
		}
		var names []string
		for _, set := range d.Datasets {
			names = append(names, set.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.o, got, c.want)
		}
	}
	for name, want := range map[string]string{
		"gold.revenu": `nearest: "gold.revenue"`, "nothing_like_it": "delint graph", "orders": "may mean 2 datasets", "gold.revenue.buyr": `no column "buyr"`,
	} {
		if _, err := Of(g, Options{Upstream: []string{name}, Columns: true}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// TestHostile holds that no name breaks out of the place where it stands.
func TestHostile(t *testing.T) {
	g := hostile()
	for _, columns := range []bool{false, true} {
		for _, format := range Formats() {
			out := written(t, g, format, Options{Columns: columns}, Style{Columns: columns, Expand: true})
			if strings.ContainsAny(out, "\x00\r\u202e\x1b") {
				t.Errorf("%s: a control character", format)
			}
			switch format {
			case "mermaid", "erd":
				mermaidLines(t, format, out)
			case "json":
				var v any
				if err := json.Unmarshal([]byte(out), &v); err != nil {
					t.Errorf("json: %v", err)
				}
			case "text":
				if n := strings.Count(out, "\n"); n > 3*len(hostileNames)+20 {
					t.Errorf("text: %d lines", n)
				}
			}
			keep(t, "hostile-"+map[bool]string{true: "columns.", false: "datasets."}[columns]+format, out)
		}
	}
}

// keep stores what was written where .ci/graph looks for it.
func keep(t *testing.T, name, out string) {
	t.Helper()
	if dir := os.Getenv("DELINT_KEEP_DIAGRAMS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKeep writes, for .ci/graph, what has everything that a format can hold.
func TestKeep(t *testing.T) {
	for _, format := range Formats() {
		keep(t, "linked."+format, written(t, linked(), format, Options{Columns: true}, Style{Columns: true}))
		keep(t, "linked-run."+format, written(t, linked(), format, Options{}, Style{Run: true}))
	}
}

var mermaidLine = regexp.MustCompile(`^(?:flowchart LR|erDiagram|\s+subgraph \w+\["[^"<>%` + "`" + `]*"\]|\s+end|\s+\w+[\[(]+"[^"<>%` + "`" + `]*"[\])]+(?::::\w+)?(?: \{)?|\s+\}|\s+\w+ (?:-->|-\.->)(?:\|\d+\|)? \w+|\s+classDef [^<>%]*|\s+%% [\w ,;:-]*|\s+\w+ [|}o.-]+[|{o]+ \w+ : "[^"<>%` + "`" + `]*"|\s+\w+ \w+(?: [PFK, ]+)?(?: "[^"<>%` + "`" + `]*")?)$`)

func mermaidLines(t *testing.T, format, out string) {
	t.Helper()
	for line := range strings.Lines(out) {
		if line = strings.TrimSuffix(line, "\n"); !mermaidLine.MatchString(line) {
			t.Errorf("%s: %q", format, line)
		}
	}
}

// TestD2 compiles with D2's own compiler where it is installed; .ci/graph does so always.
func TestD2(t *testing.T) {
	d2, err := exec.LookPath("d2")
	if err != nil {
		t.Skip("d2 is not installed")
	}
	for name, g := range map[string]*graph.Graph{"linked": linked(), "hostile": hostile()} {
		for _, columns := range []bool{false, true} {
			file := filepath.Join(t.TempDir(), name+".d2")
			if err := os.WriteFile(file, []byte(written(t, g, "d2", Options{Columns: columns}, Style{Columns: columns})), 0o644); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(d2, "validate", file).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
	}
}

func TestNamespaces(t *testing.T) {
	f := &graph.Facts{Path: "x.py", Language: "python", Datasets: []graph.DatasetFact{
		{Tool: "spark", Kind: "path", Parts: []string{"s3://lake/bronze/orders"}, Span: at("x.py", 1), Confidence: graph.Exact},
		{Tool: "sqlmesh", Kind: "table", Parts: []string{"p", "mart", "orders"}, Dialect: "bigquery", Span: at("x.py", 2), Confidence: graph.Exact},
		{Tool: "sql", Kind: "table", Parts: []string{"mart", "orders_2"}, Span: at("x.py", 3), Confidence: graph.Exact},
	}}
	g := graph.Link([]*graph.Facts{f}, nil, graph.Options{})
	own := written(t, g, "openlineage", Options{Project: "my shop"}, Style{})
	for _, want := range []string{
		`"name":"bronze/orders","namespace":"s3://lake"`, `"name":"p.mart.orders","namespace":"bigquery"`, `"name":"mart.orders_2","namespace":"delint://my%20shop"`,
	} {
		if !strings.Contains(own, want) {
			t.Errorf("no %s in %s", want, own)
		}
	}
	if asked := written(t, g, "openlineage", Options{}, Style{Namespace: "prod"}); strings.Count(asked, `"namespace":"prod"`) != 6 {
		t.Error(asked)
	}
}

func TestCollapsed(t *testing.T) {
	f := &graph.Facts{Path: "x.sql", Language: "sql"}
	for i := range 300 {
		schema := []string{"bronze", "silver", "gold"}[i%3]
		d := graph.DatasetFact{Tool: "sql", Kind: "table", Parts: []string{schema, "t" + strings.Repeat("x", i)}, Span: at("x.sql", i+1), Confidence: graph.Exact}
		if i > 0 {
			d.Reads = []graph.Ref{{Tool: "sql", Parts: f.Datasets[i-1].Parts}}
		}
		f.Datasets = append(f.Datasets, d)
	}
	g := graph.Link([]*graph.Facts{f}, nil, graph.Options{})
	got := written(t, g, "mermaid", Options{}, Style{})
	if !strings.Contains(got, "drawn by schema") || !strings.Contains(got, "gold (100 datasets)") || strings.Count(got, "-->") != 3 {
		t.Error(got)
	}
	if all := written(t, g, "mermaid", Options{}, Style{Expand: true}); strings.Count(all, "-->") != 299 || !strings.Contains(all, "maxTextSize") {
		t.Error("not everything is drawn, or nothing says that it is large")
	}
}

func TestUUID(t *testing.T) {
	a, b := uuid("n", "a"), uuid("n", "b")
	if a == b || a != uuid("n", "a") || !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(a) {
		t.Error(a, b)
	}
	if uuid("na", "b") == uuid("n", "ab") {
		t.Error("the border between namespace and name does not count")
	}
}

func TestRedacted(t *testing.T) {
	g := linked()
	for _, format := range Formats() {
		out := written(t, g, format, Options{Redact: func(s string) string { return strings.ReplaceAll(s, "revenue", "***") }}, Style{Expand: true, Columns: true})
		if strings.Contains(out, "revenue") {
			t.Errorf("%s: a secret is shown", format)
		}
	}
}

func TestFormats(t *testing.T) {
	if want := []string{"text", "json", "mermaid", "d2", "openlineage", "erd"}; !slices.Equal(Formats(), want) {
		t.Error(Formats())
	}
	if _, err := Format("dot"); err == nil {
		t.Error("no error for an unknown format")
	}
}
