package code_test

import (
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
	"delint/rules/code"
)

// TestEmptyExceptSeverity holds what a page can't say: how bad each handler is, and what ruff calls it.
func TestEmptyExceptSeverity(t *testing.T) {
	for _, tt := range []struct {
		name, path, text string
		severity         rules.Severity
		defers           string
	}{
		{"bare", "a.py", "try:\n    f()\nexcept:\n    pass", rules.Critical, "ruff:E722 ruff:S110 ruff:SIM105"},
		{"bare with dots", "a.py", "try:\n    f()\nexcept:\n    ...", rules.Critical, "ruff:E722 ruff:SIM105"},
		{"base", "a.py", "try:\n    f()\n    g()\nexcept BaseException:\n    pass", rules.Critical, "ruff:S110"},
		{"broad", "a.py", "try:\n    f()\nexcept Exception:\n    pass", rules.High, "ruff:S110 ruff:SIM105"},
		{"broad with a text", "a.py", "try:\n    f()\nexcept Exception:\n    'no'\n    pass", rules.High, ""},
		{"broad in a tuple, with finally", "a.py", "try:\n    f()\nexcept (OSError, Exception):\n    pass\nfinally:\n    g()", rules.High, "ruff:S110"},
		{"broad that ruff is kept from", "a.py", "try:\n    f()\nexcept Exception:  # noqa\n    pass", rules.High, ""},
		{"alias of broad", "a.py", "E = Exception\ntry:\n    f()\nexcept E:\n    pass", rules.High, "ruff:SIM105"},
		{"root", "a.py", "from airflow.exceptions import AirflowException\ntry:\n    f()\nexcept AirflowException:\n    pass", rules.Medium, "ruff:SIM105"},
		{"root with a reason", "a.py", "try:\n    f()\nexcept OSError:  # the cache is optional\n    pass", rules.Medium, "ruff:SIM105"},
		{"narrow", "a.py", "try:\n    f()\nexcept ValueError:\n    pass", rules.Low, "ruff:SIM105"},
		{"not resolved", "a.py", "def g(errors):\n    try:\n        f()\n    except errors:\n        pass", rules.Low, "ruff:SIM105"},
		{"two handlers", "a.py", "try:\n    f()\nexcept ValueError:\n    pass\nexcept KeyError as e:\n    raise e", rules.Low, ""},
		{"suppress", "a.py", "from contextlib import suppress\nwith suppress(Exception):\n    f()", rules.High, ""},
		{"suppress of four", "a.py", "from contextlib import suppress\nwith suppress(OSError):\n    f()\n    f()\n    f()\n    f()", rules.High, ""},
		{"cleanup", "a.py", "try:\n    f()\nfinally:\n    try:\n        g()\n    except Exception:\n        pass", rules.Medium, "ruff:S110 ruff:SIM105"},
		{"bare cleanup", "a.py", "def close(x):\n    try:\n        x.flush()\n    except:\n        pass", rules.High, "ruff:E722 ruff:S110 ruff:SIM105"},
		{"price is no cleanup", "a.py", "def get_close_price(x):\n    try:\n        x.flush()\n    except Exception:\n        pass", rules.High, "ruff:S110 ruff:SIM105"},
		{"module of a dag file", "dags/a.py", "from airflow import DAG\ntry:\n    f()\nexcept Exception:\n    pass", rules.Critical, "ruff:S110 ruff:SIM105"},
		{"function of a dag file", "dags/a.py", "from airflow import DAG\ndef g():\n    try:\n        f()\n    except Exception:\n        pass", rules.High, "ruff:S110 ruff:SIM105"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := run(t, code.EmptyExcept, tt.path, tt.text)
			if len(found) != 1 {
				t.Fatalf("%d findings", len(found))
			}
			defers := ""
			for i, d := range found[0].Defer {
				if i > 0 {
					defers += " "
				}
				defers += d
			}
			if found[0].Severity != tt.severity || defers != tt.defers {
				t.Errorf("got %s and %q, want %s and %q", found[0].Severity, defers, tt.severity, tt.defers)
			}
			if s := found[0].Span; s.Start.Line != s.End.Line {
				t.Errorf("the finding spans lines %d to %d", s.Start.Line, s.End.Line)
			}
		})
	}
}

func run(t *testing.T, rule *rules.Rule, path, text string) []*rules.Finding {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource(path, []byte(text)), Language: python.Language}
	if err := python.Parse(f); err != nil {
		t.Fatal(err)
	}
	runner, err := rules.NewRunner([]*rules.Rule{rule})
	if err != nil {
		t.Fatal(err)
	}
	found, failures := runner.File(f, graph.RoleOf(path, f.Raw))
	for _, failure := range failures {
		t.Fatal(failure)
	}
	return found
}

func TestEmptyExceptEvidence(t *testing.T) {
	for text, want := range map[string]string{
		"for i in range(3):\n    try:\n        f()\n        break\n    except Exception:\n        pass": "a retry without final failure: nothing is raised after the last attempt",
		"for i in range(len(x)):\n    try:\n        f(x[i])\n    except Exception:\n        pass":       "",
		"try:\n    f()\nexcept Exception:  # the cache is optional\n    pass":                           "the comment says: the cache is optional",
	} {
		if found := run(t, code.EmptyExcept, "a.py", text); len(found) != 1 || found[0].Evidence != want {
			t.Errorf("%q: %v", text, found)
		}
	}
}
