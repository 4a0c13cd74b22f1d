package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCut(t *testing.T) {
	for _, c := range []struct {
		name       string
		line       string
		start, end int
		room       int
		want       window
	}{
		{"plain", "a = b", 4, 5, 40, window{"a = b", "    ^"}},
		{"tabs go to the next stop", "\tx\ty", 1, 4, 40, window{"    x   y", "    ^^^^^"}},
		{"wide characters take two columns", "数量 = 1", 0, 2, 40, window{"数量 = 1", "^^^^"}},
		{"marks take none", "e\u0301x", 2, 3, 40, window{"e\u0301x", " ^"}},
		{"an emoji before the mark", "\"😀\" + x", 6, 7, 40, window{"\"😀\" + x", "       ^"}},
		{"escapes are visible", "a\x1b[2Jb", 1, 2, 40, window{`a\x1b[2Jb`, " ^^^^"}},
		{"invalid bytes are visible", "a\xffb", 2, 3, 40, window{`a\xffb`, "     ^"}},
		{"direction marks are visible", "a\u202eb", 2, 3, 40, window{`a\u202eb`, "       ^"}},
		{"a long line is cut behind", strings.Repeat("x", 50), 0, 1, 20, window{strings.Repeat("x", 19) + "…", "^"}},
		{"a long line is cut before", strings.Repeat("x", 50) + "yz", 50, 51, 20, window{"…" + strings.Repeat("x", 13) + "yz", strings.Repeat(" ", 14) + "^"}},
		{"an empty range has a caret", "ab", 1, 1, 40, window{"ab", " ^"}},
		{"a range after the end", "ab", 9, 12, 40, window{"ab", "  ^"}},
		{"nothing to mark", "ab", 0, -1, 40, window{"ab", ""}},
		{"a log command in the source", "##[error]x", 9, 10, 40, window{"##(error]x", "         ^"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := cut([]byte(c.line), c.start, c.end, c.room)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(window{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzCut(f *testing.F) {
	for _, name := range names {
		f.Add([]byte(name), 1, 3)
	}
	f.Fuzz(func(t *testing.T, line []byte, start, end int) {
		w := cut(line, start, end, 40)
		for _, s := range []string{w.text, w.carets} {
			columns := 0
			for _, r := range s {
				if hidden(r) {
					t.Errorf("the character %U", r)
				}
				columns += width(r)
			}
			if columns > 60 { // an escape at the edge may stand out
				t.Errorf("%d columns: %q", columns, s)
			}
		}
	})
}

func TestColumns(t *testing.T) {
	s := source{r: &Report{Text: func(string) []byte { return []byte("\ufeffé😀x\r\ny") }}}
	for _, c := range []struct{ column, utf16, utf8 int }{{1, 1, 1}, {2, 2, 3}, {3, 4, 7}, {4, 5, 8}, {6, 7, 10}} {
		if shown, a, b := s.columns("p", 1, c.column); shown != c.column || a != c.utf16 || b != c.utf8 {
			t.Errorf("column %d is %d, %d in UTF-16, %d in UTF-8; want %+v", c.column, shown, a, b, c)
		}
	}
	if got := string(s.line("p", 2)); got != "y" {
		t.Errorf("line 2 is %q", got)
	}
	s.r.Columns = func(_ string, line, column int) (int, int, int) { return column - 3, column + 7, column + 9 }
	if shown, a, b := s.columns("p", 1, 5); shown != 2 || a != 12 || b != 14 {
		t.Errorf("the caller's columns are not taken: %d %d %d", shown, a, b)
	}
}

func TestShownPath(t *testing.T) {
	for _, c := range []struct{ root, base, path, want string }{
		{"", "", "a/b.py", "a/b.py"},
		{"/r", "/r", "a/b.py", "a/b.py"},
		{"/r", "/r/a", "a/b.py", "b.py"},
		{"/r", "/r/c/d", "a/b.py", "../../a/b.py"},
		{"/r/sub", "/r", "a.py", "sub/a.py"},
		{"/r", "/r", "::error::a.py", "./::error::a.py"},
		{"/r", "/r", "a\n\x1b[1m", `a\n\x1b[1m`},
		{"/r", "/r/a", ".", "."},
	} {
		if got := (Options{Root: c.root, Base: c.base}).shown(c.path); got != c.want {
			t.Errorf("%s from %s: %q, want %q", c.path, c.base, got, c.want)
		}
	}
}

func TestWidthOfSummary(t *testing.T) {
	for _, line := range strings.Split(write(t, "text", sample(), Options{Width: 60}), "\n") {
		if len(line) > 110 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
}
