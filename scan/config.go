package scan

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"delint/graph"
	"delint/parsers"
	"delint/rules"

	"github.com/bmatcuk/doublestar/v4"
)

// Config is the configuration: delint.toml, .delint.toml or [tool.delint] of pyproject.toml.
type Config struct {
	// Root ends the search for the root of a run here.
	Root bool `toml:"root"`
	// Project is the repository's name in the review file and in output.
	Project string `toml:"project"`
	// Env is the environment of everything that no [[environment]] table places.
	Env rules.Environment `toml:"env"`
	// Select and Ignore name rules and standards (folders of rules); "all" names every rule.
	Select []string `toml:"select"`
	Ignore []string `toml:"ignore"`
	// Severity is the least severity that is reported.
	Severity rules.Severity `toml:"severity"`
	// FailOn is the least severity that makes the exit code 1; "none" is never.
	FailOn FailOn `toml:"fail-on"`
	// Exclude holds globs of paths that are not scanned.
	Exclude []string `toml:"exclude"`
	// RulesDir is the folder of the repository's own declarative rules; rules.d if empty.
	RulesDir string `toml:"rules-dir"`
	// Severities overrides the severity of rules; "off" switches one off.
	Severities map[string]rules.Severity `toml:"severities"`
	// Environments places paths in environments.
	Environments []EnvironmentPaths `toml:"environment"`
	// SelfHosted says how much a self-hosted environment matters.
	SelfHosted SelfHosted `toml:"self-hosted"`
	// Ignores suppresses findings by rule and path, with a reason; also those that have no line.
	Ignores []Ignore `toml:"suppress"`
	// Layers names, by layer, globs of dataset names and paths.
	Layers map[string][]string `toml:"layers"`
	Checks Checks              `toml:"checks"`
	Tests  Tests               `toml:"tests"`
	Docs   Docs                `toml:"docs"`
	Limits Limits              `toml:"limits"`

	// File is the file that the configuration was read from, relative to the root; empty if there is none.
	File string `toml:"-"`
}

// EnvironmentPaths places paths in an environment.
type EnvironmentPaths struct {
	Name  rules.Environment `toml:"name"`
	Paths []string          `toml:"paths"`
}

// SelfHosted says how much a self-hosted environment matters: high, normal (if empty) or low.
type SelfHosted struct {
	Importance string `toml:"importance"`
}

// Ignore suppresses the findings of a rule on the paths that a glob matches ("." is the repository as a whole).
type Ignore struct {
	Rule   string `toml:"rule"`
	Path   string `toml:"path"`
	Reason string `toml:"reason"`
	Until  string `toml:"until"`
}

// Checks says what covers a dataset.
type Checks struct {
	// Accept names the frameworks that count; all that count by default if empty.
	Accept []string `toml:"accept"`
	// Strict is "soda-only" where nothing but Soda counts.
	Strict string `toml:"strict"`
	// Exclude holds globs of dataset names that need no checks.
	Exclude []string `toml:"exclude"`
	// External says that the checks live in another repository.
	External bool `toml:"external"`
}

// Tests says where the tests are.
type Tests struct {
	// External says that the tests live in another repository.
	External bool `toml:"external"`
}

// Docs says where the documentation of standards.md is.
type Docs struct {
	// Map gives, by path of the standard's tree, where this repository keeps that page.
	Map map[string]string `toml:"map"`
	// NotApplicable names pages that this repository needs not, each with a reason.
	NotApplicable []NotApplicable `toml:"not-applicable"`
}

// NotApplicable is one page of the standard's tree that the repository needs not.
type NotApplicable struct {
	Path   string `toml:"path"`
	Reason string `toml:"reason"`
}

// Limits bounds what one file may cost; 0 is the default.
type Limits struct {
	ParseBytes   int     `toml:"parse-bytes"`
	ParseSeconds float64 `toml:"parse-seconds"`
	SecretBytes  int     `toml:"secret-bytes"`
}

// FailOn is a severity, or never.
type FailOn struct {
	Severity rules.Severity
	Never    bool
}

// UnmarshalText reads a severity or "none".
func (f *FailOn) UnmarshalText(text []byte) error {
	if strings.EqualFold(string(text), "none") {
		*f = FailOn{Never: true}
		return nil
	}
	s, err := rules.ParseSeverity(string(text))
	if err != nil || s == rules.Off {
		return fmt.Errorf("unknown severity %q; it is one of critical, high, medium, low, none", text)
	}
	*f = FailOn{Severity: s}
	return nil
}

// Fails reports whether a finding of that severity makes the run fail.
func (f FailOn) Fails(s rules.Severity) bool {
	if f.Never {
		return false
	}
	if f.Severity == rules.Off {
		return s >= rules.High
	}
	return s >= f.Severity
}

func (l Limits) limits() parsers.Limits {
	out := parsers.DefaultLimits
	if l.ParseBytes > 0 {
		out.ParseBytes = l.ParseBytes
	}
	if l.ParseSeconds > 0 {
		out.ParseTime = time.Duration(l.ParseSeconds * float64(time.Second))
	}
	if l.SecretBytes > 0 {
		out.SecretBytes = l.SecretBytes
	}
	return out
}

