package scan

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// gitRepository is a git repository in a temporary folder.
type gitRepository struct {
	t   *testing.T
	dir string
}

func newGitRepository(t *testing.T) *gitRepository {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	r := &gitRepository{t, t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r *gitRepository) git(args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = r.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func (r *gitRepository) write(name, text string) {
	r.t.Helper()
	file := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// findings is the places that a run reports.
func (r *gitRepository) findings(o Options) []string {
	r.t.Helper()
	o.Paths, o.NoCache = []string{r.dir}, true
	o.Config.Select = []string{"empty-except", "unused-suppression"}
	result, err := Run(context.Background(), o)
	if err != nil {
		r.t.Fatal(err)
	}
	out := []string{}
	for _, f := range result.Findings {
		out = append(out, fmt.Sprintf("%s:%d %s", f.Span.Path, f.Span.Start.Line, f.Rule.Name))
	}
	return out
}

const (
	swallow = "def %s(path):\n    try:\n        return open(path)\n    except Exception:\n        pass\n\n\n"
	fine    = "def fine():\n    return 1\n\n\n"
)

func swallowing(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, swallow, n)
	}
	return b.String()
}

func (r *gitRepository) want(name string, o Options, want ...string) {
	r.t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, r.findings(o)); diff != "" {
		r.t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

func TestChangedSince(t *testing.T) {
	r := newGitRepository(t)
	r.write("a.py", swallowing("old", "older"))
	r.write("moved.py", swallowing("stays"))
	r.write("gone.py", swallowing("gone"))
	r.git("add", "-A")
	r.git("commit", "-qm", "first")
	since := Options{ChangedSince: "main"}
	r.want("nothing changed", since)

	r.git("checkout", "-qb", "work")
	r.write("a.py", fine+swallowing("old", "older", "new"))
	r.write("untracked.py", swallowing("untracked"))
	r.git("mv", "moved.py", "elsewhere.py")
	r.git("rm", "-q", "gone.py")
	r.git("commit", "-qm", "second")
	r.want("of a work tree", since, "a.py:22 empty-except", "untracked.py:4 empty-except")

	r.git("checkout", "-q", "main")
	r.write("main.py", swallowing("on_main"))
	r.git("add", "main.py")
	r.git("commit", "-qm", "third")
	r.git("stash", "-qu")
	r.git("checkout", "-q", "work")
	r.want("main went on: compared with where they part", since)

	r.write("a.py", swallowing("old", "older")+"# delint: ignore[empty-except] none is here\n")
	r.want("an unused suppression", since, "a.py:15 unused-suppression")

	if _, err := Run(context.Background(), Options{Paths: []string{r.dir}, ChangedSince: "no-such"}); err == nil || !strings.Contains(err.Error(), "no-such") {
		t.Errorf("an unknown revision: %v", err)
	}
	if _, err := Run(context.Background(), Options{Paths: []string{r.dir}, ChangedSince: "--output=x"}); err == nil {
		t.Error("a revision that looks like an option")
	}
	if _, err := Run(context.Background(), Options{Paths: []string{t.TempDir()}, ChangedSince: "main"}); err == nil || !strings.Contains(err.Error(), "git") {
		t.Errorf("outside of git: %v", err)
	}
}

func TestStaged(t *testing.T) {
	r := newGitRepository(t)
	r.write("a.py", swallowing("first"))
	r.git("add", "a.py")
	r.want("before the first commit", Options{Staged: true}, "a.py:4 empty-except")
	r.git("commit", "-qm", "first")
	r.write("a.py", swallowing("first", "staged"))
	r.git("add", "a.py")
	r.write("a.py", swallowing("first", "staged", "not_staged"))
	r.write("untracked.py", swallowing("untracked"))
	r.want("only what is staged", Options{Staged: true}, "a.py:11 empty-except")
	r.git("add", "untracked.py")
	r.git("rm", "-qf", "--cached", "a.py")
	r.want("a file taken out", Options{Staged: true}, "untracked.py:4 empty-except")
}

// TestFiltersDontRun holds that a comparison runs nothing that the repository configures.
func TestFiltersDontRun(t *testing.T) {
	r := newGitRepository(t)
	mark := filepath.Join(t.TempDir(), "ran")
	r.write("a.py", swallowing("first"))
	r.write(".gitattributes", "*.py filter=evil diff=evil\n")
	r.git("add", "-A")
	r.git("commit", "-qm", "first")
	for _, key := range []string{"filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command", "diff.external", "core.pager", "core.fsmonitor"} {
		r.git("config", key, "touch "+mark)
	}
	r.write("a.py", swallowing("first", "second"))
	r.findings(Options{ChangedSince: "HEAD"})
	r.findings(Options{Staged: true})
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program of the repository ran")
	}
}
