package security

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// authorization matches a literal credential in an Authorization header, in any syntax.
var authorization = regexp.MustCompile(`(?i)\Aauthorization["'\]]{0,3}\s{0,3}[:=,]\s{0,3}\\?["']?(basic|bearer|token)\s{1,3}([A-Za-z0-9+/=_.~-]{8,})`)

// headerCredential reads a header at the offset of its name.
func headerCredential(text []byte, at int) (scheme string, secret Span, ok bool) {
	m := authorization.FindSubmatchIndex(text[at:min(len(text), at+2100)])
	if m == nil {
		return "", Span{}, false
	}
	span := Span{at + m[4], at + m[5]}
	if end := span.End; end < len(text) && strings.IndexByte("${(<%", text[end]) >= 0 {
		return "", Span{}, false // the rest is a template
	}
	value := string(text[span.Start:span.End])
	scheme = strings.ToLower(string(text[at+m[2] : at+m[3]]))
	if scheme == "basic" {
		raw, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return "", Span{}, false
		}
		user, password, colon := strings.Cut(string(raw), ":")
		if !colon || credentialPassword(user, password, "") != Accepted {
			return "", Span{}, false
		}
		return "basic credentials", span, true
	}
	if Judge("authorization", value, false) != Accepted {
		return "", Span{}, false
	}
	return "bearer token", span, true
}

// curlUser matches curl -u user:password.
var curlUser = regexp.MustCompile(`\Acurl(?:\s[^\n|;]{0,400}?)?\s(?:-u\s?|--user[ =])(?:"([^":\s]{1,80}):([^"\s]{1,120})"|'([^':\s]{1,80}):([^'\s]{1,120})'|([\w.@-]{1,80}):([^\s"'|;]{1,120}))`)

// curlCredential reads the user and password of a curl command at the offset of its name.
func curlCredential(text []byte, at int) (user, password string, secret Span, ok bool) {
	window := []byte(strings.ReplaceAll(string(text[at:min(len(text), at+800)]), "\\\n", "  "))
	m := curlUser.FindSubmatchIndex(window)
	if m == nil {
		return "", "", Span{}, false
	}
	for g := 2; g < len(m); g += 4 {
		if m[g] >= 0 {
			return string(window[m[g]:m[g+1]]), string(window[m[g+2]:m[g+3]]), Span{at + m[g+2], at + m[g+3]}, true
		}
	}
	return "", "", Span{}, false
}
