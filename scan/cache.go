package scan

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"delint/rules"
)

// cacheDir holds the cache, below the root. delint never scans it, and its own .gitignore keeps it out of commits.
const cacheDir = ".delint/cache"

// cacheVersion changes when the form of what is stored does.
const cacheVersion = 12

// racy is how young a file may be, when it is read, for its time not to tell whether it changed again.
const racy = 2 * time.Second

// cache keeps outcomes between runs. What a file gave counts as long as its size and modification time stay, and the
// program, the rules and the limits are the same. No text of a file is stored but what facts and messages name, and nothing
// of a secret: only where it stands.
type cache struct {
	run  *run
	file string // empty: no cache
	old  map[string]entry
	// rules is those of the run, by name.
	rules map[string]*rules.Rule

	mu  sync.Mutex
	new []entry
	hit int
}

// entry is one stored outcome.
type entry struct {
	Path    string
	Size    int64
	Mod     int64 // nanoseconds
	Outcome outcome
	Rules   []string // of Outcome.Findings, whose Rule is not stored
}

// stored is the content of a cache file.
type stored struct {
	Version int
	Entries []entry
}

func (r *run) openCache() *cache {
	c := &cache{run: r, old: map[string]entry{}, rules: map[string]*rules.Rule{}}
	for _, rule := range r.runner.Rules() {
		c.rules[rule.Name] = rule
	}
	if r.options.NoCache {
		return c
	}
	key := r.cacheKey()
	if key == "" {
		return c
	}
	c.file = filepath.Join(r.root, filepath.FromSlash(cacheDir), key+".gob")
	raw, err := os.ReadFile(c.file)
	if err != nil {
		return c
	}
	var s stored
	if gob.NewDecoder(bytes.NewReader(raw)).Decode(&s) != nil || s.Version != cacheVersion {
		return c
	}
	for _, e := range s.Entries {
		c.old[e.Path] = e
	}
	return c
}

// cacheKey hashes everything but the files that decides an outcome. It is empty where the program can't tell what it is.
func (r *run) cacheKey() string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(program)
	if err != nil {
		return ""
	}
	h := sha256.New()
	fmt.Fprintln(h, cacheVersion, r.options.ToolVersion, info.Size(), info.ModTime().UnixNano(), r.limits, r.options.Notebooks)
	for _, rule := range r.runner.Rules() {
		fmt.Fprintln(h, rule.Name, rule.Source)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// analyze gives the stored outcome of a file that did not change, else a new one.
func (c *cache) analyze(root *os.Root, p string) *outcome {
	if _, replaced := c.run.overlay[p]; c.file == "" || replaced {
		return c.run.analyze(root, p)
	}
	info, err := root.Lstat(filepath.FromSlash(p))
	if err != nil || !info.Mode().IsRegular() {
		return c.run.analyze(root, p)
	}
	if e, ok := c.old[p]; ok && e.Size == info.Size() && e.Mod == info.ModTime().UnixNano() {
		if o := c.restore(root, e); o != nil {
			c.keep(e, true)
			return o
		}
	}
	read := time.Now()
	o := c.run.analyze(root, p)
	if c.storable(o, info, read) {
		c.keep(c.entry(o, info), false)
	}
	return o
}

// storable reports whether an outcome says all that a later run may ask, of a file that is old enough to tell by its time.
func (c *cache) storable(o *outcome, info fs.FileInfo, read time.Time) bool {
	return !o.Absent && len(o.Failures) == 0 && (o.Skipped == nil || !o.Skipped.Failed) && c.run.wanted(o.Path) &&
		read.Sub(info.ModTime()) > racy
}

func (c *cache) entry(o *outcome, info fs.FileInfo) entry {
	e := entry{Path: o.Path, Size: info.Size(), Mod: info.ModTime().UnixNano(), Outcome: *o}
	e.Outcome.Findings = make([]*rules.Finding, len(o.Findings))
	for i, f := range o.Findings {
		clone := *f
		clone.Rule = nil
		e.Outcome.Findings[i] = &clone
		e.Rules = append(e.Rules, f.Rule.Name)
	}
	return e
}

// restore makes an outcome of what was stored; nil where that can't be done.
func (c *cache) restore(root *os.Root, e entry) *outcome {
	o := e.Outcome
	if len(o.Findings) != len(e.Rules) {
		return nil
	}
	findings := make([]*rules.Finding, len(o.Findings))
	for i, f := range o.Findings {
		clone := *f
		if clone.Rule = c.rules[e.Rules[i]]; clone.Rule == nil {
			return nil
		}
		findings[i] = &clone
	}
	o.Findings = findings
	o.Comments = append([]suppression(nil), o.Comments...)
	for i := range o.Comments {
		o.Comments[i].Used = false
	}
	if len(o.Secrets) > 0 {
		f, err := read(root, e.Path, c.run.limits)
		if err != nil || f == nil {
			return nil
		}
		for _, s := range o.Secrets {
			if s.Start < 0 || s.End > len(f.Raw) || s.Start > s.End {
				return nil
			}
			o.secretTexts = append(o.secretTexts, string(f.Raw[s.Start:s.End]))
		}
	}
	return &o
}

func (c *cache) keep(e entry, hit bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.new = append(c.new, e)
	if hit {
		c.hit++
	}
}

// close writes what the next run can use. That it can't be written is no error: a folder may be read-only.
func (c *cache) close() {
	if c.file == "" || c.hit == len(c.new) && c.hit == len(c.old) {
		return
	}
	dir := filepath.Dir(c.file)
	if info, err := os.Lstat(filepath.Dir(dir)); err == nil && !info.IsDir() {
		return
	}
	if os.MkdirAll(dir, 0o755) != nil {
		return
	}
	if real, err := filepath.EvalSymlinks(dir); err != nil || real != dir {
		return // a link of the repository's own must not lead a write out of it
	}
	ignore := filepath.Join(filepath.Dir(dir), ".gitignore")
	if _, err := os.Lstat(ignore); err != nil && os.WriteFile(ignore, []byte("*\n"), 0o644) != nil {
		return
	}
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(stored{cacheVersion, c.new}) != nil {
		return
	}
	if old, err := os.ReadDir(dir); err == nil {
		for _, e := range old { // of another program or selection: they would pile up
			if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), ".gob") && time.Since(info.ModTime()) > 7*24*time.Hour {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
		}
	}
	_ = WriteFile(c.file, b.Bytes(), 0o644)
}
