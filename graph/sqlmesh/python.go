package sqlmesh

import (
	"path"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/graph/read/sqltext"
	"delint/parsers"
	"delint/parsers/python"
)

// importedMacros is the project of a file that takes macros, or macro modules, from a package outside the repository.
const importedMacros = "sqlmesh-macro-import"

// pythonFile reads @model("schema.name", …), @macro(), rules of the linter and config.py.
func pythonFile(f *parsers.File, facts *graph.Facts) {
	if strings.Contains("/"+f.Path, "/macros/") {
		foreign(f, facts)
	}
	if !strings.Contains(string(f.Text), "sqlmesh") {
		return
	}
	if base := path.Base(f.Path); base == "config.py" || base == "sqlmesh_config.py" {
		pythonConfig(f, facts)
	}
	for _, d := range python.Definitions(f) {
		if d.Node.Is(python.ClassDefinition) && strings.Contains("/"+f.Path, "/linter/") {
			name := d.Node.Field(python.Name)
			facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: linterClass, Name: strings.ToLower(name.Text()), Dir: folder(f.Path), Span: f.Span(name.Start(), name.End())})
			continue
		}
		for _, dec := range python.DecoratorPaths(f, d) {
			if !strings.HasPrefix(dec.Path, "sqlmesh") {
				continue
			}
			switch dec.Path[strings.LastIndexByte(dec.Path, '.')+1:] {
			case "macro":
				name := d.Node.Field(python.Name)
				text := name.Text()
				if t, ok := pycall.Text(f, pycall.Argument(dec.Call, "name", 0)); ok && !dec.Call.IsNil() {
					text = t
				}
				facts.Projects = append(facts.Projects, macroFact(f, text, "sql", name.Start(), name.End()))
			case "model":
				if !dec.Call.IsNil() {
					pythonModel(f, facts, d, dec.Call)
				}
			}
		}
	}
}

// plainModules are modules that bring no macros.
var plainModules = set(fields(`sqlmesh sqlglot typing typing_extensions datetime re os sys json math itertools functools collections textwrap
	dataclasses enum hashlib pathlib string logging __future__ random time decimal operator yaml pandas numpy pyarrow requests
	duckdb uuid inspect abc copy csv ast urllib warnings dateutil pytz zoneinfo polars pydantic`))

// foreign notes that a module of macros imports what may define more of them.
func foreign(f *parsers.File, facts *graph.Facts) {
	for n := range f.Tree.All(python.ImportFromStatement, python.ImportStatement) {
		words := strings.Fields(n.Text())
		if len(words) < 2 {
			continue
		}
		top, _, _ := strings.Cut(strings.TrimSuffix(words[1], ","), ".")
		if top != "" && !plainModules[top] {
			facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: importedMacros, Name: top, Dir: folder(f.Path), Span: f.Span(n.Start(), n.End())})
		}
	}
}

