// Package quality holds the rules of the standard's "Data Quality" and "Testing": checks on datasets, tests of logic.
package quality

import (
	"embed"

	"delint/rules"
)

//go:embed *.md *.txtar
var files embed.FS

var _ = rules.Pages(files)
