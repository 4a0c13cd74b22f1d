package security

import (
	"path"
	"strings"

	"delint/rules"
)

// SeverityTable is a kind's severity by environment; an unknown one counts as production.
type SeverityTable struct{ Production, Staging, Local, SelfHosted rules.Severity }

func (t SeverityTable) byEnvironment() map[rules.Environment]rules.Severity {
	return map[rules.Environment]rules.Severity{
		rules.Production: t.Production, rules.Staging: t.Staging, rules.Local: t.Local, rules.SelfHosted: t.SelfHosted,
	}
}

var (
	everywhereCritical = SeverityTable{rules.Critical, rules.Critical, rules.Critical, rules.Critical}
	everywhereLow      = SeverityTable{rules.Low, rules.Low, rules.Low, rules.Low}
	connectionTable    = SeverityTable{rules.Critical, rules.Critical, rules.Medium, rules.High}
	defaultTable       = SeverityTable{rules.Critical, rules.High, rules.Low, rules.High}
	forgeableTable     = SeverityTable{rules.Critical, rules.Critical, rules.Medium, rules.Critical}
	genericTable       = SeverityTable{rules.Critical, rules.High, rules.Medium, rules.High}
	localTable         = SeverityTable{rules.Medium, rules.Medium, rules.Medium, rules.Medium}
	secretFileTable    = SeverityTable{rules.Critical, rules.Critical, rules.Medium, rules.Critical}
)

// place is what a path says about a file.
type place struct {
	base     string // lower-case
	ext      string // lower-case, without the dot
	compose  bool   // a compose file that nothing calls production
	ci       bool   // continuous integration: its service containers live for minutes
	example  bool   // a template that people copy
	lock     bool   // generated lists of hashes
	test     bool   // tests and their fixtures
	markdown bool
	dotenv   bool // settings that a program loads: .env
}

func placeOf(p string) place {
	lower := strings.ToLower(p)
	base := path.Base(lower)
	x := place{base: base, ext: strings.TrimPrefix(path.Ext(base), ".")}
	for _, word := range strings.FieldsFunc(lower, func(c rune) bool { return strings.ContainsRune("/._-", c) }) {
		switch word {
		case "example", "examples", "sample", "samples", "template", "tmpl", "dist", "default":
			x.example = x.example || strings.Contains(base, word)
		case "compose":
			x.compose = true
		case "test", "tests", "testing", "fixtures", "testdata", "conftest", "mocks":
			x.test = true
		}
	}
	for _, word := range [...]string{"prod", "staging", "live"} {
		x.compose = x.compose && !strings.Contains(lower, word)
	}
	x.compose = x.compose && (x.ext == "yml" || x.ext == "yaml")
	x.ci = strings.Contains("/"+lower, "/.github/") || strings.Contains("/"+lower, "/.circleci/") || strings.HasPrefix(base, ".gitlab-ci") ||
		strings.HasPrefix(base, "azure-pipelines") || base == "jenkinsfile" || strings.HasPrefix(base, "bitbucket-pipelines") || base == ".travis.yml"
	x.lock = strings.HasSuffix(base, ".lock") || strings.HasSuffix(base, "-lock.json") || strings.HasSuffix(base, "-lock.yaml") || base == "go.sum" ||
		strings.HasSuffix(base, ".min.js") || strings.HasSuffix(base, ".map") || strings.HasSuffix(base, ".svg") || strings.HasSuffix(base, ".css")
	x.dotenv = strings.HasPrefix(base, ".env") && base != ".envrc" || x.ext == "env"
	x.markdown = x.ext == "md" || x.ext == "markdown" || x.ext == "rst" || x.ext == "mdx"
	return x
}
