package security

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"delint/rules"
)

// provider is a credential that its own text gives away, wherever it stands.
type provider struct {
	name  string   // what it is, as a message says it: "GitHub token"
	words []string // keywords, in lower case; one of them stands in every match
	// pattern is RE2. It must match exactly at the keyword, or, with lead, up to lead bytes before it. Its first group, if it
	// has one, is the secret.
	pattern string
	lead    int
	size    int                         // the longest match, from the keyword on; 512 if 0
	public  int                         // how many bytes of the secret are the provider's public prefix
	floor   float64                     // minimal entropy; 2.0 if 0: a unique prefix needs no more
	check   func(secret string) verdict // nil: the shape is all there is
	loose   bool                        // the pattern brings its own borders
	low     bool                        // for tests only: Low
}

// providers is the table: one row a credential, grouped by what the services are for.
var providers = slices.Concat(cloudProviders, dataProviders, codeProviders, serviceProviders)

// compiled holds the patterns, each compiled when it is first needed: most runs meet few of them.
var compiled = func() []func() *regexp.Regexp {
	out := make([]func() *regexp.Regexp, len(providers))
	for i := range providers {
		out[i] = sync.OnceValue(func() *regexp.Regexp {
			if providers[i].lead > 0 {
				return regexp.MustCompile(providers[i].pattern)
			}
			return regexp.MustCompile(`\A(?:` + providers[i].pattern + `)`)
		})
	}
	return out
}()

// match looks for the provider's credential around a keyword at an offset of the text.
func (p *provider) match(re *regexp.Regexp, text []byte, at int) (Span, verdict) {
	size := p.size
	if size == 0 {
		size = 512
	}
	from := max(0, at-p.lead)
	window := text[from:min(len(text), at+size)]
	for offset := 0; offset <= at-from; {
		m := re.FindSubmatchIndex(window[offset:])
		if m == nil {
			return Span{}, none
		}
		start, end := offset+m[0], offset+m[1]
		if len(m) > 2 && m[2] >= 0 {
			start, end = offset+m[2], offset+m[3]
		}
		if from+offset+m[1] > at && from+offset+m[0] <= at && (p.loose || bordered(text, from+start, from+end)) {
			span := Span{from + start, from + end}
			return span, p.judge(string(window[start:end])) // none: of the shape, and yet no secret
		}
		if p.lead == 0 {
			break
		}
		offset += m[0] + 1
	}
	return Span{}, none
}

// judge says whether a text of the provider's shape is a secret.
func (p *provider) judge(secret string) verdict {
	body := secret[min(p.public, len(secret)):]
	floor := p.floor
	if floor == 0 {
		floor = 2
	}
	if Entropy(body) < floor || isRun(body) || p.floor != 0 && keyboardRow(body) || !isHash(body) && placeholderShare(body) >= 0.5 || sampleToken.MatchString(body) {
		return none
	}
	v := shaped
	if p.check != nil {
		v = p.check(secret)
	}
	if p.low && v > weak {
		v = weak
	}
	return v
}

// sampleToken matches what the authors of documentation write into the middle of a token.
var sampleToken = regexp.MustCompile(`(?:example|EXAMPLE|Example|SAMPLE|sample|Sample)|(?i:placeholder|redacted|(?:^|[_-])your[_-])|x{6}|X{6}|0{8}|\*{3}|\.{3}|<|\{`)

// precision is how sure a verdict of the provider is.
func (p *provider) precision(v verdict) rules.Precision {
	if v == genuine {
		return rules.VeryHigh
	}
	return rules.HighPrecision
}

// bordered reports whether a token stands alone: not in the middle of a longer word. After \n, \t and \r of an escaped text
// it does.
func bordered(text []byte, start, end int) bool {
	if start > 0 && isWord(text[start-1]) {
		escaped := start > 1 && text[start-2] == '\\' && strings.IndexByte("ntr", text[start-1]) >= 0
		if !escaped {
			return false
		}
	}
	return end >= len(text) || !isWord(text[end]) && (text[end] != '-' || end+1 < len(text) && !isWord(text[end+1]))
}

func isWord(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
