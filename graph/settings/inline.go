package settings

import (
	"bytes"
	"regexp"

	"delint/parsers"
)

// inlineOff is the comments that take a module out of a checker's hands. A module without the word is not searched.
var inlineOff = []struct {
	tool, word string
	comment    *regexp.Regexp
}{
	{mypy, "mypy:", regexp.MustCompile(`(?m)^#\s*mypy:.*(?:ignore[-_]errors|disable[-_]error[-_]code|untyped[-_]defs|incomplete[-_]defs)`)},
	{pyright, "pyright:", regexp.MustCompile(`(?m)^#\s*pyright:.*(?:basic|standard|ignore|reportMissingParameterType)`)},
	{ruff, "noqa", regexp.MustCompile(`(?mi)^\s*#\s*(?:ruff|flake8)\s*:\s*noqa\s*$`)},
}

// ignoredModule finds "# type: ignore" before the first statement: mypy and pyright then skip the module.
var ignoredModule = regexp.MustCompile(`\A(?:#.*\n|\s*\n)*#\s*type:\s*ignore\s*(?:#.*)?(?:\n|\z)`)

// inline reads what a Python module says of itself to the checkers.
func (c *collector) inline() {
	for _, off := range inlineOff {
		if bytes.Contains(c.f.Raw, []byte(off.word)) && (off.tool != ruff || parsers.HasWord(c.f.Raw, "ruff", "flake8")) && off.comment.Match(c.f.Raw) {
			c.add(inline, off.tool)
		}
	}
	if bytes.HasPrefix(c.f.Raw, []byte("#")) && ignoredModule.Match(c.f.Raw[:min(len(c.f.Raw), 4096)]) {
		c.add(inline, mypy)
		c.add(inline, pyright)
	}
}
