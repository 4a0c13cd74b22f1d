package scan

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // git's own name of a blob
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"delint/rules"
)

// revision is a state of the repository beside its work tree: a commit, or what is staged.
type revision struct {
	name  string            // as the user said it
	blobs map[string]string // path below the root to the name of its blob
	// renamed maps a path of the revision to the one that the file has now.
	renamed map[string]string
}

// errNoGit says that a comparison with a revision needs git.
var errNoGit = errors.New("comparing with a revision needs a git repository")

// commitAt reads the tree of the commit that a run compares with: where the branches of rev and HEAD part, or rev itself.
func commitAt(ctx context.Context, root, rev string) (*revision, error) {
	if _, _, err := git(ctx, root, "rev-parse", "--git-dir"); err != nil {
		return nil, errNoGit
	}
	out, _, err := git(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("git knows no revision %q here; in a shallow clone fetch it first", rev)
	}
	commit := strings.TrimSpace(string(out))
	if out, _, err := git(ctx, root, "merge-base", commit, "HEAD"); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	r := &revision{name: rev, renamed: map[string]string{}}
	if r.blobs, err = entries(ctx, root, "ls-tree", "-r", "-z", commit); err != nil {
		return nil, err
	}
	// Tree against tree: a comparison with the work tree would run the filters that the repository configures.
	out, _, err = git(ctx, root, "diff-tree", "-r", "-z", "-M", "--diff-filter=R", "--name-status", "--relative", "--no-ext-diff", "--no-textconv", commit, "HEAD")
	if err == nil {
		words := strings.Split(string(out), "\x00")
		for i := 0; i+2 < len(words); i += 3 {
			r.renamed[words[i+1]] = words[i+2]
		}
	}
	return r, nil
}

// index is what is staged, and head the commit that it will follow; head is empty before the first commit.
func index(ctx context.Context, root string) (staged, head *revision, err error) {
	if _, _, err := git(ctx, root, "rev-parse", "--git-dir"); err != nil {
		return nil, nil, errNoGit
	}
	staged = &revision{name: "index"}
	if staged.blobs, err = entries(ctx, root, "ls-files", "-s", "-z"); err != nil {
		return nil, nil, err
	}
	if head, err = commitAt(ctx, root, "HEAD"); err != nil {
		head = &revision{name: "HEAD"}
	}
	return staged, head, nil
}

// entries reads "mode … name\tpath" records of ls-tree and ls-files: regular files only.
func entries(ctx context.Context, root string, args ...string) (map[string]string, error) {
	out, errs, err := git(ctx, root, args...)
	if err != nil {
		return nil, fmt.Errorf("git %s: %s", args[0], bytes.TrimSpace(errs))
	}
	blobs := map[string]string{}
	for record := range strings.SplitSeq(string(out), "\x00") {
		head, name, ok := strings.Cut(record, "\t")
		words := strings.Fields(head)
		if !ok || len(words) < 3 || !strings.HasPrefix(words[0], "100") {
			continue
		}
		blob := words[1]
		if words[1] == "blob" {
			blob = words[2]
		}
		blobs[name] = blob
	}
	return blobs, nil
}

// blobName is the name that git gives to a content; like is a name of the repository, which says by its length how it hashes.
func blobName(content []byte, like string) string {
	header := fmt.Appendf(nil, "blob %d\x00", len(content))
	if len(like) == sha256.Size*2 {
		h := sha256.New()
		h.Write(header)
		h.Write(content)
		return hex.EncodeToString(h.Sum(nil))
	}
	h := sha1.New()
	h.Write(header)
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}

// differing is the content, in the revision, of the files that are not the same in the work tree: nil for those that the
// revision does not have. paths are those of the work tree.
func (v *revision) differing(ctx context.Context, root string, paths []string, most int) (map[string][]byte, error) {
	out := map[string][]byte{}
	here := map[string]bool{}
	wanted := map[string][]string{} // blob to paths
	for _, p := range paths {
		here[p] = true
		blob, ok := v.blobs[p]
		if !ok {
			out[p] = nil
			continue
		}
		content, err := readBelow(root, p, 0)
		if err != nil || blobName(content, blob) != blob {
			wanted[blob] = append(wanted[blob], p)
		}
	}
	for p, blob := range v.blobs {
		if !here[p] {
			wanted[blob] = append(wanted[blob], p)
		}
	}
	err := contents(ctx, root, wanted, most, func(p string, content []byte) { out[p] = content })
	return out, err
}

// contents reads blobs through one git process. A blob larger than most is left out: its paths count as not there.
func contents(ctx context.Context, root string, wanted map[string][]string, most int, give func(path string, content []byte)) error {
	if len(wanted) == 0 {
		return nil
	}
	var names bytes.Buffer
	for blob := range wanted {
		names.WriteString(blob + "\n")
	}
	out, errs, err := gitWith(ctx, root, &names, "cat-file", "--batch")
	if err != nil {
		return fmt.Errorf("git cat-file: %s", bytes.TrimSpace(errs))
	}
	r := bufio.NewReader(bytes.NewReader(out))
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil
		}
		words := strings.Fields(line)
		if len(words) < 3 {
			continue // a blob that a partial clone does not have
		}
		size, err := strconv.Atoi(words[2])
		if err != nil {
			return fmt.Errorf("git cat-file: %q", line)
		}
		content := make([]byte, size)
		if _, err := io.ReadFull(r, content); err != nil {
			return err
		}
		_, _ = r.ReadByte()
		if most > 0 && size > most {
			content = nil
		}
		for _, p := range wanted[words[0]] {
			give(p, content)
		}
	}
}

