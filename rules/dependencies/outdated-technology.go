package dependencies

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"delint/graph"
	"delint/graph/packages"
	"delint/parsers/toml"
	"delint/rules"
)

//go:embed outdated.toml
var outdatedText []byte

// outdatedTable is what outdated.toml says.
type outdatedTable struct {
	Date       string
	Technology []struct{ Name, Below, Reason, Successor string }
	Python     struct{ Below string }
}

var outdated = func() (t outdatedTable) {
	if _, err := toml.Decode(outdatedText, &t); err != nil {
		panic("rules/dependencies/outdated.toml: " + err.Error())
	}
	return t
}()

// OutdatedTechnology reports requirements and base images that let only versions which nobody looks after any more.
var OutdatedTechnology = rules.Repository(rules.Rule{
	Name:     "outdated-technology",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "best-practices/code-quality",
	Sentence: "Don't recommend outdated technologies without explicit user request",
}, func(pass *rules.Pass, g *graph.Graph) {
	r := packages.Of(g)
	for _, m := range r.Manifests {
		if m.Role == graph.RoleTest || m.Library || m.Kind == packages.Dockerfile || notDeployed(m.Path) {
			continue
		}
		for _, q := range m.Requirements {
			if q.Group == packages.GroupRuntime || q.Group == packages.GroupDev {
				if q.Name == "sqlalchemy" && declares(m, "apache-airflow") {
					continue // Airflow 2 asks for it
				}
				outdatedRequirement(pass, q)
			}
		}
	}
	for _, b := range r.Bases {
		if before(b.Version, outdated.Python.Below) && !notDeployed(b.Span.Path) {
			f := pass.ReportAt(b.Span, "Python %s is past its end of life (table of %s)", b.Version, outdated.Date)
			f.Key, f.Severity = "python", rules.High
		}
	}
})

func declares(m *packages.Manifest, name string) bool {
	return slices.ContainsFunc(m.Requirements, func(q packages.Requirement) bool { return q.Name == name })
}

func outdatedRequirement(pass *rules.Pass, q packages.Requirement) {
	for _, t := range outdated.Technology {
		if t.Name != q.Name {
			continue
		}
		version := ceiling(q.Spec)
		if t.Below != "" && (version == "" || !before(version, t.Below)) {
			continue
		}
		what := "`" + q.Name + "`"
		if q.Spec != "" {
			what = fmt.Sprintf("`%s%s`", q.Name, q.Spec)
		}
		f := pass.ReportAt(q.Span, "%s is outdated: %s (table of %s)", what, t.Reason, outdated.Date)
		f.Key = q.Name
		f.Evidence = "successor: " + t.Successor
	}
}

// ceiling is a version that is at least as new as all that a specifier lets through: of ==, <=, <, ~=, ~ and ^; empty where
// it has no upper bound.
func ceiling(spec string) string {
	for part := range strings.SplitSeq(spec, ",") {
		v := strings.TrimLeft(part, "=<~^")
		switch {
		case strings.HasPrefix(part, "=="), strings.HasPrefix(part, "<="):
			return strings.ReplaceAll(v, "*", "999")
		case strings.HasPrefix(part, "<"):
			return lower(v)
		case strings.HasPrefix(part, "^"):
			major, _, _ := strings.Cut(v, ".")
			return major + ".999"
		case strings.HasPrefix(part, "~="):
			if at := strings.LastIndexByte(v, '.'); at >= 0 {
				return v[:at] + ".999"
			}
		case strings.HasPrefix(part, "~"):
			numbers := strings.Split(v, ".")
			return strings.Join(numbers[:min(2, len(numbers))], ".") + ".999"
		}
	}
	return ""
}

// lower is a version just below a bound: "1.999" of "2", "2.3.999" of "2.4".
func lower(v string) string {
	parts := strings.Split(strings.TrimRight(v, ".0"), ".")
	for i := len(parts) - 1; i >= 0; i-- {
		if n, err := strconv.Atoi(parts[i]); err == nil && n > 0 {
			return strings.Join(append(parts[:i:i], strconv.Itoa(n-1), "999"), ".")
		}
	}
	return v
}

// before compares the numbers of two versions.
func before(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		m, n := number(x, i), number(y, i)
		if m != n {
			return m < n
		}
	}
	return false
}

func number(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	digits := parts[i]
	if end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		digits = digits[:end]
	}
	n, _ := strconv.Atoi(digits)
	return n
}
