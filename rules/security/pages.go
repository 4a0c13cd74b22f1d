// Package security holds the rules of the standard's "Security" part and the engine that finds secrets.
package security

import (
	"embed"

	"delint/rules"
)

//go:embed *.md *.txtar
var files embed.FS

var _ = rules.Pages(files)
