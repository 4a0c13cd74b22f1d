package python_test

import (
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/python"
)

// TestCognitive holds the rules of the paper, one construct a row.
func TestCognitive(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       int
	}{
		{"straight", "def f():\n    a = 1\n    return a", 0},
		{"elif chain", "def f(a):\n    if a:\n        b()\n    elif c:\n        d()\n    elif e:\n        g()\n    else:\n        h()", 4},
		{"if in else", "def f(a):\n    if a:\n        b()\n    else:\n        if c:\n            d()", 4},
		{"nested", "def f(a):\n    for x in a:\n        while x:\n            if x:\n                pass", 6},
		{"nested in elif", "def f(a):\n    if a:\n        pass\n    elif b:\n        if c:\n            pass", 4},
		{"else of a loop", "def f(a):\n    for x in a:\n        pass\n    else:\n        if x:\n            pass", 4},
		{"async for", "async def f(a):\n    async for x in a:\n        if x:\n            pass", 3},
		{"one sequence", "def f(a):\n    return a and b and c", 1},
		{"two operators", "def f(a):\n    return a and b or c", 2},
		{"three sequences", "def f(a):\n    return a and b or c and d", 3},
		{"not begins a new one", "def f(a):\n    return a and not (b or c)", 2},
		{"not and the same operator", "def f(a):\n    return a and not (b and c)", 2},
		{"parentheses don't", "def f(a):\n    return a and (b and c)", 1},
		{"operators in two conditions", "def f(a):\n    if a and b:\n        pass\n    if a or b:\n        pass", 4},
		{"ternary", "def f(a):\n    return b if a else c", 1},
		{"ternary in a ternary", "def f(a):\n    return b if a else (c if d else e)", 3},
		{"ternary in a default", "def f(a=1 if X else 2):\n    return a", 1},
		{"ternary in a branch", "def f(a):\n    if a:\n        return b if c else d", 3},
		{"try, except, else, finally", "def f(a):\n    try:\n        a()\n    except KeyError:\n        if b:\n            pass\n    else:\n        if c:\n            pass\n    finally:\n        if d:\n            pass", 5},
		{"two handlers", "def f(a):\n    try:\n        a()\n    except KeyError:\n        pass\n    except ValueError:\n        pass", 2},
		{"group", "def f(a):\n    try:\n        a()\n    except* KeyError:\n        pass", 1},
		{"with", "def f(a):\n    with a:\n        if b:\n            pass", 1},
		{"match counts once", "def f(a):\n    match a:\n        case 1:\n            pass\n        case 2 if a:\n            pass\n        case _:\n            if b:\n                pass", 3},
		{"comprehensions are free", "def f(a):\n    return [x for x in a if x if y for z in x]", 0},
		{"async comprehension", "async def f(a):\n    return [x async for x in a]", 0},
		{"ternary in a comprehension", "def f(a):\n    return [x if x else y for x in a]", 1},
		{"walrus", "def f(a):\n    while (n := a()) and n > 1:\n        pass", 2},
		{"lambda in a call", "def f(a):\n    return sorted(a, key=lambda x: x if x else y)", 2},
		{"f-string", "def f(a):\n    return f\"{a if a else b}\"", 1},
		{"nested function", "def f(a):\n    def g():\n        if a:\n            pass\n    g()", 2},
		{"nested class", "def f(a):\n    class C:\n        def g(self):\n            if a:\n                pass\n    return C", 3},
		{"decorator", "def d(fn):\n    \"\"\"Decorates.\"\"\"\n    @wraps(fn)\n    def g():\n        if fn:\n            pass\n    return g", 1},
		{"decorator factory", "def d(n):\n    def e(fn):\n        def g():\n            if fn:\n                pass\n        return g\n    return e", 1},
		{"recursion counts once", "def f(a):\n    if a:\n        return f(a) + f(a)", 2},
		{"recursion of a method", "class C:\n    def f(self):\n        return self.f()", 1},
		{"the same name elsewhere", "class C:\n    def f(self):\n        return f() + other.f()", 0},
		{"early leaving is free", "def f(a):\n    for x in a:\n        if x:\n            continue\n        if y:\n            break\n    return 1", 5},
		{"assert is free", "def f(a):\n    assert a", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &parsers.File{Source: parsers.NewSource("m.py", []byte(tt.text)), Language: python.Language}
			if err := python.Parse(f); err != nil {
				t.Fatal(err)
			}
			for fn := range f.Tree.All(python.FunctionDefinition) {
				got := python.Cognitive(f, fn, nil)
				if got.Score != tt.want {
					t.Errorf("got %d (%v), want %d", got.Score, got.Costs, tt.want)
				}
				break
			}
		})
	}
}

// TestCognitiveDeep holds that no depth of nesting breaks the walk.
func TestCognitiveDeep(t *testing.T) {
	text := "def f(a):\n    return " + strings.Repeat("(a and not ", 20000) + "a" + strings.Repeat(")", 20000)
	f := &parsers.File{Source: parsers.NewSource("m.py", []byte(text)), Language: python.Language}
	if err := python.Parse(f); err != nil {
		t.Skip(err)
	}
	for fn := range f.Tree.All(python.FunctionDefinition) {
		if got := python.Cognitive(f, fn, nil).Score; got != 20000 {
			t.Errorf("got %d", got)
		}
	}
}
