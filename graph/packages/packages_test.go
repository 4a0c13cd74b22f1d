package packages

import (
	"strings"
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/all"

	"github.com/google/go-cmp/cmp"
)

func parse(t testing.TB, path, text string) *parsers.File {
	f := &parsers.File{Source: parsers.NewSource(path, []byte(text)), Language: all.ByPath(path)}
	if f.Language != nil && f.Language.Parse != nil {
		if err := f.Language.Parse(f); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func facts(t testing.TB, path, text string) *graph.Facts {
	out := &graph.Facts{Path: path, Role: graph.RoleSource}
	extract(parse(t, path, text), out)
	return out
}

func TestManifests(t *testing.T) {
	for _, tt := range []struct{ path, text, want string }{
		{"requirements.txt", "# x\npandas==2.3 ; python_version > '3'\nsqlalchemy[asyncio] >=1.4, <2  # why\n-r base.txt\n-e .\n./lib\ngit+https://x/lake.git@main#egg=lake\nfoo \\\n  ==1 --hash=sha256:0\n",
			"pandas==2.3 sqlalchemy>=1.4,<2 lake@ git+https://x/lake.git@main#egg=lake foo==1"},
		{"requirements/dev.txt", "pytest\n", "pytest(dev)"},
		{"requirements-dev.txt", "pytest\n", "pytest(dev)"},
		{"pyproject.toml", "[project]\ndependencies = [\"Pandas>=2\"]\n[project.optional-dependencies]\nhttp = ['httpx']\ntest = [\"pytest\"]\n[dependency-groups]\ndev = [\"ruff\", {include-group = \"x\"}]\n",
			"pandas>=2 httpx(extra) pytest(dev) ruff(dev)"},
		{"pyproject.toml", "[tool.poetry.dependencies]\npython = \"^3.12\"\na = \"*\"\nb = {version = \"^1\", extras = [\"x\"]}\nc = {git = \"https://x/c\", rev = \"r\"}\nd = {path = \"d\"}\ne = \"1.2\"\n",
			"a b^1 c@ git+https://x/c@r d@ path e==1.2"},
		{"setup.cfg", "[metadata]\nname = x\n[options]\ninstall_requires =\n    pandas>=1\n    attrs\n[options.extras_require]\ndev = pytest\n", "pandas>=1 attrs pytest(dev)"},
		{"setup.py", "from setuptools import setup\nREQ = ['a', \"b>=1\"]\nsetup(name='x', install_requires=REQ, extras_require={'dev': ['c']})\n", "a b>=1 c(dev)"},
		{"Pipfile", "[packages]\na = \"*\"\n[dev-packages]\nb = \"==1\"\n", "a b==1(dev)"},
		{"environment.yml", "name: x\ndependencies:\n  - python=3.12\n  - conda-forge::pandas=2.1=py\n  - numpy>=1\n  - pip:\n    - httpx==1\nprefix: /x\n", "python==3.12 pandas==2.1 numpy>=1 httpx==1"},
		{"Dockerfile", "FROM python:3.9-slim\nRUN pip install --no-cache a==1 \\\n  'b>=2' && true\n", "a==1(extra) b>=2(extra)"},
	} {
		var got []string
		for _, s := range facts(t, tt.path, tt.text).Settings {
			if s.Tool != requirementFact {
				continue
			}
			text := s.Key + s.Value[0]
			if s.Value[1] != "" {
				text += "(" + s.Value[1] + ")"
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s:\n%s", tt.path, diff)
		}
	}
}

func TestPinned(t *testing.T) {
	for spec, want := range map[string]bool{
		"": false, "==1.2": true, "===1.2": true, "==1.*": false, ">=1": false, "~=1.2": false, "@ https://x/a.whl": true,
		"@ git+https://x/a@main": false, "@ git+https://x/a@0123456789abcdef0123456789abcdef01234567": true,
	} {
		if got := Pinned(spec); got != want {
			t.Errorf("Pinned(%q) = %v", spec, got)
		}
	}
}

func TestImports(t *testing.T) {
	text := "import os\nimport pandas as pd\nfrom google.cloud import storage\nfrom . import x\ntry:\n    import polars\nexcept ImportError:\n    polars = None\ndef f():\n    import yaml\n"
	var got []string
	for _, s := range facts(t, "a.py", text).Settings {
		if s.Tool == importFact {
			got = append(got, s.Key+s.Value[0])
		}
	}
	want := []string{"pandas", "google.cloud.storage", "polarsguarded", "yamlguarded"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("a==1\n-r b\n")
	f.Add("[project]\ndependencies = [\"a\"]\n")
	f.Add("[options]\ninstall_requires = a\n")
	f.Add("dependencies:\n  - a=1\n  - pip:\n    - b\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range []string{"requirements.txt", "pyproject.toml", "setup.cfg", "Pipfile", "environment.yml", "Dockerfile", "uv.lock"} {
			for _, s := range facts(t, path, text).Settings {
				if s.Span.End.Byte > len(text) || s.Span.Start.Byte > s.Span.End.Byte {
					t.Errorf("%s: %s at %d-%d of %d", path, s.Key, s.Span.Start.Byte, s.Span.End.Byte, len(text))
				}
			}
		}
	})
}

func BenchmarkExtractPython(b *testing.B) {
	f := parse(b, "a.py", strings.Repeat("import pandas as pd\nfrom google.cloud import storage\nx = pd.read_csv('a')\n", 300))
	b.SetBytes(int64(len(f.Raw)))
	for b.Loop() {
		extract(f, &graph.Facts{Path: "a.py", Role: graph.RoleSource})
	}
}
