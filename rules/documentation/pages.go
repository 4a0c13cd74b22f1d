// Package docs holds the rules of the standard's "Documentation Standards". The go command leaves out packages that are named
// documentation, so the package is not named as its folder.
package docs

import (
	"embed"

	"delint/rules"
)

//go:embed *.md *.txtar
var files embed.FS

var _ = rules.Pages(files)
