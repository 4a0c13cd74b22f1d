package report

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"delint/rules"
)

// Trailer is the hidden last line of a review, from which the next one reads what was known.
type Trailer struct {
	Tool  string
	Tree  string
	Rules string
	// Cut says that not all findings had room.
	Cut      bool
	Findings []Known
}

// Known is a finding of an earlier review.
type Known struct {
	Fingerprint string `json:"f,omitempty"`
	Rule        string `json:"r,omitempty"` // empty where a person wrote the review
	Path        string `json:"p"`
	Unit        string `json:"u,omitempty"`
	Severity    string `json:"s,omitempty"`
	Issue       string `json:"-"` // only where there was no trailer
}

const (
	trailerMost   = 64 << 10
	trailerUnpack = 8 << 20 // a damaged or hostile trailer unpacks to no more
)

var trailerLine = regexp.MustCompile(`<!-- delint-review v1 tool=(\S*) commit=(\S*) rules=(\S*)( cut)? findings=(\S*) -->`)

// trailer is the last line of a review.
func trailer(r *Report, o Review) string {
	known := make([]Known, 0, len(r.Findings))
	for _, f := range bySeverity(r.Findings) {
		known = append(known, Known{Fingerprint: f.Fingerprint, Rule: f.Rule.Name, Path: encoded(f.Span.Path), Unit: unitKey(f.Unit), Severity: f.Severity.String()})
	}
	cut := ""
	for {
		line := fmt.Sprintf("<!-- delint-review v1 tool=%s commit=%s rules=%s%s findings=%s -->",
			token(r.Version), token(o.Tree), rulesHash(r, o), cut, pack(known))
		if len(line) <= trailerMost || len(known) == 0 {
			return line
		}
		known, cut = known[:len(known)*3/4], " cut"
	}
}

// rulesHash names what decided the findings: the tool, its rules and the configuration.
func rulesHash(r *Report, o Review) string {
	names := make([]string, len(r.Rules))
	for i, rule := range r.Rules {
		names[i] = rule.Name
	}
	slices.Sort(names)
	sum := sha256.Sum256([]byte(strings.Join(append(names, o.Config, fmt.Sprint(o.Strict)), "\x00")))
	return hex.EncodeToString(sum[:8])
}

var notToken = regexp.MustCompile(`[^A-Za-z0-9._+-]+|--+`)

// token is a value without the characters that end one.
func token(s string) string {
	s = notToken.ReplaceAllString(s, "_")
	if s == "" {
		return "unknown"
	}
	return s
}

func unitKey(u rules.Unit) string {
	if u.Kind == "module" {
		return ""
	}
	return u.Kind + " " + u.Name
}

func pack(known []Known) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	// Neither can fail: the values are plain and the writer is memory.
	_ = json.NewEncoder(w).Encode(known)
	_ = w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// parseTrailer reads the last trailer of a review; nil if there is none or it is damaged.
func parseTrailer(text []byte) *Trailer {
	all := trailerLine.FindAllSubmatch(text, -1)
	if all == nil {
		return nil
	}
	m := all[len(all)-1]
	packed, err := base64.RawURLEncoding.DecodeString(string(m[5]))
	if err != nil {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	t := &Trailer{Tool: string(m[1]), Tree: string(m[2]), Rules: string(m[3]), Cut: len(m[4]) > 0}
	plain, err := io.ReadAll(io.LimitReader(z, trailerUnpack))
	if err != nil || json.Unmarshal(plain, &t.Findings) != nil {
		return nil
	}
	return t
}

// UpToDate reports whether an earlier review already says what a new one would: same tool, same state of the files, same
// rules and configuration.
func UpToDate(p *Previous, r *Report, o Review) bool {
	return p != nil && p.Trailer != nil && o.Tree != "" && p.Trailer.Tree == token(o.Tree) &&
		p.Trailer.Tool == token(r.Version) && p.Trailer.Rules == rulesHash(r, o)
}
