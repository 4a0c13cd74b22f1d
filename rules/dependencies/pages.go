// Package dependencies holds the rules on the packages that a repository needs: pinned, declared, used.
package dependencies

import (
	"embed"

	"delint/rules"
)

//go:embed *
var files embed.FS

var _ = rules.Pages(files)