func pythonModel(f *parsers.File, facts *graph.Facts, d python.Def, call parsers.Node) {
	name := pycall.Argument(call, "name", 0)
	keyword := func(k string) parsers.Node { return pycall.Argument(call, k, -1) }
	literal := func(k string) string { t, _, _ := python.Fold(f, keyword(k)); return t }
	if keyword("enabled").Is(python.False) {
		return
	}
	fact := graph.DatasetFact{
		Tool: tool, Kind: "table", Confidence: graph.Exact, Persisted: true, Pending: true,
		Owner: literal("owner"), Description: literal("description"), Dialect: strings.ToLower(literal("dialect")), Tags: list(f, keyword("tags")),
		Settings: map[string]string{"language": "python", "cron": literal("cron"), "kind": "VIEW"},
	}
	if !keyword("is_sql").Is(python.True) {
		fact.Settings["kind"] = "FULL"
	}
	text, ok := pycall.Text(f, name)
	switch {
	case name.IsNil():
		if fact.Parts = inferred(f.Path); fact.Parts == nil {
			return
		}
		fact.Span = f.Span(call.Start(), call.End())
		fact.Settings["inferred_name"] = "true"
	case !ok:
		return
	default:
		fact.Settings["name"] = text
		fact.Parts, fact.Quoted = graph.SplitName(text)
		fact.Span = f.Span(name.Start(), name.End())
	}
	pythonKind(f, &fact, keyword("kind"))
	fact.Kind = datasetKind(fact.Settings["kind"])
	fact.Transient = transient(fact.Settings["kind"])
	if g := list(f, keyword("grain")); g != nil {
		fact.Grain = g
	} else if g := list(f, keyword("grains")); g != nil {
		fact.Grain = g[:1]
	}
	for i, name := range fact.Grain { // "id AS order_id"
		fact.Grain[i], _, _ = strings.Cut(name, " ")
	}
	for pair := range constant(f, keyword("columns")).NamedChildren() {
		if t, ok := pycall.Text(f, pair.Field(python.Key)); ok {
			kind, _ := pycall.Text(f, pair.Field(python.Value))
			fact.Columns = append(fact.Columns, graph.ColumnFact{Name: t, Type: kind, Span: f.Span(pair.Start(), pair.End())})
		}
	}
	fact.ColumnsAll = len(fact.Columns) > 0
	for pair := range keyword("column_descriptions").NamedChildren() {
		t, _ := pycall.Text(f, pair.Field(python.Key))
		for i := range fact.Columns {
			if strings.EqualFold(fact.Columns[i].Name, t) {
				fact.Columns[i].Description, _ = pycall.Text(f, pair.Field(python.Value))
			}
		}
	}
	pythonReads(f, &fact, d, keyword("depends_on"))
	// A function is handed the interval; whether it asks for it is not read.
	fact.Notes = append(fact.Notes, graph.Note{Kind: IntervalNote, Text: "python", Values: map[string]string{"start": "true", "end": "true", "unknown": "true"}, Span: fact.Span})
	if fact.Description == "" {
		fact.Description = docstring(f, d)
	}
	if fact.Confidence == graph.Exact && keyword("is_sql").Is(python.True) {
		fact.Confidence = graph.Partial
	}
	facts.Datasets = append(facts.Datasets, fact)
	for item := range keyword("audits").NamedChildren() {
		pythonAudit(f, facts, item, fact.Parts)
	}
}

// pythonKind reads kind=dict(name=ModelKindName.X, …), kind={"name": ModelKindName.X, …} and kind="full".
func pythonKind(f *parsers.File, fact *graph.DatasetFact, n parsers.Node) {
	put := func(key string, v parsers.Node) {
		t, ok := pycall.Text(f, v)
		switch {
		case key == "name" && !ok:
			t = v.Text()
			fact.Settings["kind"] = strings.ToUpper(t[strings.LastIndexByte(t, '.')+1:])
		case key == "name":
			fact.Settings["kind"] = strings.ToUpper(t)
		case key == "unique_key":
			fact.Grain = list(f, v)
			fact.Settings[key] = strings.Join(fact.Grain, ",")
		case key == "time_column":
			if !ok && v.Is(python.Dictionary) {
				for pair := range v.NamedChildren() {
					if k, _ := pycall.Text(f, pair.Field(python.Key)); k == "column" {
						t, _ = pycall.Text(f, pair.Field(python.Value))
					}
				}
			} else if v.Is(python.Call) {
				t, _ = pycall.Text(f, pycall.Argument(v, "column", 0))
			} else if l := list(f, v); !ok && len(l) > 0 {
				t = l[0]
			}
			fact.TimeColumn, fact.Settings[key] = t, t
		case ok:
			fact.Settings[key] = t
		default:
			fact.Settings[key] = v.Text()
		}
	}
	switch {
	case n.Is(python.Dictionary):
		for pair := range n.NamedChildren() {
			if k, ok := pycall.Text(f, pair.Field(python.Key)); ok {
				put(k, pair.Field(python.Value))
			}
		}
	case n.Is(python.Call):
		if k := kindClass(n.Field(python.Function).Text()); k != "" {
			fact.Settings["kind"] = k
		}
		for a := range n.Field(python.Arguments).NamedChildren() {
			if a.Is(python.KeywordArgument) {
				put(a.Field(python.Name).Text(), a.Field(python.Value))
			}
		}
	case !n.IsNil():
		if t, ok := pycall.Text(f, n); ok {
			fact.Settings["kind"] = strings.ToUpper(strings.TrimSpace(t))
		}
	}
}

// constant is the dictionary that a name of the module stands for; any other expression is itself.
func constant(f *parsers.File, n parsers.Node) parsers.Node {
	if !n.Is(python.Identifier) {
		return n
	}
	for s := range f.Tree.Root().NamedChildren() {
		if a := s.FirstNamed(); s.Is(python.ExpressionStatement) && a.Is(python.Assignment) && a.Field(python.Left).Text() == n.Text() {
			return a.Field(python.Right)
		}
	}
	return n
}

