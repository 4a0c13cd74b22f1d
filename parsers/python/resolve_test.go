package python_test

import (
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/python"

	"github.com/google/go-cmp/cmp"
)

func read(t testing.TB, path, text string) *parsers.File {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource(path, []byte(text)), Language: python.Language}
	if err := python.Parse(f); err != nil {
		t.Fatal(err)
	}
	return f
}

// probe is the argument of the call probe(…) in a module.
func probe(t testing.TB, f *parsers.File) parsers.Node {
	t.Helper()
	for n := range f.Tree.All(python.Call) {
		if n.Field(python.Function).Text() == "probe" {
			return n.Field(python.Arguments).FirstNamed()
		}
	}
	t.Fatal("no probe in the text")
	return parsers.Node{}
}

func TestResolve(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"module", "import a.b\nprobe(a.b.c)", "a.b.c"},
		{"alias of a module", "import a.b as c\nprobe(c.d)", "a.b.d"},
		{"from", "from a.b import c\nprobe(c)", "a.b.c"},
		{"from with alias", "from a import c as d\nprobe(d.e)", "a.c.e"},
		{"relative", "from ..a import c\nprobe(c)", "..a.c"},
		{"relative package", "from . import c\nprobe(c.d)", ".c.d"},
		{"builtin", "probe(Exception)", "builtins.Exception"},
		{"builtin shadowed", "class Exception: pass\nprobe(Exception)", ""},
		{"assignment", "from a import b\nc = b.d\nprobe(c)", "a.b.d"},
		{"alias of a builtin", "E = Exception\nprobe(E)", "builtins.Exception"},
		{"parameter hides import", "import a\ndef f(a):\n    probe(a)", ""},
		{"default is outside", "import a\ndef f(a=probe(a)): pass", "a"},
		{"function import", "def f():\n    from a import b\n    probe(b)", "a.b"},
		{"other function's import", "def g():\n    from a import b\ndef f():\n    probe(b)", ""},
		{"class body is not seen from its methods", "import a\nclass C:\n    a = 1\n    def f(self):\n        probe(a)", "a"},
		{"loop variable", "import a\nfor a in b:\n    probe(a)", ""},
		{"optional import", "try:\n    import a\nexcept ImportError:\n    a = None\nprobe(a.b)", "a.b"},
		{"import under if", "if x:\n    from a import c\nelse:\n    from b import c\nprobe(c)", "a.c"},
		{"type checking only", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import b\nprobe(b)", "a.b"},
		{"call is no path", "import a\nprobe(a.b().c)", ""},
		{"star", "from a import *\nprobe(b)", ""},
		{"global", "def f():\n    global a\n    import a\ndef g():\n    probe(a)", "a"},
		{"itself", "a = a\nprobe(a)", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := read(t, "m.py", tt.text)
			if got := python.Imports(f).Resolve(probe(t, f)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestResolveAll(t *testing.T) {
	f := read(t, "m.py", "try:\n    import a as c\nexcept ImportError:\n    import b as c\nprobe(c.d)")
	if diff := cmp.Diff([]string{"a.d", "b.d"}, python.Imports(f).ResolveAll(probe(t, f))); diff != "" {
		t.Error(diff)
	}
}

func TestFold(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		ok         bool
	}{
		{`probe("a" "b")`, "ab", true},
		{`probe("a" + "b")`, "ab", true},
		{`probe("a" + x)`, "a□", true},
		{`probe(x + y)`, "□□", false},
		{`probe(f"a{x!r:>{w}}b{{c}}")`, "a□b{c}", true},
		{`probe("a.{}.{b}".format(x, b=1))`, "a.□.□", true},
		{`probe("%s.%(b)d 5%%" % x)`, "□.□ 5%", true},
		{`probe("a\n\x41\u00e9\101\q")`, "a\nAéA\\q", true},
		{`probe(r"a\n")`, `a\n`, true},
		{`probe(b"a")`, "", false},
		{`probe(1)`, "", false},
		{"T = 'orders'\nprobe(f'silver.{T}')", "silver.□", true},
		{"T = 'orders'\nprobe('silver.' + T)", "silver.orders", true},
		{"T = 'a'\nT = 'b'\nprobe(T)", "", false},
		{"T = T + 'a'\nprobe(T)", "□a", true},
	} {
		f := read(t, "m.py", tt.text)
		text, holes, ok := python.Fold(f, probe(t, f))
		if ok != tt.ok || holes != strings.Contains(text, python.Hole) {
			t.Errorf("%s: ok = %t, holes = %t", tt.text, ok, holes)
		}
		if got := strings.ReplaceAll(text, python.Hole, "□"); tt.want != "" && got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestUnits(t *testing.T) {
	for _, tt := range []struct {
		name, path, text string
		want             []string
	}{
		{"dagster", "m.py", "import dagster as dg\n@dg.asset(key='a')\ndef a(): ...\n@dg.op\ndef b(): ...", []string{"dagster-asset a", "dagster-op b"}},
		{"other asset", "m.py", "from mine import asset\n@asset\ndef a(): ...", nil},
		{"dbt assets", "m.py", "from dagster_dbt import dbt_assets\n@dbt_assets(manifest=m)\ndef a(): ...", []string{"dagster-asset a"}},
		{"task flow", "m.py", "from airflow.decorators import dag, task\n@dag()\ndef d():\n    @task.virtualenv(x=1)\n    def t(): ...", []string{"airflow-dag d", "airflow-task d.t"}},
		{"callable", "m.py", "from x import g\nPythonOperator(python_callable=f)\nPythonOperator(python_callable=g)\ndef f(): ...", []string{"airflow-task f", "→ airflow-task x.g"}},
		{"partial", "m.py", "from functools import partial\nPythonOperator(python_callable=partial(f, 1))\ndef f(a): ...", []string{"airflow-task f"}},
		{"operator", "m.py", "from airflow.models import BaseOperator\nclass A(BaseOperator):\n    def execute(self, context): ...\nclass B(A):\n    def execute(self, context): ...\n    def other(self): ...\nclass C:\n    def execute(self): ...", []string{"airflow-operator A.execute", "airflow-operator B.execute"}},
		{"prefect options", "m.py", "from prefect import task, flow\nt = task.with_options(retries=1)\n@t\ndef a(): ...\n@flow(name='b')\ndef b(): ...", []string{"prefect-task a", "prefect-flow b"}},
		{"dbt model", "dbt/models/gold/m.py", "def model(dbt, session): ...", []string{"dbt-python-model model"}},
		{"no dbt model", "src/m.py", "def model(dbt, session): ...", nil},
		{"spark", "m.py", "from pyspark.sql import functions as F\ndef f(x): ...\ng = F.udf(f)\n@F.pandas_udf('int')\ndef h(x): ...", []string{"spark-udf f", "spark-udf h"}},
		{"sqlmesh", "m.py", "from sqlmesh import model, macro\n@model('a.b')\ndef execute(context): ...\n@macro()\ndef m(e): ...", []string{"sqlmesh-model execute", "sqlmesh-macro m"}},
		{"io manager", "m.py", "from dagster import ConfigurableIOManager\nclass A(ConfigurableIOManager):\n    def load_input(self, context): ...", []string{"dagster-io-manager A.load_input"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := read(t, tt.path, tt.text)
			var got []string
			for _, u := range python.Units(f) {
				got = append(got, string(u.Kind)+" "+u.Def.Name)
			}
			for _, r := range python.UnitReferences(f) {
				got = append(got, "→ "+string(r.Kind)+" "+r.Target)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
