package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Skipped is a path that was not analysed, and why.
type Skipped struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
	// Failed says that delint should have analysed it and could not: the run ends with exit code 3.
	Failed bool `json:"-"`
}

// listing is every file of the repository, before any is read.
type listing struct {
	paths   []string // relative to the root, with forward slashes, sorted
	skipped []Skipped
	notice  string // one line for the user; empty if all went as usual
}

// gitTimeout bounds one git command. A listing of 200,000 files takes about a second.
const gitTimeout = 60 * time.Second

// git runs a read-only git command so that nothing the repository configures is run.
func git(ctx context.Context, dir string, args ...string) (stdout, stderr []byte, err error) {
	return gitWith(ctx, dir, nil, args...)
}

// gitWith is git with a standard input.
func gitWith(ctx context.Context, dir string, stdin io.Reader, args ...string) (stdout, stderr []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, gitTimeout)
	defer cancel()
	args = append([]string{"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"}, args...)
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Stdin = dir, stdin
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_PAGER=cat")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.Bytes(), errs.Bytes(), err
}

// list finds the files below root: those that git knows or would add, or, where git can't be asked, those of an own walk.
func list(ctx context.Context, root string) (*listing, error) {
	l, reason := listGit(ctx, root)
	if l == nil {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var err error
		if l, err = walk(root); err != nil {
			return nil, err
		}
		if reason != "" {
			l.notice = reason + "; files were found by walking the folder"
		}
	}
	slices.Sort(l.paths)
	l.paths = slices.Compact(l.paths)
	if err := l.delintignore(root); err != nil {
		return nil, err
	}
	return l, nil
}

var unopened = regexp.MustCompile(`(?m)^warning: could not open directory '(.*)': `)

// listGit asks git; it returns nil and the reason where git can't say. A folder outside any repository is no reason.
func listGit(ctx context.Context, root string) (*listing, string) {
	if _, err := exec.LookPath("git"); err != nil {
		if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
			return nil, "git is not installed"
		}
		return nil, ""
	}
	out, errs, err := git(ctx, root, "ls-files", "-z", "-co", "--exclude-standard")
	if err != nil {
		if bytes.Contains(errs, []byte("not a git repository")) {
			return nil, ""
		}
		if bytes.Contains(errs, []byte("dubious ownership")) {
			return nil, "git refuses this repository because another user owns it"
		}
		return nil, "git could not list the files"
	}
	l := &listing{}
	for p := range bytes.SplitSeq(out, []byte{0}) {
		if len(p) > 0 {
			l.paths = append(l.paths, strings.TrimSuffix(string(p), "/"))
		}
	}
	for _, m := range unopened.FindAllSubmatch(errs, -1) {
		l.skipped = append(l.skipped, Skipped{strings.TrimSuffix(string(m[1]), "/"), "unreadable", true})
	}
	return l, ""
}

// walk lists the files below root that no .gitignore takes out. It follows no link.
func walk(root string) (*listing, error) {
	l := &listing{}
	ignores := newIgnores(".gitignore")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(root, name)
		if relErr != nil {
			return relErr
		}
		rel = filepath.ToSlash(rel)
		if err != nil {
			if rel == "." {
				return err
			}
			l.skipped = append(l.skipped, Skipped{rel, "unreadable", true})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if rel == "." {
			return ignores.read(root, "")
		}
		switch {
		case d.IsDir():
			if d.Name() == ".git" || ignores.match(rel, true) {
				return fs.SkipDir
			}
			if _, err := os.Lstat(filepath.Join(name, ".git")); err == nil {
				l.skipped = append(l.skipped, Skipped{Path: rel, Reason: "submodule"})
				return fs.SkipDir
			}
			return ignores.read(root, rel)
		case ignores.match(rel, false):
		default:
			l.paths = append(l.paths, rel)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", root, err)
	}
	return l, nil
}

// delintignore takes out what the repository's .delintignore files name.
func (l *listing) delintignore(root string) error {
	ignores := newIgnores(".delintignore")
	for _, p := range l.paths {
		if path.Base(p) == ".delintignore" {
			dir := path.Dir(p)
			if dir == "." {
				dir = ""
			}
			if err := ignores.read(root, dir); err != nil {
				return err
			}
		}
	}
	if ignores.empty() {
		return nil
	}
	l.paths = slices.DeleteFunc(l.paths, func(p string) bool { return ignores.matchTree(p) })
	return nil
}

// Root finds the root of a run over paths: the git top level above them, without git the nearest ancestor with a
// configuration, else the paths' common folder. A delint.toml that says root = true ends the search.
func Root(ctx context.Context, paths []string) (string, error) {
	dir, err := commonDir(paths)
	if err != nil {
		return "", err
	}
	top := ""
	if out, _, err := git(ctx, dir, "rev-parse", "--show-toplevel"); err == nil {
		top = filepath.FromSlash(strings.TrimSuffix(string(out), "\n"))
	}
	nearest := ""
	for d := dir; ; d = filepath.Dir(d) {
		if file := configIn(d); file != "" {
			if nearest == "" {
				nearest = d
			}
			if isRoot(file) {
				return d, nil
			}
		}
		if d == top || d == filepath.Dir(d) {
			break
		}
	}
	switch {
	case top != "":
		return top, nil
	case nearest != "":
		return nearest, nil
	}
	return dir, nil
}

// commonDir is the deepest folder that holds all paths, links resolved.
func commonDir(paths []string) (string, error) {
	common := ""
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return "", err
		}
		if abs, err = filepath.EvalSymlinks(abs); err != nil {
			return "", pathError(p, err)
		}
		info, err := os.Stat(abs)
		if err != nil {
			return "", pathError(p, err)
		}
		if !info.IsDir() {
			abs = filepath.Dir(abs)
		}
		if common == "" {
			common = abs
		}
		for !within(common, abs) {
			common = filepath.Dir(common)
		}
	}
	return common, nil
}

func within(dir, p string) bool {
	rel, err := filepath.Rel(dir, p)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func pathError(p string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%q: %w", p, err)
}
