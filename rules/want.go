package rules

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Want is a finding that a page expects: on a line of a file, with a message that the expression matches.
type Want struct {
	Path    string // "" in a comment: the block's own file
	Line    int    // 0: any line
	Message *regexp.Regexp
	// Source is the line of the page that says so, from 1.
	Source int
}

// wantComment is a want in a comment of the block's language: # want "…", -- want "…", // want "…", <!-- want "…" -->.
var wantComment = regexp.MustCompile(`[ \t]*(?:#|--|//|<!--)[ \t]*want((?:[ \t]+"(?:[^"\\]|\\.)*")+)[ \t]*(?:-->)?[ \t]*$`)

var wantString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// StripWants takes the wants out of a text, for display.
func StripWants(text string) string {
	lines := strings.Split(text, "\n")
	out := make([]string, 0, len(lines))
	skip := false
	for _, line := range lines {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```want"):
			skip = true
		case skip:
			skip = strings.TrimSpace(line) != "```"
		case strings.HasPrefix(line, "```fixed"):
			out = append(out, "fixed:", "", "```"+shownAs(strings.TrimPrefix(line, "```fixed")))
		case strings.HasPrefix(line, "```") && strings.HasSuffix(line, " before"):
			out = append(out, "before:", "", strings.TrimSuffix(line, " before"))
		default:
			if loc := wantComment.FindStringIndex(line); loc != nil {
				line = line[:loc[0]]
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// shownAs is the info string of a block that is shown for a path: the language by the path's ending, then the path.
func shownAs(name string) string {
	name = strings.TrimSpace(name)
	language := strings.TrimPrefix(path.Ext(name), ".")
	switch language {
	case "yml":
		language = "yaml"
	case "py":
		language = "python"
	}
	return strings.TrimSpace(language + " " + name)
}

// Wants reads the wants of a block: of its comments, which are cut from the text it returns, or, in a block of the kind
// want, of its rows "path[:line] regexp".
func (b Block) Wants() (text string, wants []Want, err error) {
	lines := strings.Split(b.Text, "\n")
	if b.Language == "want" {
		for i, line := range lines {
			if strings.TrimSpace(line) == "" {
				continue
			}
			place, expr, ok := strings.Cut(line, " ")
			if !ok {
				return "", nil, fmt.Errorf("line %d: a want is path[:line] regexp, not %q", b.Line+i, line)
			}
			w := Want{Path: place, Source: b.Line + i}
			if p, n, ok := cutLast(place, ":"); ok {
				if w.Line, err = strconv.Atoi(n); err == nil {
					w.Path = p
				}
			}
			if w.Message, err = regexp.Compile(strings.TrimSpace(expr)); err != nil {
				return "", nil, fmt.Errorf("line %d: %w", b.Line+i, err)
			}
			wants = append(wants, w)
		}
		return "", wants, nil
	}
	for i, line := range lines {
		m := wantComment.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		for _, quoted := range wantString.FindAllString(line[m[2]:m[3]], -1) {
			expr, err := strconv.Unquote(quoted)
			if err != nil {
				return "", nil, fmt.Errorf("line %d: %w", b.Line+i, err)
			}
			re, err := regexp.Compile(expr)
			if err != nil {
				return "", nil, fmt.Errorf("line %d: %w", b.Line+i, err)
			}
			wants = append(wants, Want{Line: i + 1, Message: re, Source: b.Line + i})
		}
		lines[i] = line[:m[0]]
	}
	return strings.Join(lines, "\n"), wants, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
