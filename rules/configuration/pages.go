// Package configuration holds the rules on configuration: values of one environment in code, settings read where they should not be.
package configuration

import (
	"embed"

	"delint/rules"
)

//go:embed *
var files embed.FS

var _ = rules.Pages(files)
