package scan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"delint/graph"
	"delint/graph/settings"
	"delint/rules"
)

// finish links the graph, runs the repository rules and turns what was found into what is said.
func (r *run) finish(l *listing, outcomes []*outcome, selected []*rules.Rule) *Result {
	res := &Result{
		Root: r.root, Config: r.config, Rules: selected, NotAnalysed: l.skipped, Deferred: map[string]int{},
		Stats: Stats{Languages: map[string]Count{}, Skipped: map[string]int{}}, sums: map[string][sha256.Size]byte{},
	}
	if l.notice != "" {
		res.Notices = append(res.Notices, l.notice)
	}
	var facts []*graph.Facts
	var findings []*rules.Finding
	for _, o := range outcomes {
		if o.Absent {
			continue
		}
		res.Paths = append(res.Paths, o.Path)
		res.sums[o.Path] = o.Sum
		res.count(o)
		if o.Facts != nil {
			facts = append(facts, o.Facts)
		}
		findings = append(findings, o.Findings...)
		res.Failures = append(res.Failures, o.Failures...)
	}
	start := time.Now()
	res.Graph = graph.Link(facts, res.Paths, r.config.graphOptions(r.options))
	if r.base != nil {
		res.Graph.Base = r.base.Graph
	}
	r.spend("link", time.Since(start))
	start = time.Now()
	repository, failures := r.runner.Repository(res.Graph)
	r.spend("repository rules", time.Since(start))
	res.Failures = append(res.Failures, failures...)
	for _, f := range repository {
		if f.Span.Path == "." && slices.Contains(r.want, ".") || f.Span.Path != "." && r.wanted(f.Span.Path) {
			findings = append(findings, f)
		}
	}
	res.redact = newRedactor(r.root, r.limits, outcomes, r.overlay)
	// Suppressions are judged first: one of a finding that is then left to another tool is used all the same.
	findings, res.Suppressed = r.suppress(findings, outcomes)
	findings = r.deferred(r.dropNotebooks(findings, outcomes), res)
	for _, f := range slices.Concat(findings, res.Suppressed) {
		r.shade(f, res.Graph)
		r.hide(f, res.redact)
	}
	findings = slices.DeleteFunc(findings, func(f *rules.Finding) bool {
		return f.Severity == rules.Off || f.Severity < r.config.Severity
	})
	slices.SortStableFunc(findings, rules.Less)
	slices.SortStableFunc(res.Suppressed, rules.Less)
	if r.then != nil { // of both sides of a comparison
		rules.Fingerprint(findings)
		if r.base != nil {
			findings = added(findings, r.base, r.then, r.base.redact.raw, res.redact.raw)
			slices.SortStableFunc(findings, rules.Less)
		}
	} else {
		if !r.options.Expand && !r.options.Fixing {
			findings = collapse(findings)
		}
		rules.Fingerprint(findings)
	}
	rules.Fingerprint(res.Suppressed)
	res.Findings = findings
	res.Stats.Suppressed = len(res.Suppressed)
	slices.SortFunc(res.NotAnalysed, func(a, b Skipped) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	res.Project = r.projectName()
	res.Partial = r.then != nil || !slices.Contains(r.want, ".") || r.config.Severity > rules.Low || len(r.options.Config.Select) > 0 || len(r.options.Config.Ignore) > 0
	res.Tree, res.Settings = hashes(outcomes, r.config)
	if r.options.Timing {
		res.Seconds = r.seconds
	}
	return res
}

// count adds one file to the statistics, and to what was not analysed where a person would ask for it: a file of a language
// that delint reads, or one that should have been read.
func (res *Result) count(o *outcome) {
	if o.Skipped != nil {
		res.Stats.Skipped[o.Skipped.Reason]++
		if o.Skipped.Failed || readable(o.Path) || o.Skipped.Reason == "submodule" || o.Skipped.Reason == "symbolic link" {
			res.NotAnalysed = append(res.NotAnalysed, *o.Skipped)
		}
	}
	if o.Bytes == 0 && o.Facts == nil {
		return
	}
	res.Stats.Files++
	res.Stats.Bytes += o.Bytes
	if o.Language != "" {
		c := res.Stats.Languages[o.Language]
		c.Files++
		c.Bytes += o.Bytes
		c.ErrorNodes += o.ErrorNodes
		res.Stats.Languages[o.Language] = c
	}
}

// deferred drops the findings that another tool of the repository reports already, and counts them.
func (r *run) deferred(findings []*rules.Finding, res *Result) []*rules.Finding {
	if r.options.NoDefer {
		return findings
	}
	tools := settings.NewDeference(res.Graph)
	return slices.DeleteFunc(findings, func(f *rules.Finding) bool {
		if len(f.Defer) == 0 || !tools.Has(f.Span.Path, f.Defer) {
			return false
		}
		res.Deferred[f.Rule.Name]++
		return true
	})
}

// hide takes the secrets out of every text of a finding.
func (r *run) hide(f *rules.Finding, redact *redactor) {
	p := f.Span.Path
	f.Message = redact.textOf(p, f.Message)
	f.Evidence = redact.textOf(p, f.Evidence)
	f.Unit.Name = redact.textOf(p, f.Unit.Name)
	if f.Fix != nil {
		f.Fix.Title = redact.textOf(p, f.Fix.Title)
		if slices.ContainsFunc(f.Fix.Edits, func(e rules.Edit) bool { return redact.textOf(e.Path, e.Text) != e.Text }) {
			f.Fix = nil // no output may hold the secret that it would write
		}
	}
	for i := range f.Places {
		f.Places[i].Message = redact.textOf(f.Places[i].Span.Path, redact.textOf(p, f.Places[i].Message))
	}
}

// most is how many findings of one group a file may have before they become one.
const most = 10

// collapse makes one finding, on line 1, of the findings of a group that a file has more than ten of.
func collapse(findings []*rules.Finding) []*rules.Finding {
	type group struct{ path, rule, name string }
	count := map[group]int{}
	key := func(f *rules.Finding) group { return group{f.Span.Path, f.Rule.Name, f.Collapse} }
	for _, f := range findings {
		if f.Collapse != "" {
			count[key(f)]++
		}
	}
	var out []*rules.Finding
	made := map[group]*rules.Finding{}
	for _, f := range findings {
		k := key(f)
		if f.Collapse == "" || count[k] <= most || f.Rule.Collapsed == nil {
			out = append(out, f)
			continue
		}
		one := made[k]
		if one == nil {
			clone := *f
			one = &clone
			one.Span.Start.Line, one.Span.Start.Column, one.Span.Start.Byte = 1, 1, 0
			one.Span.End = one.Span.Start
			one.Unit = rules.ModuleUnit(f.Span.Path, 1)
			one.Key = f.Collapse
			one.Message = f.Rule.Collapsed(count[k])
			one.Places, one.Fix = nil, nil
			made[k] = one
			out = append(out, one)
		}
		one.Severity = max(one.Severity, f.Severity)
		one.Places = append(one.Places, rules.Place{Span: f.Span, Message: f.Message})
		one.Unit.EndLine = max(one.Unit.EndLine, f.Unit.EndLine)
	}
	slices.SortStableFunc(out, rules.Less)
	return out
}

// hashes names the state of the files and of the configuration.
func hashes(outcomes []*outcome, c *Config) (tree, settings string) {
	h := sha256.New()
	for _, o := range outcomes {
		if !o.Absent {
			fmt.Fprintf(h, "%q %x\n", o.Path, o.Sum)
		}
	}
	tree = hex.EncodeToString(h.Sum(nil)[:12])
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", *c))
	return tree, hex.EncodeToString(sum[:12])
}
