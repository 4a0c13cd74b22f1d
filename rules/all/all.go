// Package all imports every folder of rules, so that their rules are in the catalogue. A new folder costs one line here.
package all

import (
	_ "delint/rules/code"
	_ "delint/rules/documentation"
	_ "delint/rules/quality"
	_ "delint/rules/security"
)
