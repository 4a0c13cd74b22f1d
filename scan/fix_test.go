package scan

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"delint/parsers"
	"delint/rules"

	"github.com/google/go-cmp/cmp"
)

// fixable is a result over files with a fix for each finding.
func fixable(t *testing.T, files map[string]string, fixes ...*rules.Fix) *Result {
	t.Helper()
	r := &Result{Root: t.TempDir(), sums: map[string][sha256.Size]byte{}}
	for name, text := range files {
		file := filepath.Join(r.Root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		r.sums[name] = sha256.Sum256([]byte(text))
	}
	for _, f := range fixes {
		r.Findings = append(r.Findings, &rules.Finding{Fix: f})
	}
	r.redact = newRedactor(r.Root, parsers.DefaultLimits, nil, nil)
	return r
}

func replace(path string, start, end int, text string) *rules.Fix {
	return &rules.Fix{Title: "x", Edits: []rules.Edit{{Path: path, Start: start, End: end, Text: text}}}
}

func create(path, text string) *rules.Fix {
	return &rules.Fix{Title: "x", Unsafe: true, Create: &rules.NewFile{Path: path, Text: text}}
}

func TestFixes(t *testing.T) {
	for name, tt := range map[string]struct {
		files                   map[string]string
		fixes                   []*rules.Fix
		unsafe                  bool
		want                    map[string]string
		applied, left, clashing int
	}{
		"edits from any side": {
			files: map[string]string{"a.sql": "one two three"}, fixes: []*rules.Fix{replace("a.sql", 8, 13, "3"), replace("a.sql", 0, 3, "1")},
			want: map[string]string{"a.sql": "1 two 3"}, applied: 2,
		},
		"a clash waits": {
			files: map[string]string{"a.sql": "abcdef"}, fixes: []*rules.Fix{replace("a.sql", 0, 4, "X"), replace("a.sql", 3, 6, "Y")},
			want: map[string]string{"a.sql": "Xef"}, applied: 1, clashing: 1,
		},
		"neighbours don't clash": {
			files: map[string]string{"a.sql": "abcd"}, fixes: []*rules.Fix{replace("a.sql", 0, 2, "X"), replace("a.sql", 2, 4, "Y")},
			want: map[string]string{"a.sql": "XY"}, applied: 2,
		},
		"the same twice is done once": {
			files: map[string]string{"a.sql": "ab"}, fixes: []*rules.Fix{replace("a.sql", 0, 1, "X"), replace("a.sql", 0, 1, "X")},
			want: map[string]string{"a.sql": "Xb"}, applied: 2,
		},
		"whole or not at all": {
			files: map[string]string{"a.sql": "ab", "b.sql": "cd"},
			fixes: []*rules.Fix{replace("b.sql", 0, 1, "X"), {Edits: []rules.Edit{{Path: "a.sql", Start: 0, End: 1, Text: "Y"}, {Path: "b.sql", Start: 0, End: 2, Text: "Z"}}}},
			want:  map[string]string{"a.sql": "ab", "b.sql": "Xd"}, applied: 1, clashing: 1,
		},
		"line ends stay": {
			files: map[string]string{"a.sql": "a\r\nb\r\n"}, fixes: []*rules.Fix{replace("a.sql", 3, 3, "x\ny\n")},
			want: map[string]string{"a.sql": "a\r\nx\r\ny\r\nb\r\n"}, applied: 1,
		},
		"unsafe ones are asked for": {
			files: map[string]string{"a.sql": "a"}, fixes: []*rules.Fix{create("soda/new.yml", "checks\n")},
			want: map[string]string{"a.sql": "a"}, left: 1,
		},
		"a new file": {
			files: map[string]string{"a.sql": "a"}, fixes: []*rules.Fix{create("soda/new.yml", "checks\n")}, unsafe: true,
			want: map[string]string{"a.sql": "a", "soda/new.yml": "checks\n"}, applied: 1,
		},
		"an existing file is never written over": {
			files: map[string]string{"a.yml": "a"}, fixes: []*rules.Fix{create("a.yml", "b"), create("a.yml/c", "d"), create("../out", "e"), create("/out", "f")}, unsafe: true,
			want: map[string]string{"a.yml": "a"}, clashing: 4,
		},
		"two of one new file": {
			files: map[string]string{}, fixes: []*rules.Fix{create("n.yml", "1"), create("n.yml", "2")}, unsafe: true,
			want: map[string]string{"n.yml": "1"}, applied: 1, clashing: 1,
		},
		"outside of the file": {
			files: map[string]string{"a.sql": "ab"}, fixes: []*rules.Fix{replace("a.sql", 1, 9, "x"), replace("none.sql", 0, 0, "x")},
			want: map[string]string{"a.sql": "ab"}, clashing: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := fixable(t, tt.files, tt.fixes...)
			f := r.Fixes(tt.unsafe)
			if _, err := f.Write(); err != nil {
				t.Fatal(err)
			}
			if got, want := [3]int{len(f.Applied), f.Unsafe, f.Clashing}, [3]int{tt.applied, tt.left, tt.clashing}; got != want {
				t.Errorf("applied, left, clashing: %v, want %v", got, want)
			}
			got := map[string]string{}
			for name := range tt.want {
				text, err := os.ReadFile(filepath.Join(r.Root, filepath.FromSlash(name)))
				if err != nil {
					t.Fatal(err)
				}
				got[name] = string(text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFixesLeaveAlone holds that a file which is not what was read, or which is a link, is not written.
func TestFixesLeaveAlone(t *testing.T) {
	r := fixable(t, map[string]string{"a.sql": "a", "b.sql": "b"}, replace("a.sql", 0, 1, "x"), replace("b.sql", 0, 1, "x"))
	if err := os.WriteFile(filepath.Join(r.Root, "a.sql"), []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(r.Root, "b.sql"), filepath.Join(r.Root, "c.sql")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("c.sql", filepath.Join(r.Root, "b.sql")); err != nil {
		t.Skip(err)
	}
	if f := r.Fixes(true); len(f.Changes) != 0 || f.Clashing != 2 {
		t.Errorf("%+v", f)
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(r.Root, "out")); err != nil {
		t.Skip(err)
	}
	r.Findings = append(r.Findings, &rules.Finding{Fix: create("out/file.yml", "x")})
	if f := r.Fixes(true); len(f.Changes) != 0 {
		t.Errorf("a link leads out: %+v", f.Changes)
	}
}

func TestFixesDiff(t *testing.T) {
	r := fixable(t, map[string]string{"a.sql": "select 1\nwhere a = NULL\n"}, replace("a.sql", 17, 23, "IS NULL"), create("n.yml", "checks:\n"))
	diff := r.Fixes(true).Diff()
	for _, want := range []string{"--- a/a.sql", "+++ b/a.sql", "-where a = NULL", "+where a IS NULL", "--- /dev/null", "+++ b/n.yml", "+checks:"} {
		if !strings.Contains(diff, want) {
			t.Errorf("no %q in\n%s", want, diff)
		}
	}
}
