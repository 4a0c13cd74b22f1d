package airflow

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"

	"github.com/google/go-cmp/cmp"
)

func facts(t *testing.T, text string) *graph.Facts {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource("dags/x.py", []byte(text)), Language: python.Language, Limits: parsers.DefaultLimits}
	if err := python.Language.Parse(f); err != nil {
		t.Fatal(err)
	}
	out := &graph.Facts{Path: "dags/x.py"}
	extract(f, out)
	return out
}

func TestDatasets(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"an asset as outlet, by name and in place", `
from airflow.sdk import Asset, task
orders = Asset("s3://lake/bronze/orders")
@task(outlets=[orders, Asset(uri="postgres://host/db/gold/revenue")], inlets=[Asset("s3://lake/landing/orders")])
def load(): ...
`, []string{"path s3://lake/bronze/orders < s3://lake/landing/orders", "table db.gold.revenue < s3://lake/landing/orders"}},
		{"a dataset of Airflow 2", `
from airflow.datasets import Dataset
from airflow.operators.bash import BashOperator
BashOperator(task_id="x", bash_command="x", outlets=[Dataset("gs://lake/silver/orders")])
`, []string{"path gs://lake/silver/orders <"}},
		{"an asset that is only a name, or of an unknown variable", `
from airflow.sdk import Asset
from airflow.operators.bash import BashOperator
BashOperator(task_id="x", bash_command="x", outlets=[Asset("orders"), elsewhere, Asset(f"{root}")])
`, nil},
		{"a list of statements, and a file", `
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
SQLExecuteQueryOperator(task_id="x", sql=["create table a.b as select * from c.d", "insert into a.e select * from a.b"])
SQLExecuteQueryOperator(task_id="y", sql="sql/orders.sql")
`, []string{"table a.b < c.d", "table a.e < a.b"}},
		{"transfers", `
from airflow.providers.google.cloud.transfers.gcs_to_bigquery import GCSToBigQueryOperator
from airflow.providers.amazon.aws.transfers.s3_to_redshift import S3ToRedshiftOperator
GCSToBigQueryOperator(task_id="x", bucket="lake", source_objects=["orders/{{ ds }}/*.json"], destination_project_dataset_table="p.raw.orders")
S3ToRedshiftOperator(task_id="y", schema="raw", table="customers", s3_bucket="lake", s3_key="customers/")
S3ToRedshiftOperator(task_id="z", schema="raw", table=name, s3_bucket="lake", s3_key="customers/")
`, []string{"table p.raw.orders < gs://lake/orders/⟨*⟩/*.json", "table raw.customers < s3://lake/customers/"}},
		{"a BigQuery job", `
from airflow.providers.google.cloud.operators.bigquery import BigQueryInsertJobOperator
BigQueryInsertJobOperator(task_id="x", configuration={"query": {"query": "select * from raw.orders", "destinationTable": {"projectId": "p", "datasetId": "mart", "tableId": "orders"}}})
BigQueryInsertJobOperator(task_id="y", configuration={"query": {"query": "create table mart.b as select * from raw.c", "useLegacySql": False}})
`, []string{"table p.mart.orders < raw.orders", "table mart.b < raw.c"}},
	} {
		var got []string
		for _, d := range facts(t, c.text).Datasets {
			var reads []string
			for _, r := range d.Reads {
				reads = append(reads, strings.Join(r.Parts, "."))
			}
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s < %s", d.Kind, strings.Join(d.Parts, "."), strings.Join(reads, ","))))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}