// revise reads the revision that the run compares with, and puts what is staged in the place of the work tree's files.
func (r *run) revise(ctx context.Context, l *listing) (err error) {
	switch {
	case r.options.Staged:
		var staged *revision
		if staged, r.then, err = index(ctx, r.root); err != nil {
			return err
		}
		l.paths = slices.DeleteFunc(l.paths, func(p string) bool { _, ok := staged.blobs[p]; return !ok })
		r.overlay, err = staged.differing(ctx, r.root, l.paths, r.limits.SecretBytes)
	case r.options.ChangedSince != "":
		r.then, err = commitAt(ctx, r.root, r.options.ChangedSince)
	}
	return err
}

// compare runs the rules on the revision, so that what it has already is no finding of this run. It reuses what was read of
// every file that did not change.
func (r *run) compare(ctx context.Context, v *revision, l *listing, outcomes []*outcome, selected []*rules.Rule) (*Result, error) {
	overlay, err := v.differing(ctx, r.root, l.paths, r.limits.SecretBytes)
	if err != nil {
		return nil, err
	}
	for p := range r.overlay { // what is analysed now is not the work tree's
		if blob, ok := v.blobs[p]; ok && overlay[p] == nil && blobName(r.overlay[p], blob) != blob {
			if err := contents(ctx, r.root, map[string][]string{blob: {p}}, r.limits.SecretBytes, func(p string, c []byte) { overlay[p] = c }); err != nil {
				return nil, err
			}
		}
	}
	then := *r
	then.overlay = overlay
	then.base = nil
	root, err := os.OpenRoot(r.root)
	if err != nil {
		return nil, pathError(r.root, err)
	}
	defer root.Close()
	var before []*outcome
	for _, o := range outcomes {
		if _, changed := overlay[o.Path]; !changed {
			before = append(before, o.again())
		}
	}
	globs := slices.Concat(r.config.Exclude, r.options.Exclude)
	for p, content := range overlay {
		if content == nil || isOwn(p) || matchAny(globs, p) {
			continue
		}
		before = append(before, then.analyze(root, p))
	}
	slices.SortFunc(before, func(a, b *outcome) int { return strings.Compare(a.Path, b.Path) })
	return then.finish(&listing{}, before, selected), nil
}

// again is an outcome for a second run over what was read: without the marks that the first one leaves.
func (o *outcome) again() *outcome {
	out := *o
	out.Findings = make([]*rules.Finding, len(o.Findings))
	for i, f := range o.Findings {
		clone := *f
		clone.Places = slices.Clone(f.Places)
		out.Findings[i] = &clone
	}
	out.Comments = slices.Clone(o.Comments)
	return &out
}

// added drops the findings that the other result has too: of several that are alike, those on lines that were there.
func added(findings []*rules.Finding, before *Result, v *revision, old func(path string) []byte, now func(path string) []byte) []*rules.Finding {
	count := map[string]int{}
	for _, f := range before.Findings {
		count[f.Identity(v.renamed[f.Span.Path])]++
	}
	groups := map[string][]*rules.Finding{}
	for _, f := range findings {
		id := f.Identity("")
		groups[id] = append(groups[id], f)
	}
	fresh := map[*rules.Finding]bool{}
	lines := linesOf(old, now)
	for id, group := range groups {
		slices.SortStableFunc(group, func(a, b *rules.Finding) int { // those on new lines first
			return lines.rank(a) - lines.rank(b)
		})
		for _, f := range group[:max(0, len(group)-count[id])] {
			fresh[f] = true
		}
	}
	return slices.DeleteFunc(findings, func(f *rules.Finding) bool { return !fresh[f] })
}

// oldLines knows which lines of a file an older state of it does not have.
type oldLines struct {
	old, now func(path string) []byte
	known    map[string]map[string]bool
}

func linesOf(old, now func(string) []byte) *oldLines {
	return &oldLines{old, now, map[string]map[string]bool{}}
}

// rank is 0 for a finding on a line that is new, 1 for any other.
func (l *oldLines) rank(f *rules.Finding) int {
	p := f.Span.Path
	if p == "." {
		return 1
	}
	if l.known[p] == nil {
		l.known[p] = map[string]bool{}
		for line := range bytes.Lines(l.old(p)) {
			l.known[p][strings.TrimSpace(string(line))] = true
		}
	}
	n := 0
	for line := range bytes.Lines(l.now(p)) {
		if n++; n == f.Span.Start.Line {
			if l.known[p][strings.TrimSpace(string(line))] {
				return 1
			}
			return 0
		}
	}
	return 1
}
