package python

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"delint/parsers"
)

var (
	noqa     = regexp.MustCompile(`(?i)#\s*(ruff|flake8)?\s*:?\s*noqa\s*:\s*([A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)`)
	ruffSkip = regexp.MustCompile(`(?i)#\s*ruff\s*:\s*(file-)?ignore\s*\[([^\]]*)\]`)
	noqaBare = regexp.MustCompile(`(?i)#\s*noqa\b\s*(?:[^:\s]|$)`)
	noqaCode = regexp.MustCompile(`[A-Z]+[0-9]+`)
)

type noqaKey struct{}

// Waives reports whether a comment of the kind "# noqa: S110" lifts one of the codes of ruff on the line that a node
// begins on, or in the whole file ("# ruff: noqa: S110"). A noqa without codes lifts nothing.
func Waives(f *parsers.File, at parsers.Node, codes ...string) bool {
	waived := parsers.Memo(f, noqaKey{}, func() map[int][]string { return waivers(f) })
	if len(waived) == 0 {
		return false
	}
	for _, list := range [][]string{waived[at.Row()], waived[-1]} {
		for _, code := range list {
			if slices.Contains(codes, code) {
				return true
			}
		}
	}
	return false
}

// Blanket reports whether a noqa without codes stands on the line that a node begins on: ruff then reports nothing there.
func Blanket(f *parsers.File, at parsers.Node) bool {
	waived := parsers.Memo(f, noqaKey{}, func() map[int][]string { return waivers(f) })
	return slices.Contains(waived[at.Row()], everyCode)
}

// everyCode stands for a noqa without codes.
const everyCode = "*"

// waivers is the codes that are lifted, by row; -1 for the whole file.
func waivers(f *parsers.File) map[int][]string {
	if f.Tree == nil || !bytes.Contains(f.Text, []byte("noqa")) && !bytes.Contains(f.Text, []byte("ruff")) {
		return nil
	}
	out := map[int][]string{}
	for c := range f.Tree.All(Comment) {
		text := c.Text()
		row, list := c.Row(), ""
		if m := noqa.FindStringSubmatch(text); m != nil {
			list = m[2]
			if m[1] != "" {
				row = -1
			}
		} else if m := ruffSkip.FindStringSubmatch(text); m != nil {
			list = m[2]
			if m[1] != "" {
				row = -1
			}
		}
		if list == "" && noqaBare.MatchString(text) {
			out[row] = append(out[row], everyCode)
		}
		if list != "" {
			out[row] = append(out[row], noqaCode.FindAllString(strings.ToUpper(list), -1)...)
		}
	}
	return out
}
