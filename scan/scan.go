// Package scan runs delint: it finds the files, reads them in parallel, links the graph, runs the rules and decides what is
// said of what they found. It is the library's door and the only place with concurrency.
package scan

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"delint/graph"
	_ "delint/graph/all"
	"delint/parsers"
	"delint/parsers/all"
	"delint/rules"
	_ "delint/rules/all"
)

// Options is what a run is asked for. The zero value scans the current folder as its configuration says.
type Options struct {
	// Paths are files and folders whose findings are wanted; the current folder if empty. Facts come from the whole root.
	Paths []string
	// Root overrides where the run's root is.
	Root string
	// Config holds what the command line says; where it is zero the configuration file decides.
	Config Config
	// Exclude holds globs of paths beside the configuration's.
	Exclude []string
	// ForceExclude applies the excludes to files that Paths names outright too.
	ForceExclude bool
	// NoDefer reports what other tools of the repository report already.
	NoDefer bool
	// Expand lists each finding where a rule would say one thing of many.
	Expand bool
	// ChangedSince, if set, is a git revision: only what was added since HEAD left it is reported.
	ChangedSince string
	// Staged reads what is staged instead of the work tree, and reports only what HEAD does not have.
	Staged bool
	// Fixing keeps every finding with its own fix, where many in a file would become one.
	Fixing bool
	// Notebooks reads all notebooks as pipelines, not only those that something schedules or imports.
	Notebooks bool
	// Jobs is the number of files read at once; the number of processors if 0.
	Jobs int
	// NoCache reads and writes no cache.
	NoCache bool
	// Timing measures what each stage and rule costs.
	Timing bool
	// Stdin, if set, stands for the content of the file StdinName.
	Stdin     []byte
	StdinName string
	// Progress is called with the number of files done and found, about ten times a second, from one goroutine.
	Progress func(done, total int)
	// ToolVersion is delint's version, which the cache depends on.
	ToolVersion string
	// Today is the date that expiring suppressions are compared with; now if zero.
	Today time.Time
}

// Stats counts what was read.
type Stats struct {
	Files      int              `json:"files"`
	Bytes      int              `json:"bytes"`
	Languages  map[string]Count `json:"languages"`
	Skipped    map[string]int   `json:"skipped,omitempty"`
	Suppressed int              `json:"suppressed"`
}

// Count counts the files of one language.
type Count struct {
	Files      int `json:"files"`
	Bytes      int `json:"bytes"`
	ErrorNodes int `json:"error_nodes"`
}

// Result is what a run found.
type Result struct {
	Root     string // absolute
	Config   *Config
	Project  string
	Rules    []*rules.Rule // that ran, by name
	Findings []*rules.Finding
	// NotAnalysed holds what could not be read, by path.
	NotAnalysed []Skipped
	// Deferred counts, by rule, the findings that another tool of the repository reports.
	Deferred map[string]int
	// Suppressed holds the findings that the repository suppresses.
	Suppressed []*rules.Finding
	Failures   []rules.Failure
	Stats      Stats
	// Seconds is the time of each stage and rule, summed over threads; nil without Options.Timing.
	Seconds map[string]float64
	Graph   *graph.Graph
	Notices []string
	// Paths is every path that was looked at.
	Paths []string
	// Partial says that the findings are not all of the repository's: paths, a severity or a selection narrowed them.
	Partial bool
	// Tree is a hash of every file that was read, and Settings one of the configuration.
	Tree, Settings string

	redact *redactor
	sums   map[string][sha256.Size]byte // of every file, as it was read
}

// Incomplete reports whether something that should have been analysed was not.
func (r *Result) Incomplete() bool {
	return len(r.Failures) > 0 || slices.ContainsFunc(r.NotAnalysed, func(s Skipped) bool { return s.Failed })
}

// Text is the text of a file with every secret in it hidden, line by line; nil if it can't be read any more.
func (r *Result) Text(path string) []byte { return r.redact.file(path) }

// Columns maps a column of a finding (code points of the file's line) to the column in Text's line, and to the columns of
// the file's own line in UTF-16 units and UTF-8 bytes, all from 1.
func (r *Result) Columns(path string, line, column int) (shown, utf16, utf8 int) {
	return r.redact.columns(path, line, column)
}

// Redact hides the secrets that the run found in a text.
func (r *Result) Redact(text string) string { return r.redact.text(text) }

// run is the state of one Run.
type run struct {
	options Options
	config  *Config
	root    string
	limits  parsers.Limits
	runner  *rules.Runner
	want    []string // paths below the root whose findings are wanted; "." is all
	// overlay is what stands in place of files: standard input, what is staged, what a revision holds.
	overlay map[string][]byte
	// base is the result of the revision that the run compares with; nil if it compares with none.
	base *Result
	then *revision

	everyRule []*rules.Rule
	selected  map[string]bool

	mu      *sync.Mutex
	seconds map[string]float64
}

func (r *run) spend(what string, d time.Duration) {
	r.mu.Lock()
	r.seconds[what] += d.Seconds()
	r.mu.Unlock()
}

// wanted reports whether the findings of a path were asked for.
func (r *run) wanted(p string) bool {
	for _, w := range r.want {
		if w == "." || p == w || strings.HasPrefix(p, w+"/") {
			return true
		}
	}
	return false
}

