// Package architecture holds the rules of the standard's "Architecture & Modeling" on the dataset graph: layers, cycles, sources.
package architecture

import (
	"embed"

	"delint/rules"
)

//go:embed *.md
var files embed.FS

var _ = rules.Pages(files)
