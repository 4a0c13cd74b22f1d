package packages

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// devName knows the files and groups of requirements that no run of the pipeline needs.
var devName = regexp.MustCompile(`(?i)(?:^|[-_./])(?:dev|devel|development|tests?|testing|lint|linting|docs?|ci|build|tools?|local|optional|examples?|bench\w*)(?:[-_./]|$)`)

func devGroup(name string) bool { return devName.MatchString(name) }

// line is one line of a file with its offset.
type line struct {
	text string
	at   int
}

// logical is the lines of a text with those that end in a backslash put together.
func logical(raw []byte) []line {
	var out []line
	at, open := 0, false
	for len(raw) > 0 {
		l, rest, _ := bytes.Cut(raw, []byte("\n"))
		text := strings.TrimRight(string(l), "\r")
		head, joined := strings.CutSuffix(text, "\\")
		if open {
			out[len(out)-1].text += " " + strings.TrimSpace(head)
		} else {
			out = append(out, line{head, at})
		}
		open = joined
		at += len(raw) - len(rest)
		raw = rest
	}
	return out
}

func (c *collector) requirements() {
	group := GroupRuntime
	name := path.Base(c.f.Path)
	stem := strings.TrimSuffix(name, path.Ext(name))
	if strings.HasPrefix(strings.ToLower(name), "constraints") {
		group = GroupConstraint
	} else if devGroup(stem) {
		group = GroupDev
	}
	var attributes []string
	hashes := bytes.Contains(c.f.Raw, []byte("--hash"))
	for _, l := range logical(c.f.Raw) {
		text := l.text
		if i := strings.Index(text, " #"); i >= 0 {
			text = text[:i]
		}
		trimmed := strings.TrimSpace(text)
		from := l.at + strings.Index(text, trimmed)
		switch {
		case trimmed == "" || trimmed[0] == '#':
		case strings.HasPrefix(trimmed, "-c ") || strings.HasPrefix(trimmed, "--constraint"):
			attributes = append(attributes, attrConstraints)
		case strings.HasPrefix(trimmed, "--extra-index-url") && !hashes:
			attributes = append(attributes, attrIndex)
		case strings.HasPrefix(trimmed, "git+"), strings.HasPrefix(trimmed, "-e git+"):
			url := strings.TrimSpace(strings.TrimPrefix(trimmed, "-e "))
			c.add(requirementFact, eggName(url), c.f.RawSpan(from, from+min(len(trimmed), firstLine(c.f.Raw[from:]))), "@ "+url, group, "")
		case trimmed[0] == '-':
		default:
			c.require(trimmed, group, from, from+min(len(trimmed), firstLine(c.f.Raw[from:])))
		}
	}
	if path.Ext(name) == ".in" {
		attributes = append(attributes, attrCompiled) // the compiled file is judged
	}
	c.manifest(Requirements, attributes...)
}

func firstLine(raw []byte) int {
	if i := bytes.IndexAny(raw, "\r\n"); i >= 0 {
		return i
	}
	return len(raw)
}

// eggName is the distribution that a git URL installs: its #egg=, else the last part of its path.
func eggName(url string) string {
	if _, egg, ok := strings.Cut(url, "#egg="); ok {
		egg, _, _ = strings.Cut(egg, "&")
		egg, _, _ = strings.Cut(egg, "[")
		return Normalize(egg)
	}
	url, _, _ = strings.Cut(url, "#")
	base := path.Base(url)
	base, _, _ = strings.Cut(base, "@")
	return Normalize(strings.TrimSuffix(base, ".git"))
}

var (
	condaItem  = regexp.MustCompile(`^(\s*)-\s+["']?([A-Za-z0-9_.:/-]+)(.*?)["']?\s*$`)
	pipInstall = regexp.MustCompile(`pip3?\s+install\s+([^&|;\n]*)`)
	fromPython = regexp.MustCompile(`(?im)^FROM\s+(?:--\S+\s+)?(?:docker\.io/)?(?:library/)?python:(\d+\.\d+)`)
)

func (c *collector) conda() {
	deps, pip := false, -1
	for _, l := range logical(c.f.Raw) {
		trimmed := strings.TrimSpace(l.text)
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		if l.text[0] != ' ' && l.text[0] != '-' {
			deps, pip = strings.HasPrefix(l.text, "dependencies:"), -1
			continue
		}
		m := condaItem.FindStringSubmatch(l.text)
		if !deps || m == nil {
			continue
		}
		from := l.at + strings.Index(l.text, trimmed)
		item := strings.Trim(strings.TrimSpace(strings.TrimPrefix(trimmed, "-")), `"'`)
		if i := strings.Index(item, " #"); i >= 0 {
			item = strings.TrimSpace(item[:i])
		}
		switch {
		case item == "pip:":
			pip = len(m[1])
		case pip >= 0 && len(m[1]) > pip:
			c.require(item, GroupRuntime, from, from+len(trimmed))
		default:
			if _, after, ok := strings.Cut(item, "::"); ok {
				item = after
			}
			name, spec, _ := strings.Cut(item, "=")
			switch {
			case strings.ContainsAny(name, "<> "):
				c.require(item, GroupRuntime, from, from+len(trimmed))
				continue
			case spec != "":
				version, _, _ := strings.Cut(strings.TrimLeft(spec, "="), "=")
				spec = "==" + version
			}
			c.add(requirementFact, Normalize(name), c.f.RawSpan(from, from+len(trimmed)), spec, GroupRuntime, "")
		}
	}
	c.manifest(Conda)
}

// dockerfile reads what a Dockerfile installs by name: it declares, but hadolint and the rules on images judge its pins.
func (c *collector) dockerfile() {
	for _, m := range fromPython.FindAllSubmatchIndex(c.f.Raw, -1) {
		c.add(pythonFact, string(c.f.Raw[m[2]:m[3]]), c.f.RawSpan(m[2], m[3]))
	}
	for _, l := range logical(c.f.Raw) {
		for _, m := range pipInstall.FindAllStringSubmatch(l.text, -1) {
			for word := range strings.FieldsSeq(m[1]) {
				c.require(strings.Trim(word, `"'`), GroupExtra, l.at, l.at)
			}
		}
	}
	c.manifest(Dockerfile)
}

var (
	lockName    = regexp.MustCompile(`^name = "([^"]+)"\r?\nversion = "([^"]+)"`)
	pipfileName = regexp.MustCompile(`(?m)^        "([A-Za-z0-9_.-]+)": \{`)
)

func (c *collector) lock() {
	var pins []string
	if path.Base(c.f.Path) == "Pipfile.lock" {
		for _, m := range pipfileName.FindAllSubmatch(c.f.Raw, -1) {
			pins = append(pins, Normalize(string(m[1]))+"==")
		}
	}
	for rest := c.f.Raw; ; {
		if m := lockName.FindSubmatch(rest); m != nil {
			pins = append(pins, Normalize(string(m[1]))+"=="+string(m[2]))
		}
		i := bytes.Index(rest, []byte("\nname = "))
		if i < 0 {
			break
		}
		rest = rest[i+1:]
	}
	c.add(lockFact, path.Base(c.f.Path), c.f.RawSpan(0, 0), pins...)
}