// kindClass is the kind that a class of sqlmesh.core.model.kind stands for: IncrementalByTimeRangeKind.
func kindClass(class string) string {
	name, ok := strings.CutSuffix(class[strings.LastIndexByte(class, '.')+1:], "Kind")
	if !ok {
		return ""
	}
	want := strings.ToLower(name)
	for k := range Kinds {
		if strings.ReplaceAll(strings.ToLower(k), "_", "") == want {
			return k
		}
	}
	return ""
}

// list is the literals of a list, tuple or set; a literal alone is a list of one.
func list(f *parsers.File, n parsers.Node) (out []string) {
	if t, ok := pycall.Text(f, n); ok && !n.Is(python.List, python.Tuple, python.Set) {
		return []string{t}
	}
	if !n.Is(python.List, python.Tuple, python.Set, python.ParenthesizedExpression) {
		return nil
	}
	for item := range n.NamedChildren() {
		if t, ok := pycall.Text(f, item); ok {
			out = append(out, t)
		}
	}
	return out
}

// pythonReads fills in depends_on, what the context is asked for by name, and the SQL that it is asked to run.
func pythonReads(f *parsers.File, fact *graph.DatasetFact, d python.Def, depends parsers.Node) {
	add := func(name string, n parsers.Node) {
		parts, _ := graph.SplitName(name)
		fact.Reads = append(fact.Reads, graph.Ref{Tool: "sql", Parts: parts, Span: f.Span(n.Start(), n.End())})
	}
	for item := range depends.NamedChildren() {
		if t, ok := pycall.Text(f, item); ok {
			add(t, item)
		}
	}
	body := d.Node
	if strings.Count(string(f.Text), "@model(") == 1 {
		body = f.Tree.Root() // the functions that it calls are its own
	}
	for c := range body.Descendants() {
		if !c.Is(python.Call) {
			continue
		}
		fn := c.Field(python.Function).Text()
		switch fn[strings.LastIndexByte(fn, '.')+1:] {
		case "table", "resolve_table":
			if t, ok := pycall.Text(f, pycall.Argument(c, "model_name", 0)); ok {
				add(t, c)
			} else {
				fact.Confidence = graph.Partial
			}
		case "fetchdf", "fetch_df", "fetch_pyspark_df", "engine_adapter.fetchdf":
			t, ok := pycall.Text(f, pycall.Argument(c, "query", 0))
			if !ok {
				fact.Confidence = graph.Partial
				continue
			}
			for _, st := range sqltext.Read(t) {
				for _, r := range st.Reads {
					if graph.Canonical(r.Parts) != nil {
						add(strings.Join(r.Parts, "."), c)
					}
				}
			}
		}
	}
}

// pythonAudit reads "own_audit" and ("not_null", {"columns": [...]}).
func pythonAudit(f *parsers.File, facts *graph.Facts, item parsers.Node, target []string) {
	n, arguments := item, parsers.Node{}
	if item.Is(python.Tuple) {
		n = item.FirstNamed()
		arguments = n.NextSibling()
		for !arguments.IsNil() && !arguments.Named() {
			arguments = arguments.NextSibling()
		}
	}
	t, ok := pycall.Text(f, n)
	if !ok {
		return
	}
	c := check(strings.ToLower(t), target, f.Span(n.Start(), n.End()))
	for pair := range arguments.NamedChildren() {
		if k, ok := pycall.Text(f, pair.Field(python.Key)); ok {
			v := pair.Field(python.Value)
			columns := list(f, v)
			if columns == nil { // [exp.column("a")]
				for s := range v.Descendants() {
					if t, ok := pycall.Text(f, s); s.Is(python.String) && ok {
						columns = append(columns, t)
					}
				}
			}
			c.argument(k, v.Text(), columns)
		}
	}
	c.complete()
	facts.Checks = append(facts.Checks, c.CheckFact)
}

// docstring is the first statement of a function, if it is a text.
func docstring(f *parsers.File, d python.Def) string {
	first := d.Node.Field(python.Body).FirstNamed()
	if !first.Is(python.ExpressionStatement) || !first.FirstNamed().Is(python.String) {
		return ""
	}
	t, _ := pycall.Text(f, first.FirstNamed())
	return strings.TrimSpace(t)
}
