package security

import (
	"bytes"
	"regexp"

	"delint/rules"
)

var (
	// notReal is how people say beside a value that it is none.
	notReal = regexp.MustCompile(`(?i)(?:\bnot|n['’]?t)\s+(?:an?\s+|the\s+)?(?:real|actual|valid|working)\b|\b(?:fake|dummy|made[- ]up|bogus)\b|\bfor illustration\b|\bexample only\b`)
	// commentMark begins a comment in one of the languages that hold secrets.
	commentMark = regexp.MustCompile(`(?:^|\s)(?:#|//|--|;|/\*|\*|<!--)`)
	// sampleHeading is the line above the example of a request or a response in the documentation of an API.
	sampleHeading = regexp.MustCompile(`(?i)^[#*\s>_-]*(?:content|request|response|body|payload|output|sample|json)?\s*(?:example|sample|response|request)s?\b`)
)

// sampleLines is how many lines above a value the heading of its example stands at most.
const sampleLines = 8

// pretended reports whether the place says that a value is no secret: a literal of a test that no provider's form proves, a
// value that a comment calls made up, the response of an API in its documentation, a password that repeats its own key.
func (s *search) pretended(x Secret) bool {
	text := s.in.Text
	proved := x.Kind == ProviderKey
	if s.place.test && !proved {
		return true
	}
	start := bytes.LastIndexByte(text[:min(x.Value.Start, len(text))], '\n') + 1
	if x.Precision != rules.VeryHigh && (saysNotReal(text[start:lineEnd(text, start)], s.place.markdown) || saysNotReal(lineAbove(text, start), s.place.markdown)) {
		return true
	}
	if proved {
		return false
	}
	if s.place.markdown {
		at := start
		for range sampleLines {
			line := lineAbove(text, at)
			if sampleHeading.Match(line) {
				return true
			}
			if at = bytes.LastIndexByte(text[:max(0, at-1)], '\n') + 1; at == 0 {
				break
			}
		}
	}
	return x.KeyName != "" && bytes.EqualFold(bytes.TrimSpace(text[x.Value.Start:min(x.Value.End, len(text))]), []byte(x.KeyName))
}

// saysNotReal looks in the comment of a line; in prose the whole line may say it.
func saysNotReal(line []byte, prose bool) bool {
	if !prose {
		loc := commentMark.FindIndex(line)
		if loc == nil {
			return false
		}
		line = line[loc[0]:]
	}
	return notReal.Match(line)
}

// lineAbove is the line that ends before the one that starts at an offset.
func lineAbove(text []byte, start int) []byte {
	if start == 0 {
		return nil
	}
	return text[bytes.LastIndexByte(text[:start-1], '\n')+1 : start-1]
}
