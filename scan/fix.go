package scan

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"delint/rules"

	"github.com/aymanbagabas/go-udiff"
)

// Change is what fixes make of one file.
type Change struct {
	Path     string // relative to the root, with forward slashes
	Old, New []byte
	Created  bool // there is no such file yet
}

// Fixes is what the fixes of a run come to. Nothing is written before Write.
type Fixes struct {
	Changes []Change // by path
	// Applied are the findings that Changes end.
	Applied []*rules.Finding
	// Unsafe counts the fixes that were left out because they may change what the code does, Clashing those that touch what
	// another one changes: a second run takes them.
	Unsafe, Clashing int

	result *Result
}

// Fixes works out what the fixes of the result's findings make of the files. A fix is taken whole or not at all; of two that
// touch the same bytes the first finding's is taken. A file that changed since it was read, that is a link or that is no
// UTF-8 is left alone.
func (r *Result) Fixes(unsafe bool) *Fixes {
	out := &Fixes{result: r}
	w := workbench{result: r, files: map[string]*edited{}}
	for _, f := range r.Findings {
		switch {
		case f.Fix == nil:
		case f.Fix.Unsafe && !unsafe:
			out.Unsafe++
		case w.take(f.Fix):
			out.Applied = append(out.Applied, f)
		default:
			out.Clashing++
		}
	}
	for p, e := range w.files {
		if e.created || len(e.edits) > 0 {
			out.Changes = append(out.Changes, Change{Path: p, Old: e.old, New: e.text(), Created: e.created})
		}
	}
	slices.SortFunc(out.Changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// Write writes the changed files, each whole or not at all, and returns how many were written.
func (f *Fixes) Write() (int, error) {
	for i, c := range f.Changes {
		name := filepath.Join(f.result.Root, filepath.FromSlash(c.Path))
		if c.Created {
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return i, fmt.Errorf("writing %s: %w", c.Path, err)
			}
		}
		if real, err := filepath.EvalSymlinks(filepath.Dir(name)); err != nil || !within(f.result.Root, real) {
			return i, fmt.Errorf("writing %s: its folder leads out of the repository", c.Path)
		}
		if err := WriteFile(name, c.New, 0o644); err != nil {
			return i, err
		}
	}
	return len(f.Changes), nil
}

// Diff is what Write would change, as a unified diff that git and patch apply; not where a line beside a change holds a
// secret, which is hidden.
func (f *Fixes) Diff() string {
	var b strings.Builder
	for _, c := range f.Changes {
		from := "a/" + c.Path
		if c.Created {
			from = "/dev/null"
		}
		hidden := func(text []byte) string { return f.result.redact.textOf(c.Path, string(text)) }
		b.WriteString(udiff.Unified(from, "b/"+c.Path, hidden(c.Old), hidden(c.New)))
	}
	return b.String()
}

// workbench holds the files that fixes change.
type workbench struct {
	result *Result
	files  map[string]*edited
}

// edited is one file with the edits that were taken, by their places.
type edited struct {
	old     []byte
	edits   []rules.Edit
	created bool
	crlf    bool
}

// take adds a fix; false, with nothing added, where one of its edits can't be made.
func (w *workbench) take(fix *rules.Fix) bool {
	for i, e := range fix.Edits {
		file := w.open(e.Path)
		if file == nil || e.Start < 0 || e.End < e.Start || e.End > len(file.old) || file.touches(e) {
			return false
		}
		for _, other := range fix.Edits[:i] {
			if other.Path == e.Path && overlap(other, e) {
				return false
			}
		}
	}
	if n := fix.Create; n != nil {
		if w.files[n.Path] != nil || !creatable(w.result, n.Path) {
			return false
		}
		w.files[n.Path] = &edited{created: true, edits: []rules.Edit{{Path: n.Path, Text: n.Text}}}
	}
	for _, e := range fix.Edits {
		file := w.files[e.Path]
		file.edits = append(file.edits, e)
		slices.SortFunc(file.edits, func(a, b rules.Edit) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	}
	return len(fix.Edits) > 0 || fix.Create != nil
}

// open reads a file that is as it was when the run read it; nil for any other.
func (w *workbench) open(p string) *edited {
	if e := w.files[p]; e != nil {
		return e
	}
	raw, err := readBelow(w.result.Root, p, 0)
	if err != nil || sha256.Sum256(raw) != w.result.sums[p] || !utf8.Valid(raw) {
		return nil
	}
	e := &edited{old: raw, crlf: bytes.Contains(raw, []byte("\r\n"))}
	w.files[p] = e
	return e
}

// creatable reports whether nothing stands at a path below the root yet and no link leads there.
func creatable(r *Result, p string) bool {
	if p != path.Clean(p) || path.IsAbs(p) || p == ".." || strings.HasPrefix(p, "../") {
		return false
	}
	root, err := os.OpenRoot(r.Root)
	if err != nil {
		return false
	}
	defer root.Close()
	if _, err := root.Lstat(filepath.FromSlash(p)); !os.IsNotExist(err) {
		return false
	}
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if info, err := root.Lstat(filepath.FromSlash(dir)); err == nil && !info.IsDir() {
			return false
		}
	}
	return true
}

func (e *edited) touches(edit rules.Edit) bool {
	if e.created {
		return true
	}
	for _, other := range e.edits {
		if other != edit && overlap(other, edit) {
			return true
		}
	}
	return false
}

// overlap reports whether two edits change the same bytes, or insert at the same place.
func overlap(a, b rules.Edit) bool {
	if a.Start == a.End || b.Start == b.End {
		return a.Start <= b.End && b.Start <= a.End
	}
	return a.Start < b.End && b.Start < a.End
}

// text is the file with its edits, in its own line ends.
func (e *edited) text() []byte {
	var out []byte
	last := 0
	for i, edit := range e.edits {
		if i > 0 && edit == e.edits[i-1] {
			continue // two findings that ask for the same
		}
		text := edit.Text
		if e.crlf {
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		}
		out = append(append(out, e.old[last:edit.Start]...), text...)
		last = edit.End
	}
	return append(out, e.old[last:]...)
}
