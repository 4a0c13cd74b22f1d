package graph

import (
	"regexp"
	"strings"
)

// SplitName splits a dataset's name as written into its parts, outermost first. Dots inside "…" and […] belong to the part;
// inside backticks they split, because BigQuery quotes whole paths so.
func SplitName(s string) (parts []string, quoted []bool) {
	var b strings.Builder
	isQuoted := false
	flush := func() {
		parts, quoted = append(parts, strings.TrimSpace(b.String())), append(quoted, isQuoted)
		b.Reset()
		isQuoted = false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '.':
			flush()
		case '"', '[', '`':
			closing := c
			if c == '[' {
				closing = ']'
			}
			end := strings.IndexByte(s[i+1:], closing)
			if end < 0 {
				b.WriteByte(c)
				continue
			}
			inner := s[i+1 : i+1+end]
			i += 1 + end
			isQuoted = true
			if c != '`' {
				b.WriteString(inner)
				continue
			}
			for j, piece := range strings.Split(inner, ".") {
				if j > 0 {
					flush()
				}
				isQuoted = true
				b.WriteString(piece)
			}
		default:
			b.WriteByte(c)
		}
	}
	flush()
	return parts, quoted
}

var (
	templateCall = regexp.MustCompile(`^\s*(?:env_var|var)\s*\(\s*['"]([^'"]*)['"]\s*(?:,\s*['"]([^'"]*)['"]\s*)?\)\s*$`)
	shellDefault = regexp.MustCompile(`\$\{(?:[a-zA-Z]+\.)?([A-Za-z_]\w*)(?::-([^}]*))?\}`)
	macroName    = regexp.MustCompile(`@\{?([A-Za-z_]\w*)\}?`)
)

// Evaluate turns the templating in a name into a pattern: a variable with a known value or a written default becomes that,
// everything else Hole.
func Evaluate(s string, vars map[string]string) string {
	if strings.Contains(s, "{%") {
		return Hole // a template chooses
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "{{")
		if i < 0 {
			break
		}
		end := strings.Index(s[i:], "}}")
		if end < 0 {
			break
		}
		b.WriteString(s[:i])
		b.WriteString(evaluateCall(s[i+2:i+end], vars))
		s = s[i+end+2:]
	}
	b.WriteString(s)
	known := func(name, fallback string) string {
		if v, ok := vars[name]; ok {
			return v
		}
		if fallback != "" {
			return fallback
		}
		return Hole
	}
	out := shellDefault.ReplaceAllStringFunc(b.String(), func(m string) string {
		g := shellDefault.FindStringSubmatch(m)
		return known(g[1], g[2])
	})
	return macroName.ReplaceAllStringFunc(out, func(m string) string {
		return known(macroName.FindStringSubmatch(m)[1], "")
	})
}

func evaluateCall(call string, vars map[string]string) string {
	call = strings.Trim(call, "- \t\n")
	if len(call) > 1 && (call[0] == '\'' || call[0] == '"') && strings.IndexByte(call[1:], call[0]) == len(call)-2 {
		return call[1 : len(call)-1]
	}
	if m := templateCall.FindStringSubmatch(call); m != nil {
		if v, ok := vars[m[1]]; ok {
			return v
		}
		if m[2] != "" {
			return m[2]
		}
	}
	return Hole
}

const environmentWords = `dev|development|test|qa|stg|stage|staging|prod|prd|production|sandbox|ci|pr\d+`

var (
	environmentPrefix = regexp.MustCompile(`^(?:` + environmentWords + `|user_\w+?)[_-]`)
	environmentSuffix = regexp.MustCompile(`[_-]{1,2}(?:` + environmentWords + `)$`) // SQLMesh: schema__dev
)

// normalPart is a catalog or schema without case and without the affixes of an environment. A part that is nothing but an
// environment's word stays: a schema named staging is a layer. Empty means unknown.
func normalPart(part string) string {
	part = strings.ToLower(part)
	for strings.HasPrefix(part, Hole) {
		part = strings.TrimLeft(strings.TrimPrefix(part, Hole), "_-")
	}
	for strings.HasSuffix(part, Hole) {
		part = strings.TrimRight(strings.TrimSuffix(part, Hole), "_-")
	}
	if rest := environmentPrefix.ReplaceAllString(part, ""); rest != "" {
		part = rest
	}
	if rest := environmentSuffix.ReplaceAllString(part, ""); rest != "" {
		part = rest
	}
	return part
}

// Canonical is the name under which a dataset is known: at most three parts, the outer ones normalised, unknown outer ones
// left out. It is nil where the name's own part is nothing but a hole.
func Canonical(parts []string) []string {
	if len(parts) > 3 {
		parts = parts[len(parts)-3:]
	}
	if len(parts) == 0 {
		return nil
	}
	name := strings.ToLower(strings.TrimSpace(parts[len(parts)-1]))
	if strings.Trim(strings.ReplaceAll(name, Hole, ""), "_-./ ") == "" {
		return nil
	}
	var out []string
	for _, p := range parts[:len(parts)-1] {
		if p = normalPart(p); p == "" {
			out = nil // what stands before an unknown part can't be compared from the right
			continue
		}
		out = append(out, p)
	}
	return append(out, name)
}

// PathName is the canonical name of a dataset that is a path: without what a partition or a run adds to it.
func PathName(path string) string {
	path = strings.ReplaceAll(path, "\\", "/")
	segments := strings.Split(path, "/")
	out := segments[:0:0]
	for _, s := range segments {
		if strings.Contains(s, "=") && !strings.Contains(s, ":") {
			break
		}
		out = append(out, s)
	}
	for len(out) > 0 && strings.Trim(strings.ReplaceAll(out[len(out)-1], Hole, ""), "*_-. ") == "" {
		out = out[:len(out)-1]
	}
	return strings.TrimSuffix(strings.Join(out, "/"), "/")
}

// EditDistance is the number of letters to change, insert or delete between two names, or more than limit.
func EditDistance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var small [64]int // most names fit
	row := small[:]
	if len(b) >= len(small) {
		row = make([]int, len(b)+1)
	}
	row = row[:len(b)+1]
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		last, least := row[0], i
		row[0] = i
		for j := 1; j <= len(b); j++ {
			next := min(row[j]+1, row[j-1]+1, last+1)
			if a[i-1] == b[j-1] {
				next = last
			}
			last, row[j] = row[j], next
			least = min(least, next)
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(b)]
}
