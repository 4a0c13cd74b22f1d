// Package dataframes holds the rules on DataFrame code: pandas, Polars, Narwhals, Spark.
package dataframes

import (
	"embed"

	"delint/rules"
)

//go:embed *
var files embed.FS

var _ = rules.Pages(files)
