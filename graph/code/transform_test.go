package code

import "testing"

func TestNearestStaysInTheProject(t *testing.T) {
	const archive = `
-- one/pyproject.toml --
-- one/assets.py --
def parse_a(x):
    return [i for i in x if i and i > 1]
-- two/pyproject.toml --
-- two/assets.py --
def parse_b(x):
    return [i for i in x if i and i > 1]
-- two/tests/test_assets.py --
from two.assets import parse_c

def test_c():
    assert parse_c
-- tests/test_all.py --
import three.steps

def test_all():
    assert three
-- three/setup.py --
-- three/steps.py --
def parse_d(x):
    return [i for i in x if i and i > 1]
`
	g := repository(t, archive)
	for _, c := range []struct{ path, name, want string }{
		{"one/assets.py", "parse_a", ""},
		{"two/assets.py", "parse_b", "two/tests/test_assets.py"},
		{"three/steps.py", "parse_d", "tests/test_all.py"},
	} {
		if got, _ := Nearest(g, g.Code.Function(c.path, c.name)); got != c.want {
			t.Errorf("nearest of %s: %q, want %q", c.name, got, c.want)
		}
	}
}