// Run scans a repository. An error is one of usage, configuration or I/O at the root; what goes wrong with single files is
// part of the result.
func Run(ctx context.Context, o Options) (*Result, error) {
	if len(o.Paths) == 0 {
		o.Paths = []string{"."}
	}
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Today.IsZero() {
		o.Today = time.Now().UTC()
	}
	r := &run{options: o, mu: &sync.Mutex{}, seconds: map[string]float64{}}
	if err := r.place(ctx); err != nil {
		return nil, err
	}
	selected, err := r.selectRules()
	if err != nil {
		return nil, err
	}
	if r.runner, err = rules.NewRunner(selected); err != nil {
		return nil, err
	}
	if o.Timing {
		r.runner.Timing = func(rule string, d time.Duration) { r.spend("rule "+rule, d) }
	}
	start := time.Now()
	files, err := list(ctx, r.root)
	if err != nil {
		return nil, err
	}
	if err := r.revise(ctx, files); err != nil {
		return nil, err
	}
	r.exclude(files)
	r.spend("list", time.Since(start))
	outcomes, err := r.analyzeAll(ctx, files.paths)
	if err != nil {
		return nil, err
	}
	if r.then != nil {
		if r.base, err = r.compare(ctx, r.then, files, outcomes, selected); err != nil {
			return nil, err
		}
	}
	return r.finish(files, outcomes, selected), nil
}

// readable reports whether delint has a parser for the path.
func readable(p string) bool { return all.ByPath(p) != nil }

// Files is the paths that Run would read, relative to the root.
func Files(ctx context.Context, o Options) ([]string, error) {
	if len(o.Paths) == 0 {
		o.Paths = []string{"."}
	}
	r := &run{options: o, mu: &sync.Mutex{}, seconds: map[string]float64{}}
	if err := r.place(ctx); err != nil {
		return nil, err
	}
	l, err := list(ctx, r.root)
	if err != nil {
		return nil, err
	}
	r.exclude(l)
	return slices.DeleteFunc(l.paths, func(p string) bool { return !r.wanted(p) || skipByPath(p) != "" }), nil
}

// place finds the root, reads the configuration and turns Paths into paths below the root.
func (r *run) place(ctx context.Context) error {
	o := r.options
	paths := o.Paths
	if o.StdinName != "" {
		paths = []string{filepath.Dir(o.StdinName)}
	}
	var err error
	if o.Root != "" {
		if r.root, err = filepath.Abs(o.Root); err == nil {
			r.root, err = filepath.EvalSymlinks(r.root)
		}
		if err != nil {
			return pathError(o.Root, err)
		}
	} else if r.root, err = Root(ctx, paths); err != nil {
		return err
	}
	from, err := commonDir(paths)
	if err != nil {
		return err
	}
	if !within(r.root, from) {
		return fmt.Errorf("%s is outside the root %s", from, r.root)
	}
	if r.config, err = loadConfig(from, r.root); err != nil {
		return err
	}
	r.config.override(o.Config)
	r.limits = r.config.Limits.limits()
	for _, p := range o.Paths {
		abs, err := filepath.Abs(p)
		if err == nil {
			abs, err = filepath.EvalSymlinks(abs)
		}
		if err != nil {
			return pathError(p, err)
		}
		rel, err := filepath.Rel(r.root, abs)
		if err != nil || !within(r.root, abs) {
			return fmt.Errorf("%s is outside the root %s", p, r.root)
		}
		r.want = append(r.want, filepath.ToSlash(rel))
	}
	if o.StdinName != "" {
		abs, err := filepath.Abs(o.StdinName)
		if err != nil {
			return err
		}
		if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
			abs = filepath.Join(dir, filepath.Base(abs))
		}
		rel, err := filepath.Rel(r.root, abs)
		if err != nil {
			return err
		}
		stdin := filepath.ToSlash(rel)
		r.want = []string{stdin}
		r.overlay = map[string][]byte{stdin: o.Stdin}
	}
	return nil
}

// exclude takes out what the configuration and the command line exclude, except files that were named outright.
func (r *run) exclude(l *listing) {
	globs := slices.Concat(r.config.Exclude, r.options.Exclude)
	named := map[string]bool{}
	if !r.options.ForceExclude {
		for _, w := range r.want {
			if info, err := os.Lstat(filepath.Join(r.root, filepath.FromSlash(w))); err == nil && !info.IsDir() {
				named[w] = true
			}
		}
	}
	for p := range named {
		if !slices.Contains(l.paths, p) {
			l.paths = append(l.paths, p)
		}
	}
	for p, content := range r.overlay {
		if content != nil && !slices.Contains(l.paths, p) {
			l.paths = append(l.paths, p)
		}
	}
	slices.Sort(l.paths)
	l.paths = slices.DeleteFunc(l.paths, func(p string) bool {
		if isOwn(p) {
			return true
		}
		return !named[p] && matchAny(globs, p)
	})
}

// analyzeAll reads the files with Options.Jobs workers. The outcomes have the order of the paths.
func (r *run) analyzeAll(ctx context.Context, paths []string) ([]*outcome, error) {
	root, err := os.OpenRoot(r.root)
	if err != nil {
		return nil, pathError(r.root, err)
	}
	defer root.Close()
	outcomes := make([]*outcome, len(paths))
	store := r.openCache()
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(r.options.Jobs, max(1, len(paths))) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(paths) {
					return
				}
				outcomes[i] = store.analyze(root, paths[i])
				done.Add(1)
			}
		})
	}
	finished := make(chan struct{})
	go func() { workers.Wait(); close(finished) }()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-finished:
			if r.options.Progress != nil {
				r.options.Progress(int(done.Load()), len(paths))
			}
			store.close()
			return outcomes, ctx.Err()
		case <-tick.C:
			if r.options.Progress != nil {
				r.options.Progress(int(done.Load()), len(paths))
			}
		}
	}
}
