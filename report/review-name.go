package report

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ReviewDir is where reviews stand below the root.
const ReviewDir = ".opencode/dataengineering"

var (
	reviewName = regexp.MustCompile(`^(.+)-(\d{10,})\.md$`)
	noSlug     = regexp.MustCompile(`[^a-z0-9]+`)
)

// ReviewName is the file name of a project's review of a time: the slug of the project and seconds since 1970.
func ReviewName(project string, at time.Time) string {
	return Slug(project) + "-" + strconv.FormatInt(at.Unix(), 10) + ".md"
}

// Slug is a project's name in file names: lower-case ASCII words joined by hyphens, at most 60 bytes, "project" if nothing is left.
func Slug(project string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(project) {
		b.WriteString(asciiLetter(r))
	}
	slug := strings.Trim(noSlug.ReplaceAllString(b.String(), "-"), "-")
	if len(slug) > 60 {
		if at := strings.LastIndexByte(slug[:61], '-'); at > 0 {
			slug = slug[:at]
		} else {
			slug = slug[:60]
		}
	}
	if slug == "" {
		return "project"
	}
	return slug
}

// latin is the lower-case Latin letters that decompose into an ASCII letter and marks, by that letter.
var latin = map[string]string{
	"a": "àáâãäåāăąǎ", "c": "çćĉċč", "d": "ďđ", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥ", "i": "ìíîïĩīĭįǐ", "j": "ĵ", "k": "ķ",
	"l": "ĺļľ", "n": "ñńņň", "o": "òóôõöōŏőǒ", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťț", "u": "ùúûüũūŭůűųǔ", "w": "ŵ", "y": "ýÿŷ", "z": "źżž",
}

// asciiLetter is a character as NFKD and ASCII leave it.
func asciiLetter(r rune) string {
	switch {
	case r < 0x80:
		return string(r)
	case '０' <= r && r <= '～': // full-width forms
		return strings.ToLower(string(r - 0xfee0))
	case r >= 0x300 && r <= 0x36f: // marks of decomposed letters
		return ""
	}
	for letter, forms := range latin {
		if strings.ContainsRune(forms, r) {
			return letter
		}
	}
	return "-"
}

// ReviewTime splits a review's file name into its project's slug and its time; ok tells whether it is one.
func ReviewTime(name string) (slug string, at time.Time, ok bool) {
	m := reviewName.FindStringSubmatch(name)
	if m == nil {
		return "", time.Time{}, false
	}
	seconds, err := strconv.ParseInt(m[2], 10, 64)
	return m[1], time.Unix(seconds, 0).UTC(), err == nil
}

// NewestReview is the name of the newest review of a project among file names; empty if there is none.
func NewestReview(names []string, project string) string {
	newest, slug := "", Slug(project)
	var when time.Time
	for _, name := range names {
		if s, at, ok := ReviewTime(name); ok && s == slug && (newest == "" || at.After(when)) {
			newest, when = name, at
		}
	}
	return newest
}
