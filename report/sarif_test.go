package report

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"delint/rules"
)

func sarifOf(t *testing.T, r *Report) sarifRun {
	t.Helper()
	log := decode[sarifLog](t, write(t, "sarif", r, Options{}))
	if len(log.Runs) != 1 {
		t.Fatalf("%d runs", len(log.Runs))
	}
	return log.Runs[0]
}

// TestSARIFContract holds what GitHub's ingestion asks for and no schema says.
func TestSARIFContract(t *testing.T) {
	for name, r := range map[string]*Report{"sample": sample(), "empty": {}, "hostile": hostile(names[0])} {
		run := sarifOf(t, r)
		driver := run.Tool.Driver
		if !sort.SliceIsSorted(driver.Rules, func(i, j int) bool { return driver.Rules[i].ID < driver.Rules[j].ID }) {
			t.Errorf("%s: the rules are not sorted", name)
		}
		if run.Results == nil || len(run.Invocations) != 1 || !run.Invocations[0].Successful || run.ColumnKind != "utf16CodeUnits" {
			t.Errorf("%s: %+v", name, run)
		}
		for _, rule := range driver.Rules {
			if rule.Short.Text == "" || rule.Full.Text == "" || rule.Help.Text == "" || len(rule.Properties.Tags) > 8 {
				t.Errorf("%s: rule %+v", name, rule)
			}
			if security := rule.Properties.SecuritySeverity != ""; security == (rule.Properties.ProblemSeverity != "") || security != (rule.ID == "hardcoded-secret") {
				t.Errorf("%s: rule %s has security-severity %q and problem.severity %q", name, rule.ID, rule.Properties.SecuritySeverity, rule.Properties.ProblemSeverity)
			}
		}
		seen := map[string]bool{}
		for _, result := range run.Results {
			if driver.Rules[result.RuleIndex].ID != result.RuleID {
				t.Errorf("%s: the index of %s is that of %s", name, result.RuleID, driver.Rules[result.RuleIndex].ID)
			}
			at := result.Locations[0].Physical
			if g := at.Region; g.StartLine < 1 || g.StartColumn < 1 || g.EndLine != g.StartLine || g.EndColumn < g.StartColumn {
				t.Errorf("%s: region %+v", name, g)
			}
			key := fmt.Sprint(result.RuleID, at.Artifact.URI, at.Region.StartLine)
			if seen[key] {
				t.Errorf("%s: two results of %s", name, key)
			}
			seen[key] = true
			if result.Fingerprints["primaryLocationLineHash"] == "" {
				t.Errorf("%s: no line hash at %s", name, key)
			}
			for i, l := range result.Related {
				if l.ID != i+1 {
					t.Errorf("%s: related location %d has id %d", name, i, l.ID)
				}
			}
		}
	}
}

func TestSARIFRegions(t *testing.T) {
	r := sample()
	emoji := locate(exceptRule, rules.High, "dags/load_orders.py", "\"😀\"", "after an emoji")
	wide := locate(exceptRule, rules.High, "dags/load_orders.py", "😀\"\n        except ValueError", "two lines")
	wide.Rule = secretRule
	r.Findings = []*rules.Finding{emoji, wide}
	got := sarifOf(t, r).Results
	if g := got[0].Locations[0].Physical.Region; g != (sarifRegion{16, 36, 16, 40}) {
		t.Errorf("columns in UTF-16 are %+v", g)
	}
	if g := got[1].Locations[0].Physical.Region; g != (sarifRegion{16, 37, 16, 40}) {
		t.Errorf("a range of two lines is cut to %+v", g)
	}
}

func TestSARIFMerge(t *testing.T) {
	r := sample()
	f := r.Findings[1]
	second := *f
	second.Message = "another on the line"
	r.Findings = []*rules.Finding{f, &second}
	got := sarifOf(t, r).Results
	if len(got) != 1 || !strings.Contains(got[0].Message.Text, "1 more") || len(got[0].Related) != 1 || got[0].Related[0].Message.Text != second.Message {
		t.Errorf("two of a rule on a line are %+v", got)
	}
}

func TestSARIFCap(t *testing.T) {
	r := sample()
	low, critical := r.Findings[2], r.Findings[1]
	r.Findings = nil
	for i := range 6000 {
		f := *low
		if i > 5990 {
			f = *critical
		}
		f.Span.Start.Line, f.Span.End.Line = i+1, i+1
		r.Findings = append(r.Findings, &f)
	}
	run := sarifOf(t, r)
	n := map[string]int{}
	for _, result := range run.Results {
		n[result.RuleID]++
	}
	last := run.Results[len(run.Results)-1]
	if len(run.Results) != sarifMost || n["hardcoded-secret"] != 9 || !strings.HasPrefix(last.Message.Text, "1001 ") || last.Level != "note" ||
		run.Tool.Driver.Rules[last.RuleIndex].ID != leftOut {
		t.Errorf("%d results, %v, last %+v", len(run.Results), n, last)
	}
}

// The values agree with those of GitHub's upload action, whose own test vectors this port passes.
func TestLineHashes(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{"c129715d7a2bc9a3:1"}},
		{"select 1\nfrom t\n", []string{"2340301dfea63140:1", "f2a1ebc3d40f77b1:1", "c129715d7a2bc9a3:1"}},
		{"a\n\n\nb", []string{"5e40531c7cbeff04:1", "fe63cb8286b0b2c5:1", "cc4c43d77869440f:1", "8ee5a81e681643c1:1"}},
		{"x = 1\r\ny = 2\r\n", []string{"5ceeb771b3aff0bd:1", "ab1f8ed3e7dc41c1:1", "c129715d7a2bc9a3:1"}},
		{" x=1\ry\t= 2\r", []string{"5ceeb771b3aff0bd:1", "ab1f8ed3e7dc41c1:1", "c129715d7a2bc9a3:1"}},
		{"é😀 = 1\n  pass\n", []string{"cd9680b1e06a3e82:1", "d9ebd24fce30bc54:1", "c129715d7a2bc9a3:1"}},
		{strings.Repeat("id,name\n", 20), []string{"92394d305fa53493:1", "92394d305fa53493:2"}},
	} {
		wanted := map[int]bool{}
		for i := range c.want {
			wanted[i+1] = true
		}
		got := lineHashes([]byte(c.text), wanted)
		for i, want := range c.want {
			if got[i+1] != want {
				t.Errorf("line %d of %q: %s, want %s", i+1, c.text, got[i+1], want)
			}
		}
	}
}
