package migrations

import (
	"regexp"
	"strings"
)

var (
	atlasWaiver  = regexp.MustCompile(`(?i)^--\s*atlas:nolint\b(.*)$`)
	squawkWaiver = regexp.MustCompile(`(?i)^(?:--|/\*)\s*squawk-(?:ignore|disable)(?:-next-statement|-file)?\b(.*)$`)
)

// waiverCodes are the codes of Atlas and the rules of squawk by the kind of hazard that they name.
var waiverCodes = map[string][]string{
	"required column":         {"MF103", "adding-required-field", "adding-not-nullable-field", "data_depend"},
	"volatile default":        {"PG30", "adding-field-with-default"},
	"set not null":            {"MF104", "PG30", "adding-not-nullable-field", "data_depend"},
	"unvalidated foreign key": {"PG30", "adding-foreign-key-constraint", "constraint-missing-not-valid"},
	"unvalidated check":       {"PG30", "constraint-missing-not-valid"},
	"create index":            {"PG101", "require-concurrent-index-creation", "concurrent_index"},
	"drop index":              {"PG102", "require-concurrent-index-deletion", "concurrent_index"},
}

// waivers reads the comment lines right above a statement.
func (u *unit) waivers(start int) map[string]bool {
	if u.within || start > len(u.f.Text) {
		return nil
	}
	var out map[string]bool
	lines := strings.Split(strings.TrimRight(string(u.f.Text[max(0, start-1000):start]), " \t\r\n"), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		line := strings.TrimSpace(lines[i])
		if !strings.HasPrefix(line, "--") && !strings.HasPrefix(line, "/*") {
			break
		}
		for _, expr := range []*regexp.Regexp{atlasWaiver, squawkWaiver} {
			m := expr.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			if out == nil {
				out = map[string]bool{}
			}
			for kind, codes := range waiverCodes {
				all := strings.Trim(m[1], " */\t\r") == ""
				for _, c := range codes {
					all = all || strings.Contains(m[1], c)
				}
				out[kind] = out[kind] || all
			}
		}
	}
	return out
}
