package scan

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"delint/graph"
	"delint/parsers"
	"delint/rules"
)

// outcome is everything that one file gives: what the cache keeps.
type outcome struct {
	Path       string
	Language   string
	Bytes      int
	ErrorNodes int
	Role       graph.Role
	Facts      *graph.Facts
	Findings   []*rules.Finding
	Comments   []suppression
	Secrets    []rules.SecretSpan
	Skipped    *Skipped
	Absent     bool // listed but gone
	Sum        [sha256.Size]byte
	Failures   []rules.Failure
	// Notebooks names the notebooks that the file runs or imports, as written.
	Notebooks   []string
	secretTexts []string // in memory only
}

// stage names what the time of a file goes to.
type stage string

const (
	stageRead    stage = "read"
	stageParse   stage = "parse"
	stageExtract stage = "extract"
	stageRules   stage = "file rules"
	stageSecrets stage = "secrets"
)

// analyze reads, parses and checks one file. A panic below it becomes a failure of this file.
func (r *run) analyze(root *os.Root, p string) (o *outcome) {
	o = &outcome{Path: p}
	defer func() {
		if v := recover(); v != nil {
			o.Failures = append(o.Failures, rules.Failure{Path: p, Error: fmt.Sprintf("%T", v), Stack: string(debug.Stack())})
			o.Skipped = &Skipped{p, "internal error", true}
		}
	}()
	if reason := skipByPath(p); reason != "" {
		o.Skipped = &Skipped{Path: p, Reason: reason}
		return o
	}
	clock := r.clock()
	f, err := r.read(root, p)
	clock.lap(stageRead)
	if err != nil {
		var s *skip
		errors.As(err, &s)
		o.Skipped = &Skipped{p, s.reason, s.failed}
		return o
	}
	if f == nil {
		o.Absent = true
		return o
	}
	defer func() { f.Tree.Release() }()
	o.Bytes = len(f.Raw)
	o.Sum = sha256.Sum256(f.Raw)
	o.Role = graph.RoleOf(p, f.Raw[:min(len(f.Raw), 4096)])
	if f.Language != nil {
		o.Language = f.Language.Name
	}
	r.parse(f, o)
	clock.lap(stageParse)
	o.Facts = graph.Extract(f, o.Role)
	o.Notebooks = notebooksRun(f)
	clock.lap(stageExtract)
	o.Secrets = rules.Secrets(f)
	for _, s := range o.Secrets {
		o.secretTexts = append(o.secretTexts, string(f.Raw[s.Start:s.End]))
	}
	hideFacts(o.Facts, o.secretTexts)
	clock.lap(stageSecrets)
	if r.wanted(p) {
		var failures []rules.Failure
		o.Findings, failures = r.runner.File(f, o.Role)
		o.Failures = append(o.Failures, failures...)
		hideFindings(o.Findings, o.secretTexts)
		clock.lap(stageRules)
		o.Comments = suppressions(f)
	}
	if f.NotAnalysed != "" {
		failed := f.NotAnalysed != "template"
		o.Skipped = &Skipped{p, f.NotAnalysed, failed}
	}
	return o
}

// read reads a file, or what stands in its place.
func (r *run) read(root *os.Root, p string) (*parsers.File, error) {
	if raw, ok := r.overlay[p]; ok {
		return decode(p, raw, r.limits)
	}
	return read(root, p, r.limits)
}

// parse reads the file as its language, within the limits.
func (r *run) parse(f *parsers.File, o *outcome) {
	if f.Language == nil || f.Language.Parse == nil || f.NotAnalysed != "" {
		return
	}
	if err := f.Language.Parse(f); err != nil {
		f.Tree = nil
		f.NotAnalysed = err.Error()
		if errors.Is(err, parsers.ErrTimeout) {
			f.NotAnalysed = fmt.Sprintf("parsing took longer than %s", f.Limits.ParseTime)
		}
	}
	if f.Tree != nil {
		o.ErrorNodes = f.Tree.Errors()
	}
}

// clock sums what each stage costs; nil if nobody asked.
type clock struct {
	run  *run
	last time.Time
}

func (r *run) clock() *clock {
	if !r.options.Timing {
		return nil
	}
	return &clock{r, time.Now()}
}

func (c *clock) lap(s stage) {
	if c == nil {
		return
	}
	now := time.Now()
	c.run.spend(string(s), now.Sub(c.last))
	c.last = now
}
