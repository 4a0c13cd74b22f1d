package report

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// codeSpan is a text as code in Markdown: nothing in it is markup, a mention or a link.
func codeSpan(s string) string {
	s = visible(s)
	longest, run := 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	if s == "" || s[0] == '`' || s[len(s)-1] == '`' || s[0] == ' ' && s[len(s)-1] == ' ' {
		s = " " + s + " "
	}
	return fence + s + fence
}

// sentenceMarkdown is a message as Markdown on one line: what stands between backticks is code, all else is plain text.
func sentenceMarkdown(s string) string {
	s = visible(s)
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 || strings.Contains(s, "``") {
		return plainMarkdown(s)
	}
	for i := range parts {
		if i%2 == 0 {
			parts[i] = plainMarkdown(parts[i])
		} else {
			parts[i] = codeSpan(parts[i])
		}
	}
	return strings.Join(parts, "")
}

// markup is the characters that are markup somewhere in GitHub's Markdown, as the entities or escapes that show them.
// A colon before slashes and an at sign would make a link or a mention of plain text.
var markup = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`, "~", `\~`, "|", `\|`, "$", `\$`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "&commat;", "://", "&colon;//", "www.", "www&period;",
)

var (
	underscore = regexp.MustCompile(`_+`)
	issue      = regexp.MustCompile(`#(\w)`)
)

// plainMarkdown is a text as Markdown that shows it as it is. Underscores inside words are no markup, so names stay readable.
func plainMarkdown(s string) string {
	s = issue.ReplaceAllString(markup.Replace(visible(s)), `\#$1`)
	word := func(r rune, _ int) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	var b strings.Builder
	from := 0
	for _, at := range underscore.FindAllStringIndex(s, -1) {
		b.WriteString(s[from:at[0]])
		if run := s[at[0]:at[1]]; word(utf8.DecodeLastRuneInString(s[:at[0]])) && word(utf8.DecodeRuneInString(s[at[1]:])) {
			b.WriteString(run)
		} else {
			b.WriteString(strings.ReplaceAll(run, "_", `\_`))
		}
		from = at[1]
	}
	return b.String() + s[from:]
}

// unescape takes back what plainMarkdown did, for text that is read from an earlier review.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_[]~|$#!", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return html.UnescapeString(b.String())
}
