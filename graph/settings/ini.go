package settings

import (
	"cmp"
	"strings"
)

// defaultEnv is the environment of tox that has no name of its own.
const defaultEnv = "testenv"

// section is one section of an ini file: its name and its options in order, with continued values joined by line breaks.
type section struct {
	name    string
	options []option
}

type option struct{ key, value string }

// parseINI reads the dialect of configparser that mypy, tox and setup.cfg share: "key = value" or "key: value", values that
// go on in indented lines, comments with # or ; on lines of their own or after a blank. It never fails: a line that is
// none of these is left out.
func parseINI(text string) []section {
	var out []section
	var last *option
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		line = strings.TrimRight(line, " \t\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		case trimmed[0] == '[' && strings.HasSuffix(uncomment(trimmed), "]") && line[0] == '[':
			name := uncomment(trimmed)
			out = append(out, section{name: strings.TrimSpace(name[1 : len(name)-1])})
			last = nil
		case (line[0] == ' ' || line[0] == '\t') && last != nil:
			last.value = strings.TrimSpace(last.value + "\n" + uncomment(trimmed))
		case len(out) > 0:
			i := strings.IndexAny(trimmed, "=:")
			if i <= 0 {
				continue
			}
			s := &out[len(out)-1]
			s.options = append(s.options, option{strings.TrimSpace(trimmed[:i]), strings.TrimSpace(uncomment(trimmed[i+1:]))})
			last = &s.options[len(s.options)-1]
		}
	}
	return out
}

// uncomment cuts a comment that follows a blank.
func uncomment(s string) string {
	for _, mark := range []string{" #", " ;", "\t#"} {
		if i := strings.Index(s, mark); i >= 0 {
			s = s[:i]
		}
	}
	return strings.TrimSpace(s)
}

// mypyINI reads [mypy] and its sections of modules, [mypy-pkg.*,other].
func (c *collector) mypyINI(name string) {
	for _, s := range parseINI(string(c.f.Raw)) {
		patterns, ofModules := strings.CutPrefix(s.name, name+"-")
		if s.name == name {
			c.add(mypy, present)
		} else if !ofModules {
			continue
		}
		for _, o := range s.options {
			key := strings.ToLower(strings.ReplaceAll(o.key, "-", "_"))
			if !ofModules {
				c.add(mypy, key, strings.FieldsFunc(o.value, func(r rune) bool { return r == ',' || r == '\n' })...)
				continue
			}
			for pattern := range strings.SplitSeq(patterns, ",") {
				c.add(mypy, strings.TrimSpace(pattern)+":"+key, o.value)
			}
		}
	}
}

// tox reads the commands of the environments, and which of them run by default.
func (c *collector) tox() {
	for _, s := range parseINI(string(c.f.Raw)) {
		env, isEnv := strings.CutPrefix(s.name, "testenv")
		for _, o := range s.options {
			switch {
			case s.name == "tox" && (o.key == "envlist" || o.key == "env_list"):
				c.add(tox, present, strings.FieldsFunc(o.value, func(r rune) bool { return r == ',' || r == '\n' || r == ' ' })...)
			case isEnv && o.key == "commands":
				c.add(tox, cmp.Or(strings.TrimPrefix(env, ":"), defaultEnv), joined(o.value)...)
			}
		}
	}
}

// joined is the lines of a text with those that end in a backslash put together.
func joined(text string) []string {
	var out []string
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\\\n", " ")
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
