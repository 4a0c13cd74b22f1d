// Package code holds the rules of the standard's "Code Quality & Best Practices".
package code

import (
	"embed"

	"delint/rules"
)

//go:embed *.md
var files embed.FS

var _ = rules.Pages(files)
