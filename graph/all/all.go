// Package all imports every tool folder, so that the graph knows its files. A new folder costs one line here.
package all

import (
	_ "delint/graph/airflow"
	_ "delint/graph/code"
	_ "delint/graph/cube"
	_ "delint/graph/dagster"
	_ "delint/graph/dbt"
	_ "delint/graph/documents"
	_ "delint/graph/frames"
	_ "delint/graph/greatexpectations"
	_ "delint/graph/lakefs"
	_ "delint/graph/mentions"
	_ "delint/graph/migrations"
	_ "delint/graph/odcs"
	_ "delint/graph/packages"
	_ "delint/graph/references"
	_ "delint/graph/settings"
	_ "delint/graph/soda"
	_ "delint/graph/sqlfiles"
	_ "delint/graph/sqlmesh"
	_ "delint/graph/superset"
)
