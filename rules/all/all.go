// Package all imports every folder of rules, so that their rules are in the catalogue. A new folder costs one line here.
package all

import (
	_ "delint/rules/architecture"
	_ "delint/rules/code"
	_ "delint/rules/configuration"
	_ "delint/rules/dataframes"
	_ "delint/rules/dependencies"
	_ "delint/rules/documentation"
	_ "delint/rules/governance"
	_ "delint/rules/models"
	_ "delint/rules/orchestration"
	_ "delint/rules/quality"
	_ "delint/rules/security"
)
