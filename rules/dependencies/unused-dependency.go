package dependencies

import (
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/packages"
	"delint/rules"
)

// UnusedDependency reports requirements of a run whose modules nothing imports and no file names.
var UnusedDependency = rules.Repository(rules.Rule{
	Name:     "unused-dependency",
	Severity: rules.Low,
	Class:    rules.Maintainability,
	Topic:    "best-practices/code-quality",
	Sentence: "Don't add unnecessary layers, classes, or modules",
}, func(pass *rules.Pass, g *graph.Graph) {
	r := packages.Of(g)
	if len(r.Imports) == 0 {
		return
	}
	imported := importedModules(r)
	airflow := uses(imported, "airflow")
	for _, m := range r.Manifests {
		if m.Kind == packages.Dockerfile || m.Kind == packages.Conda || m.Role == graph.RoleTest || m.Compiled || frozen(g, m) || !hasCode(r, m) {
			continue
		}
		for _, q := range m.Runtime() {
			modules := packages.ModulesOf(q.Name)
			if modules == nil || implicit[q.Name] || impliedBy(q.Name) || r.Mentioned[q.Name] {
				continue
			}
			if slices.ContainsFunc(modules, func(module string) bool {
				return airflow && airflowBrings[module] || r.Mentioned[module] || uses(imported, module)
			}) {
				continue
			}
			f := pass.ReportAt(q.Span, "nothing imports `%s`", q.Name)
			f.Key = q.Name
			f.Defer = []string{"deptry:DEP002"}
		}
	}
})

func importedModules(r *packages.Repository) map[string]bool {
	out := map[string]bool{}
	for _, list := range r.Imports {
		for _, i := range list {
			out[i.Module] = true
		}
	}
	return out
}

// uses reports whether a module, a package around it or one below it is imported.
func uses(imported map[string]bool, module string) bool {
	for name := module; ; {
		if imported[name] {
			return true
		}
		at := strings.LastIndexByte(name, '.')
		if at < 0 {
			return false
		}
		name = name[:at]
	}
}

// hasCode reports whether Python stands at or below a manifest's folder: else it is for an image whose code lies elsewhere.
func hasCode(r *packages.Repository, m *packages.Manifest) bool {
	for p := range r.Imports {
		if m.Folder() == "" || strings.HasPrefix(p, m.Folder()+"/") {
			return true
		}
	}
	return false
}

// frozenFrom is how many requirements, all pinned, look like the output of pip freeze or a compiler.
const frozenFrom = 20

// frozen reports whether a file of requirements holds what others need too: all pinned, or with a source beside it.
func frozen(g *graph.Graph, m *packages.Manifest) bool {
	if m.Kind != packages.Requirements {
		return false
	}
	if g.HasPath(strings.TrimSuffix(m.Path, ".txt") + ".in") {
		return true
	}
	inner := slices.ContainsFunc(m.Requirements, func(q packages.Requirement) bool { return onlyTransitive[q.Name] })
	return (len(m.Requirements) >= frozenFrom || inner) && pinnedShare(m) > 0.9
}

// onlyTransitive is distributions that a person hardly ever writes down: with them a file of requirements is a frozen one.
var onlyTransitive = set(`idna frozenlist aiosignal multidict yarl markupsafe charset-normalizer sqlparse certifi pycparser zipp`)

func pinnedShare(m *packages.Manifest) float64 {
	n := 0
	for _, q := range m.Requirements {
		if packages.Pinned(q.Spec) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(m.Requirements)))
}

// implicit is the distributions that others load by name: drivers, file systems, engines, servers, command lines.
var implicit = set(`pyarrow fastparquet openpyxl xlrd xlsxwriter xlwt pyxlsb lxml html5lib s3fs gcsfs adlfs fsspec uvicorn gunicorn greenlet psycopg2
	psycopg2-binary psycopg pymysql mysqlclient mysql-connector-python pyodbc pymssql cx-oracle oracledb asyncpg trino pyhive pyathena
	snowflake-sqlalchemy duckdb redshift-connector clickhouse-driver clickhouse-connect tabulate cryptography certifi urllib3 setuptools
	dagster-webserver dagster-cloud pytest sqlfluff sqlmesh dbt-core streamlit kaleido protobuf grpcio numba zstandard lz4 databricks-sql-connector
	apache-airflow psutil six pysocks python-dotenv ipywidgets pandas-gbq great-expectations google-cloud-bigquery-storage websockets python-multipart
	celery redis flask tornado werkzeug markdown html5lib packaging typing-extensions charset-normalizer chardet regex pillow jinja2
	google-cloud-bigquery google-cloud-storage sqlalchemy numpy fiona fastavro httpx torch torchvision tiktoken more-itertools watchdog pymongo aiohttp filelock deepdiff attrs multidict yarl wrapt requests`)

// impliedBy reports whether a distribution is one of a family that a framework loads itself.
func impliedBy(name string) bool {
	return strings.HasPrefix(name, "apache-airflow-providers-") || strings.HasPrefix(name, "soda-") || strings.HasPrefix(name, "types-") || strings.HasPrefix(name, "dbt-")
}
