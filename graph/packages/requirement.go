package packages

import "strings"

// Normalize is the name of a distribution as registries compare it: lower case, one "-" for runs of "-", "_" and ".".
func Normalize(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(name) {
		if r == '-' || r == '_' || r == '.' {
			dash = true
			continue
		}
		if dash && b.Len() > 0 {
			b.WriteByte('-')
		}
		dash = false
		b.WriteRune(r)
	}
	return b.String()
}

// ParseRequirement splits a requirement of PEP 508 into its normalised name and the rest without extras and marker: "==1.2",
// ">=1,<2", "@ git+https://…", empty. False for what is no requirement: a path, an option, a template.
func ParseRequirement(text string) (name, spec string, ok bool) {
	text = strings.TrimSpace(text)
	end := 0
	for end < len(text) && (isWord(text[end]) || end > 0 && (text[end] == '.' || text[end] == '-')) {
		end++
	}
	if end == 0 {
		return "", "", false
	}
	name, rest := text[:end], strings.TrimSpace(text[end:])
	if strings.HasPrefix(rest, "[") {
		_, after, found := strings.Cut(rest, "]")
		if !found {
			return "", "", false
		}
		rest = strings.TrimSpace(after)
	}
	if strings.HasPrefix(rest, "@") {
		url, _, _ := strings.Cut(strings.TrimSpace(rest[1:]), " ")
		return Normalize(name), "@ " + url, true
	}
	rest, _, _ = strings.Cut(rest, ";")
	if at := strings.Index(rest, " --hash"); at >= 0 {
		rest = rest[:at]
	}
	rest = strings.Trim(strings.TrimSpace(rest), "()")
	if rest != "" && !strings.ContainsRune("=<>!~^*", rune(rest[0])) {
		return "", "", false
	}
	return Normalize(name), strings.ReplaceAll(rest, " ", ""), true
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

// Pinned reports whether a specifier lets one version only: "==1.2", "===1.2", a URL of an archive or of a full commit.
func Pinned(spec string) bool {
	if url, ok := strings.CutPrefix(spec, "@ "); ok {
		return !isGit(url) || commit(url)
	}
	for part := range strings.SplitSeq(spec, ",") {
		if strings.HasPrefix(part, "==") && !strings.Contains(part, "*") {
			return true
		}
	}
	return false
}

func isGit(url string) bool { return strings.HasPrefix(url, "git+") }

// commit reports whether a git URL ends in a full commit.
func commit(url string) bool {
	url, _, _ = strings.Cut(url, "#")
	at := strings.LastIndexByte(url, '@')
	hash := url[at+1:]
	return at > 0 && len(hash) == 40 && strings.Trim(hash, "0123456789abcdef") == ""
}

// extras is what stands in the brackets of a requirement: "pandas,secure".
func extras(text string) string {
	_, rest, found := strings.Cut(text, "[")
	inside, _, closed := strings.Cut(rest, "]")
	if at := strings.IndexAny(text, "=<>!~@;"); !found || !closed || at >= 0 && at < strings.IndexByte(text, '[') {
		return ""
	}
	return strings.ReplaceAll(inside, " ", "")
}
