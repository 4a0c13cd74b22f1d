package dependencies

import (
	"slices"
	"strings"

	"delint/graph/packages"
)

// transitive is the distributions that so many others bring along that their absence rarely breaks a run.
var transitive = set(`numpy python-dateutil pytz pyyaml requests pydantic jinja2 urllib3 packaging attrs typing-extensions sqlalchemy
	google-auth certifi six click protobuf botocore cryptography pandas pyarrow`)

// platform is the modules that a managed runtime has without being asked: Databricks, EMR, Dataproc, Glue, Airflow itself.
var platform = set(`pyspark delta airflow databricks.sdk databricks.sql awsglue setuptools pytest cosmos`)

// provided reports whether the runtime of a file has a module without a requirement.
func provided(r *packages.Repository, p, module string) bool {
	if platform[module] || strings.HasPrefix(module, "airflow.") {
		return true
	}
	for _, i := range r.Imports[p] {
		switch top, _, _ := strings.Cut(i.Module, "."); top {
		case "airflow":
			// Composer, MWAA and Astro have packages of their own; an Airflow that is installed brings what it needs.
			return !r.DeclaredAnywhere("apache-airflow") || airflowBrings[module]
		case "pyspark", "dbruntime", "awsglue":
			return true
		}
	}
	return false
}

// airflowBrings is the modules that apache-airflow depends on itself.
var airflowBrings = set(`pendulum jinja2 sqlalchemy requests dateutil yaml attr attrs cryptography httpx jsonschema packaging tenacity rich
	pydantic tabulate psutil flask werkzeug alembic croniter google.protobuf opentelemetry.sdk fsspec jwt structlog wrapt slugify marshmallow`)

// brought reports whether a declared distribution is an umbrella of the wanted one: an extra, a provider, a bundle.
func brought(r *packages.Repository, names []string) bool {
	for _, name := range names {
		for _, m := range r.Manifests {
			for _, q := range m.Requirements {
				if slices.Contains(umbrellas[q.Name], name) || slices.Contains(strings.Split(q.Extras, ","), name) || strings.HasPrefix(name, "google-cloud-") && strings.HasSuffix(q.Name, "-google") {
					return true
				}
			}
		}
	}
	return false
}

// umbrellas is what some distributions promise to bring: part of their interface and not only of their inside.
var umbrellas = map[string][]string{
	"boto3":                           {"botocore"},
	"aiobotocore":                     {"botocore"},
	"dagster-dbt":                     {"dbt-core"},
	"dagster-snowflake":               {"snowflake-connector-python"},
	"dagster-duckdb":                  {"duckdb"},
	"dagster-dlt":                     {"dlt"},
	"snowflake-sqlalchemy":            {"snowflake-connector-python"},
	"snowflake-snowpark-python":       {"snowflake-connector-python"},
	"great-expectations":              {"pandas"},
	"feast":                           {"pandas"},
	"dbt-duckdb":                      {"duckdb"},
	"sqlmesh":                         {"sqlglot", "pandas"},
	"fastapi":                         {"starlette", "pydantic"},
	"sqlmodel":                        {"pydantic", "sqlalchemy"},
	"geopandas":                       {"pandas", "shapely"},
	"scikit-learn":                    {"joblib"},
	"opencv-python":                   {"numpy"},
	"apache-airflow-providers-amazon": {"boto3", "botocore", "redshift-connector"},
	"apache-airflow-providers-mysql":  {"mysqlclient", "mysql-connector-python"},
	"apache-airflow-providers-microsoft-mssql": {"pymssql"},
	"apache-airflow-providers-postgres":        {"psycopg2-binary", "psycopg2"},
	"apache-airflow-providers-snowflake":       {"snowflake-connector-python", "snowflake-sqlalchemy"},
	"apache-airflow-providers-google":          {"google-api-python-client", "google-auth", "pandas-gbq"},
	"apache-airflow-providers-slack":           {"slack-sdk"},
	"apache-airflow-providers-ssh":             {"paramiko"},
	"apache-airflow-providers-sftp":            {"paramiko"},
	"apache-airflow-providers-mongo":           {"pymongo"},
	"apache-airflow-providers-docker":          {"docker"},
	"apache-airflow-providers-cncf-kubernetes": {"kubernetes"},
	"dagster-aws": {"boto3", "botocore"},
	"prefect-aws": {"boto3", "botocore"},
	"s3fs":        {"botocore"},
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
