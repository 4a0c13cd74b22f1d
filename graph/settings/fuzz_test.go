package settings_test

import (
	"testing"

	"delint/graph"
	"delint/graph/settings"
	"delint/parsers"
)

// FuzzExtract reads hostile configuration files under every name, then asks what they defer.
func FuzzExtract(f *testing.F) {
	names := []string{
		"pyproject.toml", "ruff.toml", "mypy.ini", "setup.cfg", "tox.ini", "pyrightconfig.json", "noxfile.py", "Makefile",
		".pre-commit-config.yaml", ".github/workflows/ci.yml", ".gitlab-ci.yml", "lint.sh",
	}
	f.Add("[tool.ruff.lint]\nselect = ['S']\n[[tool.mypy.overrides]]\nmodule = ['a', 'b.*']\nstrict = true\n")
	f.Add("[mypy]\nstrict = True ; x\n  more\n[mypy-a.*,b]\nignore_errors: 1\n[testenv:lint]\ncommands =\n  mypy \\\n  src\n")
	f.Add("{\n// c\n\"strict\": [\"src\"]}")
	f.Add("lint: style\n\t@ruff check . && cd x; make lint || true\nstyle: lint\n")
	f.Add("on: push\njobs: {a: {steps: [{run: 'make lint', working-directory: x}, {uses: pre-commit/action@v1}]}}\n")
	f.Add("exclude: '(?x)^(a|b'\nrepos: [{repo: local, hooks: [{id: x, entry: tox -e lint, files: '[', args: [--select, S]}]}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		var files []*graph.Facts
		for _, name := range names {
			files = append(files, graph.Extract(&parsers.File{Source: parsers.NewSource(name, []byte(text))}, graph.RoleConfig))
		}
		g := graph.Link(files, names, graph.Options{})
		settings.Deferred(g, "src/a.py", []string{"ruff:S110", "mypy:disallow_untyped_defs", "pyright:reportMissingParameterType", "stub:pyi"})
	})
}
