// Package models holds the rules on SQL models, statements, migrations and schema evolution.
package models

import (
	"embed"

	"delint/rules"
)

//go:embed *.md
var files embed.FS

var _ = rules.Pages(files)
