// Package governance holds the rules of the standard's "Data Governance & Cataloging", the semantic layer and data versioning: contracts, owners, personal data.
package governance

import (
	"embed"

	"delint/rules"
)

//go:embed *.md *.txtar
var files embed.FS

var _ = rules.Pages(files)
