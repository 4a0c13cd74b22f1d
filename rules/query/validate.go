package query

import (
	"fmt"
	"regexp"
	"slices"

	"delint/graph"
	"delint/rules"
)

// wrongType is how the decoder says that a value has another type than its key.
var wrongType = regexp.MustCompile(`^toml: line (\d+) \(last key "([^"]*)"\): (?:incompatible types: )?(.*)$`)

// mistyped gives a decoder's complaint about a value its place.
func (f *file) mistyped(err error) error {
	if m := wrongType.FindStringSubmatch(err.Error()); m != nil {
		return f.errorf(m[2], "%s: %s", m[2], m[3])
	}
	return fmt.Errorf("%s:1:1: %w", f.name, err)
}

// vocabulary holds, by key, the values that a definition can have.
var vocabulary = map[string][]string{
	"class": {string(rules.Correctness), string(rules.Reliability), string(rules.Testing), string(rules.Maintainability),
		string(rules.Security), string(rules.Fixed)},
	"precision": {string(rules.VeryHigh), string(rules.HighPrecision), string(rules.MediumPrec), string(rules.LowPrecision)},
	"roles": {string(graph.RoleSource), string(graph.RoleTest), string(graph.RoleGenerated), string(graph.RoleMigration),
		string(graph.RoleVendored), string(graph.RoleNotebook), string(graph.RoleStub), string(graph.RoleConfig)},
}

// validate checks the values that the decoder takes as any string.
func (d *definition) validate(f *file) error {
	values := map[string][]string{"class": {d.Class}, "precision": {d.Precision}, "roles": d.Roles}
	for _, key := range []string{"class", "precision", "roles"} {
		for _, v := range values[key] {
			if v != "" && !slices.Contains(vocabulary[key], v) {
				return f.errorf(key, "unknown %s %q%s", key, v, hint(v, vocabulary[key]))
			}
		}
	}
	return nil
}

// named checks that every {name} of the message is a capture of every pattern: otherwise a match could not fill it in.
func (d *definition) named(f *file, q *Query) error {
	for _, m := range placeholder.FindAllStringSubmatch(d.Message, -1) {
		for i := range q.patterns {
			if captures := q.patterns[i].captures; !slices.Contains(captures, m[1]) {
				return f.errorf("message", "pattern %d of the query has no capture @%s%s", i+1, m[1], hint(m[1], captures))
			}
		}
	}
	return nil
}