// configNames are the files that hold a configuration, the first that a folder has counts.
var configNames = []string{"delint.toml", ".delint.toml", "pyproject.toml"}

// configIn is the configuration file of a folder; empty if it has none.
func configIn(dir string) string {
	for _, name := range configNames {
		file := filepath.Join(dir, name)
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if name != "pyproject.toml" {
			return file
		}
		if text, err := os.ReadFile(file); err == nil && hasTable(text) {
			return file
		}
	}
	return ""
}

// isRoot reports whether a configuration file says root = true. A broken file does not.
func isRoot(file string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	c, err := decodeConfig(file, text)
	return err == nil && c.Root
}

// loadConfig reads the nearest configuration from a folder up to the root.
func loadConfig(from, root string) (*Config, error) {
	for dir := from; within(root, dir); dir = filepath.Dir(dir) {
		if file := configIn(dir); file != "" {
			rel, err := filepath.Rel(root, file)
			if err != nil {
				return nil, err
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", rel, err)
			}
			c, err := decodeConfig(filepath.ToSlash(rel), text)
			if err != nil {
				return nil, err
			}
			c.File = filepath.ToSlash(rel)
			return c, nil
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return &Config{}, nil
}

// override puts what the command line says over what the file says.
func (c *Config) override(o Config) {
	if o.Env != "" {
		c.Env, c.Environments = o.Env, nil
	}
	if o.Select != nil {
		c.Select = o.Select
	}
	c.Ignore = slices.Concat(c.Ignore, o.Ignore)
	if o.Severity != rules.Off {
		c.Severity = o.Severity
	}
	if o.FailOn != (FailOn{}) {
		c.FailOn = o.FailOn
	}
	if o.Project != "" {
		c.Project = o.Project
	}
}

// graphOptions is what the graph needs to know of the configuration.
func (c *Config) graphOptions(o Options) graph.Options {
	docs := graph.DocsOptions{Map: c.Docs.Map}
	for _, n := range c.Docs.NotApplicable {
		docs.NotApplicable = append(docs.NotApplicable, graph.NotApplicable(n))
	}
	out := graph.Options{
		Docs:           docs,
		Accept:         c.Checks.Accept,
		Layers:         c.Layers,
		Exclude:        c.Checks.Exclude,
		ExternalChecks: c.Checks.External,
		ExternalTests:  c.Tests.External,
		ProjectName:    c.Project,
		Expand:         o.Expand,
	}
	if c.Checks.Strict == "soda-only" {
		out.Accept = []string{"soda"}
	}
	return out
}

// check finds what the types can't: values that are none of a list, globs that are broken, ignores without a reason.
func (c *Config) check(at func(key string) string) error {
	environments := []rules.Environment{"", rules.Production, rules.Staging, rules.Local, rules.SelfHosted}
	if !slices.Contains(environments, c.Env) {
		return fmt.Errorf("%sunknown environment %q; it is one of production, staging, local, self-hosted", at("env"), c.Env)
	}
	for _, e := range c.Environments {
		if e.Name == "" || !slices.Contains(environments, e.Name) {
			return fmt.Errorf("%sunknown environment %q; it is one of production, staging, local, self-hosted", at("environment"), e.Name)
		}
	}
	if s := c.Checks.Strict; s != "" && s != "none" && s != "soda-only" {
		return fmt.Errorf("%sunknown value %q; checks.strict is none or soda-only", at("checks.strict"), s)
	}
	globs := slices.Clone(c.Exclude)
	for _, e := range c.Environments {
		globs = append(globs, e.Paths...)
	}
	for _, i := range c.Ignores {
		if strings.TrimSpace(i.Reason) == "" || i.Rule == "" || i.Path == "" {
			return fmt.Errorf("%severy [[suppress]] has a rule, a path and a reason", at("suppress"))
		}
		if _, err := time.Parse(time.DateOnly, i.Until); i.Until != "" && err != nil {
			return fmt.Errorf("%suntil = %q is no date; write YYYY-MM-DD", at("suppress.until"), i.Until)
		}
		globs = append(globs, i.Path)
	}
	for _, n := range c.Docs.NotApplicable {
		if strings.TrimSpace(n.Reason) == "" || n.Path == "" {
			return fmt.Errorf("%severy page in docs.not-applicable has a path and a reason", at("docs.not-applicable"))
		}
	}
	for _, g := range globs {
		if !doublestar.ValidatePattern(g) {
			return fmt.Errorf("%s%q is no glob", at("exclude"), g)
		}
	}
	return nil
}

// matchAny reports whether a glob matches a path or a folder above it.
func matchAny(globs []string, p string) bool {
	for _, g := range globs {
		for q := p; q != "."; q = parentOf(q) {
			if ok, _ := doublestar.Match(strings.TrimSuffix(g, "/"), q); ok {
				return true
			}
		}
	}
	return false
}

func parentOf(p string) string {
	i := strings.LastIndexByte(p, '/')
	if i < 0 {
		return "."
	}
	return p[:i]
}
