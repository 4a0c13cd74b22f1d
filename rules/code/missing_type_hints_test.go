package code_test

import (
	"strings"
	"testing"

	"delint/rules"
	"delint/rules/code"
)

// TestMissingTypeHintsSeverity holds what a page can't say: how bad each finding is, and who reports it elsewhere.
func TestMissingTypeHintsSeverity(t *testing.T) {
	const untyped = "stub:pyi mypy:disallow_untyped_defs ruff:ANN001+ANN201 ruff:ANN001+ANN202"
	const incomplete = untyped + " mypy:disallow_incomplete_defs"
	for _, tt := range []struct {
		name, text string
		severity   rules.Severity
		defers     string
	}{
		{"plain", "def f(a):\n    return a", rules.Low, untyped + " pyright:reportMissingParameterType"},
		{"partly typed", "def f(a, b: int) -> int:\n    return a", rules.Low, incomplete + " pyright:reportMissingParameterType"},
		{"return only", "def f(a: int):\n    return a", rules.Low, incomplete},
		{"unit", "from prefect import task\n@task\ndef f(a) -> int:\n    return a", rules.Medium, incomplete + " pyright:reportMissingParameterType"},
		{"frame type", "import polars as pl\ndef f(a, b: list[pl.DataFrame]) -> None:\n    print(a)", rules.Medium, incomplete + " pyright:reportMissingParameterType"},
		{"quoted frame type", "def f(a, b: 'pd.DataFrame') -> None:\n    print(a)", rules.Medium, incomplete + " pyright:reportMissingParameterType"},
		{"frame by its name", "import pandas as pd\ndef f(df) -> None:\n    print(df)", rules.Medium, incomplete + " pyright:reportMissingParameterType"},
		{"frame made", "import pandas as pd\ndef f():\n    out = pd.read_csv('a.csv')\n    return out", rules.Medium, untyped},
		{"df without a frame library", "def f(df) -> None:\n    print(df)", rules.Low, incomplete + " pyright:reportMissingParameterType"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := run(t, code.MissingTypeHints, "etl/a.py", tt.text)
			if len(found) != 1 {
				t.Fatalf("%d findings", len(found))
			}
			if got := strings.Join(found[0].Defer, " "); found[0].Severity != tt.severity || got != tt.defers {
				t.Errorf("got %s and %q, want %s and %q", found[0].Severity, got, tt.severity, tt.defers)
			}
		})
	}
}

func TestMissingTypeHintsCollapse(t *testing.T) {
	found := run(t, code.MissingTypeHints, "etl/a.py", "def f(a): ...\ndef g(a): ...\n")
	if len(found) != 2 || found[0].Collapse == "" || found[0].Collapse != found[1].Collapse {
		t.Error("the findings of a file are not one group")
	}
	if got := code.MissingTypeHints.Collapsed(12); got != "untyped module: 12 functions lack type hints" {
		t.Error(got)
	}
}
