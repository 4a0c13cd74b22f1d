package dbt

import (
	"path"
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

// The tools of the ProjectFacts that this folder writes beside the project itself.
const (
	packagesTool = "dbt-packages" // packages.yml, dependencies.yml: Lists packages, local, projects
	profilesTool = "dbt-profiles" // profiles.yml: Values maps a profile to its adapter
	varsTool     = "dbt-vars"     // a file that hands variables to dbt: Lists words
)

// pathKinds are the folders of a project, with where dbt looks by itself.
var pathKinds = map[string][]string{
	"model-paths": {"models"}, "seed-paths": {"seeds"}, "snapshot-paths": {"snapshots"}, "test-paths": {"tests"},
	"macro-paths": {"macros"}, "analysis-paths": {"analyses"}, "function-paths": {"functions"},
}

// oldPaths are the words of dbt before 1.0.
var oldPaths = map[string]string{"source-paths": "model-paths", "data-paths": "seed-paths"}

// configured are the trees of configuration in dbt_project.yml, with the kind of the resources that they are about.
var configured = map[string]string{
	"models": "models", "seeds": "seeds", "snapshots": "snapshots", "sources": "sources", "tests": "tests", "data_tests": "tests",
	"unit_tests": "unit_tests", "exposures": "exposures", "semantic-models": "semantic_models", "metrics": "metrics",
	"saved-queries": "saved_queries", "functions": "functions",
}

// project reads dbt_project.yml: the folders, the variables, and the configuration trees flattened to
// "models/name/folder|key".
func project(f *parsers.File, facts *graph.Facts) {
	p := graph.ProjectFact{Tool: tool, Dir: folder(f.Path), Lists: map[string][]string{}, Values: map[string]string{}, Span: f.RawSpan(0, 0)}
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 {
		p.Values["unread"] = "true"
		for key, fallback := range pathKinds {
			p.Lists[key] = fallback
		}
		facts.Projects = append(facts.Projects, p)
		return
	}
	d := docs[0]
	legacyProject(d, facts)
	p.Name = d.String("name")
	p.Values["profile"] = d.String("profile")
	p.Values["require-dbt-version"] = strings.Join(d.Strings("require-dbt-version"), ",")
	for key, fallback := range pathKinds {
		p.Lists[key] = fallback
		if v := d.Strings(key); len(v) > 0 {
			p.Lists[key] = v
		}
	}
	for old, key := range oldPaths {
		if v := d.Strings(old); len(v) > 0 && !d.Has(key) {
			p.Lists[key] = v
		}
	}
	for key, kind := range configured {
		tree(d.Get(key), kind, p.Values)
	}
	for _, v := range d.Get("vars").Entries() {
		p.Lists["vars"] = append(p.Lists["vars"], v.Key)
		if v.Value.Kind == plain.Scalar {
			p.Values["vars|"+v.Key] = v.Value.Text
		}
		for _, w := range v.Value.Entries() { // those of a package, or of the project itself
			p.Lists["vars"] = append(p.Lists["vars"], w.Key)
			if v.Key == p.Name && w.Value.Kind == plain.Scalar {
				p.Values["vars|"+w.Key] = w.Value.Text
			}
		}
	}
	facts.Projects = append(facts.Projects, p)
}

func folder(p string) string {
	if d := path.Dir(p); d != "." {
		return d
	}
	return ""
}

// tree flattens one configuration tree as dbt reads it: a key with a plus is a setting, one without is a setting unless its
// value is a mapping, which is a folder.
func tree(v *plain.Value, at string, to map[string]string) {
	own := Settings{}
	for _, p := range v.Entries() {
		key, plus := strings.CutPrefix(p.Key, "+")
		if plus || p.Value.Kind != plain.Mapping {
			flattenKey(settingName(strings.TrimSpace(key)), p.Value, own)
		} else {
			tree(p.Value, at+"/"+key, to)
		}
	}
	for k, v := range own {
		to[at+"|"+k] = v
	}
}

// packages reads packages.yml and dependencies.yml.
func packages(f *parsers.File, facts *graph.Facts) {
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 || !docs[0].Has("packages") && !docs[0].Has("projects") {
		return
	}
	p := graph.ProjectFact{Tool: packagesTool, Dir: folder(f.Path), Lists: map[string][]string{}, Span: f.RawSpan(0, 0)}
	for _, v := range docs[0].List("packages") {
		switch {
		case v.Has("local"):
			p.Lists["local"] = append(p.Lists["local"], path.Join(p.Dir, v.String("local")))
		default:
			p.Lists["packages"] = append(p.Lists["packages"], first(v.String("package"), v.String("git"), v.String("tarball"), v.String("private"), "?"))
		}
	}
	for _, v := range docs[0].List("projects") {
		p.Lists["projects"] = append(p.Lists["projects"], v.String("name"))
	}
	facts.Projects = append(facts.Projects, p)
}

// profiles reads profiles.yml: which adapter each profile has.
func profiles(f *parsers.File, facts *graph.Facts) {
	docs, ok := plain.Documents(f)
	if !ok || len(docs) == 0 {
		return
	}
	p := graph.ProjectFact{Tool: profilesTool, Dir: folder(f.Path), Values: map[string]string{}, Span: f.RawSpan(0, 0)}
	for _, profile := range docs[0].Entries() {
		for _, output := range profile.Value.Get("outputs").Entries() {
			if t := output.Value.String("type"); t != "" && p.Values[profile.Key] == "" {
				p.Values[profile.Key] = t
			}
		}
	}
	if len(p.Values) > 0 {
		facts.Projects = append(facts.Projects, p)
	}
}

// variables notes that a file hands variables to dbt: which of them a run has is then not known from dbt_project.yml alone.
func variables(f *parsers.File, facts *graph.Facts) {
	if f.Mentions("--vars", "dbt_vars", "DBT_VARS") || path.Ext(f.Path) == ".py" && f.Mentions("dbt") && f.Mentions("vars=", `"vars"`, "'vars'") {
		facts.Projects = append(facts.Projects, graph.ProjectFact{Tool: varsTool, Dir: folder(f.Path), Span: f.RawSpan(0, 0)})
	}
}

// dialects maps the adapters of dbt to the names that dialects have in sqlglot.
var dialects = map[string]string{
	"postgres": "postgres", "redshift": "redshift", "snowflake": "snowflake", "bigquery": "bigquery", "databricks": "databricks",
	"spark": "spark", "duckdb": "duckdb", "trino": "trino", "athena": "athena", "clickhouse": "clickhouse", "sqlserver": "tsql",
	"synapse": "tsql", "fabric": "fabric", "mysql": "mysql", "sqlite": "sqlite", "starrocks": "starrocks", "doris": "doris",
	"teradata": "teradata", "oracle": "oracle", "presto": "presto", "hive": "hive", "glue": "spark", "materialize": "materialize",
	"risingwave": "risingwave", "dremio": "dremio", "exasol": "exasol",
}
