package settings_test

import (
	"testing"

	"delint/graph"
	"delint/graph/settings"
	"delint/parsers"

	"golang.org/x/tools/txtar"
)

// link makes the graph of an archive.
func link(t *testing.T, archive string) *graph.Graph {
	t.Helper()
	var files []*graph.Facts
	var paths []string
	for _, f := range txtar.Parse([]byte(archive)).Files {
		files = append(files, graph.Extract(&parsers.File{Source: parsers.NewSource(f.Name, f.Data)}, graph.RoleOf(f.Name, f.Data)))
		paths = append(paths, f.Name)
	}
	return graph.Link(files, paths, graph.Options{})
}

const (
	workflow = "-- .github/workflows/ci.yml --\non: [push]\njobs:\n  lint:\n    steps:\n      - run: uv run ruff check .\n"
	checks   = "-- .github/workflows/ci.yml --\non: [push]\njobs:\n  types:\n    steps:\n      - run: |\n          pip install mypy\n          mypy src\n"
	module   = "-- src/etl/load.py --\n"
	selects  = "-- pyproject.toml --\n[tool.ruff.lint]\nselect = ['S', 'E722']\n"
)

func TestRuff(t *testing.T) {
	for _, tt := range []struct {
		name, archive string
		want          bool
	}{
		{"selected and run", module + selects + workflow, true},
		{"not run", module + selects, false},
		{"not configured", module + workflow, false},
		{"defaults", module + workflow + "-- pyproject.toml --\n[tool.ruff]\nline-length = 100\n", false},
		{"another code", module + workflow + "-- pyproject.toml --\n[tool.ruff.lint]\nselect = ['SIM', 'E']\n", false},
		{"everything", module + workflow + "-- ruff.toml --\n[lint]\nselect = ['ALL']\n", true},
		{"old place", module + workflow + "-- .ruff.toml --\nselect = ['S1']\n", true},
		{"extended", module + workflow + "-- pyproject.toml --\n[tool.ruff.lint]\nextend-select = ['S110']\n", true},
		{"ignored", module + workflow + "-- pyproject.toml --\n[tool.ruff.lint]\nselect = ['S']\nignore = ['S110']\n", false},
		{"ignored less exactly", module + workflow + "-- pyproject.toml --\n[tool.ruff.lint]\nselect = ['S110']\nignore = ['S']\n", true},
		{"ignored elsewhere", module + workflow + "-- pyproject.toml --\n[tool.ruff.lint]\nselect = ['S']\n[tool.ruff.lint.per-file-ignores]\n'tests/*' = ['S']\n", true},
		{"ignored in the file", module + workflow + "-- pyproject.toml --\n[tool.ruff.lint]\nselect = ['S']\n[tool.ruff.lint.per-file-ignores]\n'src/**/load.py' = ['S110']\n", false},
		{"ignored outside a folder", module + workflow + "-- pyproject.toml --\n[tool.ruff.lint]\nselect = ['S']\n[tool.ruff.lint.per-file-ignores]\n'!lib/**.py' = ['S110']\n", false},
		{"file excluded", module + workflow + "-- pyproject.toml --\n[tool.ruff]\nextend-exclude = ['src/etl']\n[tool.ruff.lint]\nselect = ['S']\n", false},
		{"nearest configuration wins", module + workflow + selects + "-- src/ruff.toml --\nline-length = 80\n", false},
		{"extend", module + workflow + selects + "-- src/ruff.toml --\nextend = '../pyproject.toml'\n", true},
		{"extend, then select", module + workflow + selects + "-- src/ruff.toml --\nextend = '../pyproject.toml'\nlint.select = ['F']\n", false},
		{"extend, then ignore", module + workflow + selects + "-- src/ruff.toml --\nextend = '../pyproject.toml'\nlint.ignore = ['S110']\n", false},
		{"extend of an unknown file", module + workflow + "-- src/ruff.toml --\nextend = '../base.toml'\nlint.select = ['S']\n", false},
		{"broken configuration", module + workflow + "-- ruff.toml --\n[lint\n", false},
		{"only formats", module + selects + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: ruff format .}]}}\n", false},
		{"may fail", module + selects + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: ruff check . || true}]}}\n", false},
		{"continues on error", module + selects + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: ruff check ., continue-on-error: true}]}}\n", false},
		{"by hand only", module + selects + "-- .github/workflows/ci.yml --\non: workflow_dispatch\njobs: {a: {steps: [{run: ruff check .}]}}\n", false},
		{"only installed", module + selects + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: pip install ruff}]}}\n", false},
		{"another folder", module + selects + "-- lib/a.py --\n-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: ruff check lib}]}}\n", false},
		{"this folder", module + selects + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: ruff check src tests}]}}\n", true},
		{"working directory", module + selects + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: ruff check, working-directory: lib}]}}\n", false},
		{"selects by argument", module + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: 'ruff check --select=S,E .'}]}}\n", true},
		{"selects others by argument", module + selects + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{run: ruff check --select F .}]}}\n", false},
		{"action", module + selects + "-- .github/workflows/ci.yml --\non: push\njobs: {a: {steps: [{uses: astral-sh/ruff-action@v3}]}}\n", true},
		{"hook", module + selects + "-- .pre-commit-config.yaml --\nrepos: [{repo: x, hooks: [{id: ruff-check}, {id: ruff-format}]}]\n", true},
		{"hook that formats", module + selects + "-- .pre-commit-config.yaml --\nrepos: [{repo: x, hooks: [{id: ruff-format}]}]\n", false},
		{"manual hook", module + selects + "-- .pre-commit-config.yaml --\nrepos: [{repo: x, hooks: [{id: ruff, stages: [manual]}]}]\n", false},
		{"hook for other files", module + selects + "-- .pre-commit-config.yaml --\nrepos: [{repo: x, hooks: [{id: ruff, files: ^lib/}]}]\n", false},
		{"excluded from hooks", module + selects + "-- .pre-commit-config.yaml --\nexclude: ^src/\nrepos: [{repo: x, hooks: [{id: ruff}]}]\n", false},
		{"local hook", module + selects + "-- .pre-commit-config.yaml --\nrepos: [{repo: local, hooks: [{id: lint, entry: poetry run ruff check}]}]\n", true},
		{"make", module + selects + "-- Makefile --\nall: lint\nlint: style\nstyle:\n\t@uv run ruff check .\n-- .gitlab-ci.yml --\nlint:\n  script:\n    - make lint\n", true},
		{"switched off in the module", "-- src/etl/load.py --\n\"\"\"Loads.\"\"\"\n# ruff: noqa\n" + selects + workflow, false},
		{"another code switched off in the module", "-- src/etl/load.py --\n# ruff: noqa: F401\n" + selects + workflow, true},
		{"make without CI", module + selects + "-- Makefile --\nlint:\n\truff check .\n", false},
		{"make that goes on", module + selects + "-- Makefile --\nlint:\n\t-ruff check .\n-- .gitlab-ci.yml --\nlint: {script: [make lint]}\n", false},
		{"tox", module + selects + "-- tox.ini --\n[tox]\nenvlist = py312, lint\n[testenv:lint]\ndeps = ruff\ncommands =\n    ruff check src\n-- .gitlab-ci.yml --\nlint: {script: [tox]}\n", true},
		{"tox of another environment", module + selects + "-- tox.ini --\n[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = ruff check src\n-- .gitlab-ci.yml --\nlint: {script: [tox -e py]}\n", false},
		{"nox", module + selects + "-- noxfile.py --\n@nox.session\ndef lint(session):\n    session.run(\"ruff\", \"check\", \".\")\n-- .gitlab-ci.yml --\nlint: {script: [nox -s lint]}\n", true},
		{"script", module + selects + "-- bin/lint.sh --\n#!/bin/sh\nset -e\nruff check .\n-- .gitlab-ci.yml --\nlint: {script: [./bin/lint.sh]}\n", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := settings.Deferred(link(t, tt.archive), "src/etl/load.py", []string{"ruff:S110"}); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestTypeCheckers(t *testing.T) {
	for _, tt := range []struct {
		name, archive string
		want          bool
	}{
		{"strict", module + checks + "-- mypy.ini --\n[mypy]\nstrict = True\n", true},
		{"untyped defs", module + checks + "-- setup.cfg --\n[mypy]\ndisallow_untyped_defs = true  # all of them\n", true},
		{"in pyproject", module + checks + "-- pyproject.toml --\n[tool.mypy]\ndisallow_untyped_defs = true\n", true},
		{"strict but not this", module + checks + "-- mypy.ini --\n[mypy]\nstrict = True\ndisallow_untyped_defs = False\n", false},
		{"not run", module + "-- mypy.ini --\n[mypy]\nstrict = True\n", false},
		{"neutral", module + checks + "-- mypy.ini --\n[mypy]\npython_version = 3.12\n", false},
		{"lifted for the module", module + checks + "-- mypy.ini --\n[mypy]\nstrict = True\n[mypy-etl.*]\ndisallow_untyped_defs = False\n", false},
		{"errors ignored in the module", module + checks + "-- pyproject.toml --\n[tool.mypy]\nstrict = true\n[[tool.mypy.overrides]]\nmodule = ['etl.load', 'x']\nignore_errors = true\n", false},
		{"lifted elsewhere", module + checks + "-- mypy.ini --\n[mypy]\nstrict = True\n[mypy-tests.*]\ndisallow_untyped_defs = False\n", true},
		{"only for the module", module + checks + "-- pyproject.toml --\n[tool.mypy]\n[[tool.mypy.overrides]]\nmodule = 'etl.*'\ndisallow_untyped_defs = true\n", true},
		{"switched off in the module", "-- src/etl/load.py --\n# mypy: disable-error-code=no-untyped-def\n" + checks + "-- mypy.ini --\n[mypy]\nstrict = True\n", false},
		{"ignored from the first line", "-- src/etl/load.py --\n#!/usr/bin/python\n# type: ignore\nx = 1\n" + checks + "-- mypy.ini --\n[mypy]\nstrict = True\n", false},
		{"a line ignored", "-- src/etl/load.py --\nx = 1  # type: ignore\n" + checks + "-- mypy.ini --\n[mypy]\nstrict = True\n", true},
		{"excluded", module + checks + "-- mypy.ini --\n[mypy]\nstrict = True\nexclude = src/etl/\n", false},
		{"by argument", module + "-- .gitlab-ci.yml --\na: {script: [mypy --strict src]}\n", true},
		{"another configuration", module + "-- strict.ini --\n-- mypy.ini --\n[mypy]\nstrict = True\n-- .gitlab-ci.yml --\na: {script: [mypy --config-file strict.ini src]}\n", false},
		{"pyright", module + "-- pyrightconfig.json --\n{\n  // all of it\n  \"typeCheckingMode\": \"strict\"\n}\n-- .gitlab-ci.yml --\na: {script: [npx pyright]}\n", true},
		{"pyright warns", module + "-- pyproject.toml --\n[tool.pyright]\nreportMissingParameterType = 'warning'\n-- .gitlab-ci.yml --\na: {script: [pyright]}\n", false},
		{"pyright strict elsewhere", module + "-- pyproject.toml --\n[tool.pyright]\nstrict = ['lib']\n-- .gitlab-ci.yml --\na: {script: [pyright]}\n", false},
		{"stub", module + "-- src/etl/load.pyi --\n", true},
		{"both codes", module + workflow + "-- ruff.toml --\nlint.select = ['ANN']\n", true},
		{"one of two codes", module + workflow + "-- ruff.toml --\nlint.select = ['ANN001']\n", false},
		{"fully untyped ones are left alone", module + workflow + "-- ruff.toml --\nlint.select = ['ANN']\n[lint.flake8-annotations]\nignore-fully-untyped = true\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			codes := []string{"stub:pyi", "ruff:ANN001+ANN201", "mypy:disallow_untyped_defs", "pyright:reportMissingParameterType"}
			if got := settings.Deferred(link(t, tt.archive), "src/etl/load.py", codes); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
