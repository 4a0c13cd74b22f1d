package scan

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// write makes files below a folder; a name that ends with a slash is a folder.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func gitInit(t *testing.T, dir string, config ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	if out, err := exec.Command("git", "-C", dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("git init: %v\n%s", err, out)
	}
	for i := 0; i+1 < len(config); i += 2 {
		if out, err := exec.Command("git", "-C", dir, "config", config[i], config[i+1]).CombinedOutput(); err != nil {
			t.Fatalf("git config: %v\n%s", err, out)
		}
	}
}

func TestGitConfigurationRunsNothing(t *testing.T) {
	dir, marks := t.TempDir(), t.TempDir()
	mark := func(name string) string { return "touch " + filepath.Join(marks, name) + " #" }
	gitInit(t, dir,
		"core.fsmonitor", mark("fsmonitor"), "core.pager", mark("pager"), "core.editor", mark("editor"),
		"core.sshCommand", mark("ssh"), "diff.external", mark("diff"), "alias.ls-files", "!"+mark("alias"),
		"filter.x.smudge", mark("smudge"), "filter.x.clean", mark("clean"), "core.hooksPath", filepath.Join(dir, "hooks"),
		"credential.helper", "!"+mark("credential"))
	write(t, dir, map[string]string{"a.py": "x = 1\n", ".gitattributes": "*.py filter=x\n"})
	for _, hook := range []string{"post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman"} {
		write(t, dir, map[string]string{"hooks/" + hook: "#!/bin/sh\n" + mark("hook") + "\n"})
		if err := os.Chmod(filepath.Join(dir, "hooks", hook), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Run(context.Background(), Options{Paths: []string{dir}}); err != nil {
		t.Fatal(err)
	}
	if ran, _ := os.ReadDir(marks); len(ran) > 0 {
		t.Errorf("the repository's configuration ran %s", ran[0].Name())
	}
}

func TestWalkAgreesWithGit(t *testing.T) {
	dir := t.TempDir()
	gitInit(t, dir)
	write(t, dir, map[string]string{
		".gitignore": "*.log\n!keep.log\n/build/\ntarget/\n# a comment\n\\#odd\ndocs/*.tmp\n**/cache\nspace\\ name\n",
		"a.py":       "", "a.log": "", "keep.log": "", "build/x.py": "", "sub/build/x.py": "", "sub/target/x.py": "",
		"docs/a.tmp": "", "docs/deep/a.tmp": "", "x/y/cache/z.py": "", "#odd": "", "space name": "",
		"sub/.gitignore": "*.py\n!main.py\n", "sub/main.py": "", "sub/other.py": "", "sub/deep/other.py": "", "sub/deep/main.py": "",
		"sub2/.gitignore": "/only-here\n", "sub2/only-here": "", "sub2/a/only-here": "",
		"dot/.hidden/file.py": "", "unicode-é.py": "",
	})
	byGit, reason := listGit(context.Background(), dir)
	if byGit == nil {
		t.Fatal(reason)
	}
	byWalk, err := walk(dir)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(byGit.paths)
	slices.Sort(byWalk.paths)
	if diff := cmp.Diff(byGit.paths, byWalk.paths); diff != "" {
		t.Errorf("git, walk:\n%s", diff)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	bad := "try:\n    load()\nexcept Exception:\n    pass\n"
	write(t, outside, map[string]string{"secret.py": bad})
	write(t, dir, map[string]string{"a.py": "x = 1\n"})
	for name, target := range map[string]string{
		"out": outside, "out.py": filepath.Join(outside, "secret.py"), "dangling.py": "nowhere", "self": ".", "loop": "loop",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, withGit := range []bool{false, true} {
		if withGit {
			gitInit(t, dir)
		}
		r, err := Run(context.Background(), Options{Paths: []string{dir}, NoCache: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			if f.Rule.Name == "empty-except" {
				t.Errorf("git %v: read %s through a link", withGit, f.Path())
			}
		}
		if r.Stats.Skipped["symbolic link"] != 5 {
			t.Errorf("git %v: %v", withGit, r.Stats.Skipped)
		}
		if r.Incomplete() {
			t.Errorf("git %v: a link is no reason for exit code 3: %v", withGit, r.NotAnalysed)
		}
	}
}

func TestDelintignore(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{".delintignore": "old/\n*.gen.py\n", "old/a.py": "", "b.gen.py": "", "sub/c.gen.py": "", "d.py": ""})
	files, err := Files(context.Background(), Options{Paths: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{".delintignore", "d.py"}, files); diff != "" {
		t.Error(diff)
	}
}

func TestRoot(t *testing.T) {
	top := t.TempDir()
	if resolved, err := filepath.EvalSymlinks(top); err == nil {
		top = resolved
	}
	write(t, top, map[string]string{
		"repo/delint.toml": "", "repo/a/b/x.py": "", "repo/sample/delint.toml": "root = true\n", "repo/sample/c/x.py": "", "loose/x.py": "",
	})
	at := func(p string) string { return filepath.Join(top, filepath.FromSlash(p)) }
	for _, c := range []struct{ path, want string }{
		{"repo/a/b", "repo"}, {"repo/a/b/x.py", "repo"}, {"repo/sample/c", "repo/sample"}, {"loose", "loose"},
	} {
		if got, err := Root(context.Background(), []string{at(c.path)}); err != nil || got != at(c.want) {
			t.Errorf("%s: %s, %v; want %s", c.path, got, err, at(c.want))
		}
	}
	gitInit(t, top)
	if got, err := Root(context.Background(), []string{at("repo/a/b")}); err != nil || got != top {
		t.Errorf("with git: %s, %v", got, err)
	}
	if got, err := Root(context.Background(), []string{at("repo/sample/c")}); err != nil || got != at("repo/sample") {
		t.Errorf("root = true: %s, %v", got, err)
	}
}
