// Package dagster reads the assets that Dagster keeps in tables, and the checks on assets.
package dagster

import (
	"bytes"
	"regexp"
	"strings"

	"delint/graph"
	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

var _ = graph.Register(graph.Tool{Name: "dagster", Extract: extract})

func extract(f *parsers.File, facts *graph.Facts) {
	config(f, facts)
	if f.Tree == nil || f.Tree.Grammar != python.Grammar || facts.Role == graph.RoleVendored || facts.Role == graph.RoleTest || !bytes.Contains(f.Text, []byte("dagster")) {
		return
	}
	names := python.Imports(f)
	for _, d := range python.Definitions(f) {
		for _, dec := range python.DecoratorPaths(f, d) {
			if !strings.HasPrefix(dec.Path, "dagster.") {
				continue
			}
			switch dec.Path[strings.LastIndexByte(dec.Path, '.')+1:] {
			case "asset", "graph_asset":
				asset(f, facts, dec.Call, d.Node.Field(python.Name), d.Node)
			case "asset_check":
				for _, key := range keys(f, pycall.Argument(dec.Call, "asset", 0)) {
					addCheck(f, facts, key, "asset_check", "custom", dec.Node)
				}
			case "multi_asset_check":
				specs(f, facts, pycall.Argument(dec.Call, "specs", -1))
			}
		}
	}
	for call := range f.Tree.All(python.Call) {
		path := names.Resolve(call.Field(python.Function))
		if !strings.HasPrefix(path, "dagster.") && !strings.HasPrefix(path, "dagster_dbt.") {
			continue
		}
		last := path[strings.LastIndexByte(path, '.')+1:]
		switch {
		case last == "AssetSpec" || last == "AssetOut":
			asset(f, facts, call, parsers.Node{}, parsers.Node{})
		case strings.HasPrefix(last, "build_") && strings.Contains(last, "_checks"):
			build(f, facts, call, last)
		}
	}
	selections(f, facts)
}

// build reads a call of build_…_checks. What it can't tell apart (all models of @dbt_assets, a list from elsewhere) it
// leaves unknown.
func build(f *parsers.File, facts *graph.Facts, call parsers.Node, name string) {
	capability := "custom"
	if strings.Contains(name, "freshness") {
		capability = "freshness"
	} else if strings.Contains(name, "schema_change") {
		capability = "schema"
	}
	list := pycall.Argument(call, "assets", 0)
	if list.IsNil() {
		list = pycall.Argument(call, "dbt_assets", 0)
	}
	known := list.Is(python.List, python.Tuple)
	for item := range list.NamedChildren() {
		found := keys(f, item)
		known = known && len(found) > 0 && !item.Is(python.Attribute) && (!item.Is(python.Identifier) || isAsset(f, item))
		for _, key := range found {
			addCheck(f, facts, key, name, capability, call)
		}
	}
	if !known {
		facts.Checks = append(facts.Checks, graph.CheckFact{
			Framework: "dagster-asset-check", Name: name, Capability: capability, Wildcard: true, Confidence: graph.Partial,
			Target: graph.Ref{Tool: "dbt", Parts: []string{"%"}}, Span: f.Span(call.Start(), call.End()),
		})
	}
}

// isAsset reports whether a name is a function of this module that is one asset.
func isAsset(f *parsers.File, id parsers.Node) bool {
	for _, d := range python.Definitions(f) {
		if d.Name != id.Text() {
			continue
		}
		for _, dec := range python.DecoratorPaths(f, d) {
			if dec.Path == "dagster.asset" || dec.Path == "dagster.graph_asset" {
				return true
			}
		}
	}
	return false
}

var selectionKey = regexp.MustCompile(`\bkey:\s*"?([\w/.]+)"?`)

// selections reads policies that are mapped over assets by a selection: key:"marts/orders" or key:"marts/customers".
func selections(f *parsers.File, facts *graph.Facts) {
	if !bytes.Contains(f.Text, []byte("freshness_policy")) {
		return
	}
	for call := range f.Tree.All(python.Call) {
		if fn := call.Field(python.Function); !strings.HasSuffix(fn.Text(), "map_resolved_asset_specs") && !strings.HasSuffix(fn.Text(), "map_asset_specs") {
			continue
		}
		if !bytes.Contains(pycall.Argument(call, "func", 0).Bytes(), []byte("freshness_policy")) {
			continue
		}
		text, _ := pycall.Text(f, pycall.Argument(call, "selection", -1))
		for _, m := range selectionKey.FindAllStringSubmatch(text, -1) {
			addCheck(f, facts, m[1], "freshness_policy", "freshness", call)
		}
	}
}

func specs(f *parsers.File, facts *graph.Facts, list parsers.Node) {
	for c := range list.Descendants() {
		if c.Is(python.Call) && strings.HasSuffix(c.Field(python.Function).Text(), "AssetCheckSpec") {
			for _, key := range keys(f, pycall.Argument(c, "asset", 1)) {
				addCheck(f, facts, key, "asset_check", "custom", c)
			}
		}
	}
}

// asset records an asset whose metadata says which table it is, with its key as another name of that table. An asset that
// says nothing of a table is only known by its key: it is not listed, because where its value goes is the I/O manager's
// business.
func asset(f *parsers.File, facts *graph.Facts, call, function, body parsers.Node) {
	key := ""
	if !function.IsNil() {
		key = function.Text()
	}
	if t, ok := pycall.Text(f, pycall.Argument(call, "name", -1)); ok && t != "" {
		key = t
	}
	prefix := keyParts(f, pycall.Argument(call, "key_prefix", -1))
	if k := keyParts(f, pycall.Argument(call, "key", keyPlace(function))); len(k) > 0 {
		prefix, key = k[:len(k)-1], k[len(k)-1]
	}
	if key == "" {
		return
	}
	table, at := tableName(f, call)
	if table == "" {
		table, at = tableName(f, body)
	}
	full := append(append([]string(nil), prefix...), key)
	if freshness := pycall.Argument(call, "freshness_policy", -1); !freshness.IsNil() && !freshness.Is(python.None) {
		addCheck(f, facts, strings.Join(full, "/"), "freshness_policy", "freshness", freshness)
	}
	if table == "" {
		return
	}
	parts, quoted := graph.SplitName(table)
	d := graph.DatasetFact{
		Tool: "dagster", Kind: "table", Parts: parts, Quoted: quoted, Span: f.Span(at.Start(), at.End()), Confidence: graph.Exact, Persisted: true,
		Alias: []string{"asset:" + strings.Join(full, "/"), "asset:" + key}, Reads: upstream(f, call, body),
	}
	if len(prefix) > 0 {
		d.Layer = graph.WordLayer(prefix[len(prefix)-1])
	}
	if group, ok := pycall.Text(f, pycall.Argument(call, "group_name", -1)); ok && d.Layer == graph.Unknown {
		d.Layer = graph.WordLayer(group)
	}
	facts.Datasets = append(facts.Datasets, d)
}

// upstream is the assets that an asset is built from: deps, ins, and the parameters of its function that have the name of an
// asset. What is no asset (a context, a resource) finds none.
func upstream(f *parsers.File, call, function parsers.Node) []graph.Ref {
	var out []graph.Ref
	add := func(key []string, at parsers.Node) {
		if len(key) > 0 {
			out = append(out, graph.Ref{Tool: "asset", Parts: []string{strings.Join(key, "/")}, Span: f.Span(at.Start(), at.End())})
		}
	}
	for _, argument := range []string{"deps", "non_argument_deps"} {
		for item := range pycall.Argument(call, argument, -1).NamedChildren() {
			for _, key := range keys(f, item) {
				add([]string{key}, item)
			}
		}
	}
	named := map[string]bool{}
	for pair := range pycall.Argument(call, "ins", -1).NamedChildren() {
		name, ok := pycall.Text(f, pair.Field(python.Key))
		if !pair.Is(python.Pair) || !ok {
			continue
		}
		named[name] = true
		in := pair.Field(python.Value)
		key := keyParts(f, pycall.Argument(in, "key", 0))
		if len(key) == 0 {
			key = append(keyParts(f, pycall.Argument(in, "key_prefix", -1)), name)
		}
		add(key, pair)
	}
	if !function.IsNil() {
		for p := range function.Field(python.ParametersField).NamedChildren() {
			id := p
			if p.Is(python.TypedParameter) {
				id = p.FirstNamed()
			}
			if id.Is(python.Identifier) && id.Text() != "context" && !named[id.Text()] {
				add([]string{id.Text()}, id)
			}
		}
	}
	return out
}

func keyPlace(function parsers.Node) int {
	if function.IsNil() {
		return 0
	}
	return -1
}

// tableName finds "dagster/table_name" in the metadata of a call, or of what a function returns.
func tableName(f *parsers.File, in parsers.Node) (string, parsers.Node) {
	if in.IsNil() {
		return "", parsers.Node{}
	}
	for p := range in.Descendants() {
		if p.Is(python.Pair) {
			if k, ok := pycall.Text(f, p.Field(python.Key)); ok && k == "dagster/table_name" {
				if v, ok := pycall.Text(f, p.Field(python.Value)); ok {
					return v, p.Field(python.Value)
				}
			}
		}
	}
	return "", parsers.Node{}
}

// keyParts is an asset key or prefix: text with slashes, a list, or AssetKey(…) of either.
func keyParts(f *parsers.File, n parsers.Node) []string {
	if n.Is(python.Call) {
		n = n.Field(python.Arguments).FirstNamed()
	}
	if n.Is(python.List, python.Tuple) {
		var out []string
		for item := range n.NamedChildren() {
			if t, ok := pycall.Text(f, item); ok {
				out = append(out, t)
			}
		}
		return out
	}
	if t, ok := pycall.Text(f, n); ok && t != "" {
		return strings.Split(t, "/")
	}
	return nil
}

// keys is what an argument that names an asset may mean: a key, or the function that is the asset.
func keys(f *parsers.File, n parsers.Node) []string {
	if parts := keyParts(f, n); len(parts) > 0 {
		return []string{strings.Join(parts, "/")}
	}
	if n.Is(python.Identifier) {
		return []string{n.Text()}
	}
	if n.Is(python.Attribute) {
		return []string{n.Field(python.AttributeField).Text()}
	}
	return nil
}

func addCheck(f *parsers.File, facts *graph.Facts, key, name, capability string, at parsers.Node) {
	c := graph.CheckFact{
		Framework: "dagster-asset-check", Name: name, Capability: capability, Target: graph.Ref{Tool: "asset", Parts: []string{key}},
		Span: f.Span(at.Start(), at.End()), Confidence: graph.Exact,
	}
	facts.Checks = append(facts.Checks, c)
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		c.Target.Parts = []string{key[i+1:]} // a dbt model goes by its last part
		facts.Checks = append(facts.Checks, c)
	}
}
