// Package yaml reads YAML.
package yaml

import (
	"delint/parsers"
)

// Language is YAML as a kind of file.
var Language = &parsers.Language{Name: "yaml", Match: parsers.Extensions("yml", "yaml")}
