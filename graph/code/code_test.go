package code

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"slices"
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// facts reads one file as a run does.
func facts(t testing.TB, path string, text []byte) *graph.Facts {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource(path, text)}
	if python.Language.Match(path) {
		f.Language = python.Language
		if err := python.Parse(f); err != nil {
			t.Fatal(err)
		}
	}
	out := &graph.Facts{Path: path, Role: graph.RoleOf(path, text)}
	Extract(f, out)
	return out
}

// repository links the files of a txtar archive.
func repository(t testing.TB, archive string) *graph.Graph {
	t.Helper()
	var all []*graph.Facts
	var paths []string
	for _, f := range txtar.Parse([]byte(archive)).Files {
		all = append(all, facts(t, f.Name, f.Data))
		paths = append(paths, f.Name)
	}
	return graph.Link(all, paths, graph.Options{})
}

// calls lists what a function calls, as path:name.
func calls(f *graph.Function) []string {
	var out []string
	for _, e := range f.Calls {
		out = append(out, fmt.Sprintf("%s:%s", e.To.Module.Path, e.To.Name))
	}
	slices.Sort(out)
	return out
}

func TestResolution(t *testing.T) {
	const library = `
-- lib/__init__.py --
from .core import clean as tidy
from . import shapes
-- lib/core.py --
def clean(x): return x
class Base:
    def run_all(self): return self.step()
    def step(self): return 1
    @classmethod
    def make(cls): return cls()
    @property
    def size(self): return clean(self)
class Sub(Base):
    def step(self): return 2
class Holder:
    def __init__(self):
        self.part = Sub()
    def go(self): return self.part.step()
def maker() -> "Sub": ...
-- lib/shapes.py --
def area(x): return x
-- apps/one/util.py --
def helper(): return 1
-- apps/two/util.py --
def helper(): return 2
-- apps/one/__init__.py --
-- apps/two/__init__.py --
`
	for _, c := range []struct {
		name, path, code string
		want             []string
	}{
		{"absolute", "main.py", "from lib.core import clean\ndef f(): clean(1)", []string{"lib/core.py:clean"}},
		{"re-exported under another name", "main.py", "from lib import tidy\ndef f(): tidy(1)", []string{"lib/core.py:clean"}},
		{"package attribute", "main.py", "import lib\ndef f(): lib.shapes.area(1)", []string{"lib/shapes.py:area"}},
		{"module alias", "main.py", "import lib.core as c\ndef f(): c.clean(1)", []string{"lib/core.py:clean"}},
		{"dotted import binds its root", "main.py", "import lib.core\ndef f(): lib.core.clean(1)", []string{"lib/core.py:clean"}},
		{"relative", "lib/more.py", "from .core import clean\ndef f(): clean(1)", []string{"lib/core.py:clean"}},
		{"relative module", "lib/more.py", "from . import core\ndef f(): core.clean(1)", []string{"lib/core.py:clean"}},
		{"two levels up", "lib/deep/more.py", "from ..core import clean\ndef f(): clean(1)", []string{"lib/core.py:clean"}},
		{"star", "main.py", "from lib.core import *\ndef f(): clean(1)", []string{"lib/core.py:clean"}},
		{"in the function", "main.py", "def f():\n    from lib import core\n    core.clean(1)", []string{"lib/core.py:clean"}},
		{"fallback", "main.py", "try:\n    from fast import clean\nexcept ImportError:\n    from lib.core import clean\ndef f(): clean(1)", []string{"lib/core.py:clean"}},
		{"nearest of two", "apps/two/job.py", "from util import helper\ndef f(): helper()", []string{"apps/two/util.py:helper"}},
		{"constructed", "main.py", "from lib.core import Sub\ndef f():\n    x = Sub()\n    x.step()", []string{"lib/core.py:Sub.step"}},
		{"inherited, with what overrides", "main.py", "from lib.core import Sub\ndef f(x: Sub): x.run_all()", []string{"lib/core.py:Base.run_all"}},
		{"annotated base", "main.py", "from lib.core import Base\ndef f(x: Base): x.step()", []string{"lib/core.py:Base.step", "lib/core.py:Sub.step"}},
		{"optional", "main.py", "from lib.core import Sub\ndef f(x: 'Sub | None'): x.step()", []string{"lib/core.py:Sub.step"}},
		{"classmethod through a subclass", "main.py", "from lib.core import Sub\ndef f(): Sub.make().step()", []string{"lib/core.py:Base.make", "lib/core.py:Base.step", "lib/core.py:Sub.step"}},
		{"returned by an annotation", "main.py", "from lib.core import maker\ndef f(): maker().step()", []string{"lib/core.py:Sub.step", "lib/core.py:maker"}},
		{"attribute of an instance", "main.py", "from lib.core import Holder\ndef f(): Holder().part.step()", []string{"lib/core.py:Holder.__init__", "lib/core.py:Sub.step"}},
		{"property", "main.py", "from lib.core import Sub\ndef f(x: Sub): return x.size", []string{"lib/core.py:Base.size"}},
		{"passed", "main.py", "from lib.core import clean\ndef f(xs): return map(clean, xs)", []string{"lib/core.py:clean"}},
		{"in a list", "main.py", "from lib.core import Sub\ndef f():\n    for x in [Sub()]:\n        x.step()", []string{"lib/core.py:Sub.step"}},
		{"tuple", "main.py", "from lib.core import Sub\ndef f():\n    a, b = 1, Sub()\n    b.step()", []string{"lib/core.py:Sub.step"}},
		{"with", "main.py", "from lib.core import Sub\ndef f():\n    with Sub() as s:\n        s.step()", []string{"lib/core.py:Sub.step"}},
		{"getattr", "main.py", "from lib import core\ndef f(): getattr(core, 'clean')(1)", []string{"lib/core.py:clean"}},
		{"import_module", "main.py", "import importlib\ndef f():\n    m = importlib.import_module('lib.core')\n    m.clean(1)", []string{"lib/core.py:clean"}},
		{"another thing of the name", "main.py", "import json\ndef f(clean): clean(json.clean(1))", nil},
		{"third party of the name", "main.py", "from util import helper\ndef f(): helper(1)", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := repository(t, library+"-- "+c.path+" --\n"+c.code+"\n")
			if diff := cmp.Diff(c.want, calls(g.Code.Function(c.path, "f"))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnPath(t *testing.T) {
	g := repository(t, `
-- dags/d.py --
from airflow.sdk import task
from lib import helper, deep1
@task
def load():
    helper()
    deep1()
class Config:
    pass
-- lib.py --
def helper(): pass
def other(): pass
def deep1(): deep2()
def deep2(): deep3()
def deep3(): deep4()
def deep4(): deep5()
def deep5(): deep6()
def deep6(): deep7()
def deep7(): pass
-- bin/tool.py --
def main(): pass
`)
	for _, c := range []struct {
		path, unit string
		want       bool
	}{
		{"dags/d.py", "load", true},
		{"dags/d.py", "d.py", true},
		{"lib.py", "helper", true},
		{"lib.py", "other", false},
		{"lib.py", "deep6", true},
		{"lib.py", "deep7", false},
		{"lib.py", "lib.py", true},
		{"bin/tool.py", "main", false},
		{"bin/tool.py", "tool.py", false},
		{"models/orders.sql", "query 1", true},
	} {
		if got := g.Code.OnPath(c.path, c.unit); got != c.want {
			t.Errorf("OnPath(%s, %s) = %v", c.path, c.unit, got)
		}
	}
	library := repository(t, "-- lib.py --\ndef public(): pass\ndef _private(): pass\nclass A:\n    def __init__(self): pass\n    def _hidden(self): pass\n")
	for unit, want := range map[string]bool{"public": true, "_private": false, "A.__init__": true, "A._hidden": false} {
		if got := library.Code.OnPath("lib.py", unit); got != want {
			t.Errorf("library: OnPath(%s) = %v", unit, got)
		}
	}
}

func TestMarkExpression(t *testing.T) {
	for _, c := range []struct {
		expr  string
		marks []string
		want  bool
	}{
		{"not slow", nil, true},
		{"not slow", []string{"slow"}, false},
		{"spark and not slow", []string{"spark"}, true},
		{"spark and (slow or gpu)", []string{"spark", "gpu"}, true},
		{"not (slow or gpu)", []string{"gpu"}, false},
		{"spark", nil, false},
	} {
		if got := selects(c.expr, c.marks); got != c.want {
			t.Errorf("selects(%q, %q) = %v", c.expr, c.marks, got)
		}
	}
}

// TestPlain holds that facts survive the cache.
func TestPlain(t *testing.T) {
	f := facts(t, "tests/test_a.py", []byte("import pytest\nfrom a import f\n\n@pytest.mark.parametrize('x', [f])\ndef test_f(x):\n    assert x(1) == 2\n"))
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(f); err != nil {
		t.Fatal(err)
	}
	var back graph.Facts
	if err := gob.NewDecoder(&b).Decode(&back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f, &back); diff != "" {
		t.Error(diff)
	}
}

// TestDeterministic holds that linking gives the same whatever the order of the files.
func TestDeterministic(t *testing.T) {
	archive := txtar.Parse([]byte("-- a.py --\nfrom b import f, C\ndef g(x):\n    return f(x), C().m()\n-- b.py --\nclass C:\n    def m(self): pass\n    def n(self): pass\ndef f(x): return C()\n-- test_a.py --\nfrom a import g\ndef test_g():\n    assert g(1)\ndef test_h():\n    assert g(2)\n"))
	var outs []string
	for range 4 {
		slices.Reverse(archive.Files)
		g := repository(t, string(txtar.Format(archive)))
		var b strings.Builder
		for _, m := range g.Code.Modules {
			for _, f := range m.Functions {
				by := ""
				if f.ReachedBy != nil {
					by = f.ReachedBy.Name
				}
				fmt.Fprintln(&b, m.Path, f.Name, f.Depth, by, calls(f), f.Maybe)
			}
		}
		outs = append(outs, b.String())
	}
	for _, o := range outs[1:] {
		if diff := cmp.Diff(outs[0], o); diff != "" {
			t.Fatal(diff)
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("etl/a.py", "import pandas as pd\n\ndef f(df: pd.DataFrame) -> pd.DataFrame:\n    return df.merge(df).x[1:2]\n")
	f.Add("tests/test_a.py", "@pytest.mark.parametrize('a, b', [(1, f), pytest.param(2, g)])\nclass T(unittest.TestCase):\n    @patch('a.b.c')\n    def test_x(self, a, *b, c=1, **d): assert getattr(a, b)()\n")
	f.Add("tests/conftest.py", "x = (yield)\nglobals()['a'] = lambda: 1\nmonkeypatch.setattr(a.b, 'c', 1)\nfor a, (b, c) in d: pass\n")
	f.Add("pytest.ini", "[pytest]\naddopts = -m 'not slow'\n  --doctest-modules\n")
	f.Add("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = ['a']\n")
	f.Add("a.py", "class A(A): pass\nx = x\ny = z\nz = y\ndef f(): return f()()()[0].a.b\n@f.g\n@\ndef")
	f.Fuzz(func(t *testing.T, path, text string) {
		one := facts(t, path, []byte(text))
		g := graph.Link([]*graph.Facts{one}, []string{path}, graph.Options{})
		for _, m := range g.Code.Modules {
			for _, f := range m.Functions {
				if f.FunctionFact == nil || f.Module != m {
					t.Fatalf("%+v has no fact or no module", f)
				}
			}
		}
		Transforms(g.Code)
	})
}
