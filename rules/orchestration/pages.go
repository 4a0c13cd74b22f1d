// Package orchestration holds the rules of the standard's "Pipeline Orchestration": retries, schedules, tasks, what runs when a file is only read.
package orchestration

import (
	"embed"

	"delint/rules"
)

//go:embed *
var files embed.FS

var _ = rules.Pages(files)
