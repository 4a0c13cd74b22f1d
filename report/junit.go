package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"delint/rules"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes a test suite a file and a failed test a finding. A run without findings is one test that passed, because some
// readers take an empty report for a broken one.
func JUnit(w io.Writer, r *Report, _ Options) error {
	out := junitSuites{Name: "delint", Tests: len(r.Findings), Failures: len(r.Findings)}
	for _, f := range r.Findings {
		name := visible(f.Span.Path)
		if n := len(out.Suites); n == 0 || out.Suites[n-1].Name != name {
			out.Suites = append(out.Suites, junitSuite{Name: name})
		}
		suite := &out.Suites[len(out.Suites)-1]
		suite.Tests++
		suite.Failures++
		suite.Cases = append(suite.Cases, junitCaseOf(f, name))
	}
	if len(r.Findings) == 0 {
		out.Tests = 1
		out.Suites = []junitSuite{{Name: "delint", Tests: 1, Cases: []junitCase{{Name: "no findings", Class: "delint"}}}}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitCaseOf(f *rules.Finding, file string) junitCase {
	line := max(1, f.Span.Start.Line)
	text := fmt.Sprintf("%s:%d:%d: %s", file, line, max(1, f.Span.Start.Column), visible(f.Message))
	if f.Evidence != "" {
		text += " (" + visible(f.Evidence) + ")"
	}
	return junitCase{
		Name: fmt.Sprintf("%s line %d", f.Rule.Name, line), Class: "delint." + f.Rule.Standard, File: file, Line: line,
		Failure: &junitFailure{Message: visible(f.Message), Type: f.Severity.String(), Text: text},
	}
}
