package python

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"delint/parsers"
)

// Unexplained is why a function needs words that it doesn't have.
type Unexplained struct {
	// Gate is what makes it hard to understand: "a cognitive complexity of 12"; empty if it explains itself or needs no words.
	Gate string
	// Query says that only a long SQL text does.
	Query bool
}

// complexUnexplained is the complexity from which a function needs a word on what it does; constantsUnexplained is how many
// numbers of the business do; shortExplanation is how long a docstring is, in characters, that can be one.
const (
	complexUnexplained   = 10
	constantsUnexplained = 3
	shortExplanation     = 40
)

// UnexplainedBy judges one function: section 9 of the Python catalogue.
func UnexplainedBy(f *parsers.File, d Def) Unexplained {
	if Explained(f, d) {
		return Unexplained{}
	}
	if c := Cognitive(f, d.Node, nil); c.Score >= complexUnexplained {
		return Unexplained{Gate: fmt.Sprintf("a cognitive complexity of %d", c.Score)}
	}
	constants, query := 0, ""
	for n := range d.Node.Field(Body).DescendantsSkipping(FunctionDefinition, ClassDefinition) {
		switch n.Kind() {
		case Integer, Float:
			if businessConstant(n) {
				constants++
			}
		case String:
			if gate := textGate(f, n); gate != "" {
				if !strings.Contains(gate, "SQL") {
					return Unexplained{Gate: gate}
				}
				query = gate
			}
		}
	}
	if constants >= constantsUnexplained {
		return Unexplained{Gate: fmt.Sprintf("%d numbers of the business", constants)}
	}
	return Unexplained{Gate: query, Query: query != ""}
}

// Explained reports whether a docstring, a description given to a decorator or comments say what a function is for.
func Explained(f *parsers.File, d Def) bool {
	if describes(docstring(d.Node), d) {
		return true
	}
	for dec := range d.Decorators() {
		for n := range dec.Descendants() {
			if n.Is(KeywordArgument) && (n.Field(Name).Text() == "description" || n.Field(Name).Text() == "doc_md" || n.Field(Name).Text() == "doc") {
				if text, _, _ := Fold(f, n.Field(Value)); len(text) >= shortExplanation || !n.Field(Value).Is(String, ConcatenatedString) {
					return true
				}
			}
		}
	}
	words := 0
	for _, c := range commentsOf(f, d) {
		text := prose(c)
		if reference.MatchString(text) {
			return true
		}
		if text != "" && !codeLike.MatchString(text) && len(word.FindAllString(text, 2)) == 2 {
			words++
		}
	}
	return words >= 2
}

// commentsOf is the comments in a function and on the lines right above it.
func commentsOf(f *parsers.File, d Def) []parsers.Node {
	from := bytes.LastIndexByte(f.Text[:d.Body.Start()], '\n') + 1
	for from > 0 {
		above := bytes.LastIndexByte(f.Text[:from-1], '\n') + 1
		if !bytes.HasPrefix(bytes.TrimLeft(f.Text[above:from], " \t"), []byte("#")) {
			break
		}
		from = above
	}
	return Comments(f, from, d.Node.End())
}

var (
	reference = regexp.MustCompile(`\b[A-Z]{2,}-\d+|#\d+|https?://|\bADR\b|§|\bRFC\b`)
	codeLike  = regexp.MustCompile(`^[\w.\[\]'"]+\s*(?:=|\()|^(?:if|for|while|def|return|import|from|print|with|else|elif|try|except)\b[^.]*[:)\]]?$`)
	regexCall = map[string]bool{"compile": true, "match": true, "search": true, "sub": true, "findall": true, "finditer": true, "fullmatch": true, "split": true, "subn": true}
	sqlText   = regexp.MustCompile(`(?i)^\W*(?:select|with|insert|merge|create|update|delete)\s`)
	sqlJoins  = regexp.MustCompile(`(?i)\b(?:join|case)\b`)
	tableOnly = regexp.MustCompile(`(?i)^\W*create\s+(?:or\s+replace\s+)?(?:\w+\s+)?table\b(?:[^(]|\n)*\(`)
	dateText  = regexp.MustCompile(`^(?:19|20)\d\d-\d\d(?:-\d\d)?$`)
)

// docstring is the text of a function's docstring; empty if it has none.
func docstring(function parsers.Node) string {
	statements := Statements(function.Field(Body))
	if len(statements) == 0 || !isDocstring(statements[0]) {
		return ""
	}
	return strings.Join(strings.Fields(strings.Trim(statements[0].Text(), `"'rRuUfF `+"\n\t")), " ")
}

// describes reports whether a docstring says more than the names of the function and its parameters.
func describes(text string, d Def) bool {
	if len(text) >= shortExplanation/2 && reference.MatchString(text) {
		return true
	}
	words := word.FindAllString(text, -1)
	if len(text) < shortExplanation || len(words) < 6 {
		return false
	}
	known := strings.ToLower(d.Node.Field(Name).Text() + " " + d.Node.Field(ParametersField).Text())
	return slices.ContainsFunc(words, func(w string) bool {
		w = strings.ToLower(w)
		return len(w) > 3 && !slices.Contains(stopWords, w) && !strings.Contains(known, strings.TrimSuffix(strings.TrimSuffix(w, "s"), "e"))
	})
}

var stopWords = strings.Fields("this that with from into given function method returns return using uses used param params args data process processes the")

// textGate is what makes a string need an explanation: a long regular expression, a date in a condition, a long SQL text.
func textGate(f *parsers.File, n parsers.Node) string {
	text := strings.Trim(n.Text(), `"'rRbBfFuU`)
	parent := n.Parent()
	if parent.Is(ArgumentList) && len(text) >= 20 && parent.FirstNamed() == n {
		fn := parent.Parent().Field(Function)
		if fn.Is(Attribute) && regexCall[lastName(fn)] && Imports(f).Resolve(fn) == "re."+lastName(fn) && strings.ContainsAny(text, `\[(*+?`) {
			if len(word.FindAllString(docstring(n.Ancestor(FunctionDefinition)), 4)) == 4 {
				return "" // a few words do for one expression
			}
			return fmt.Sprintf("a regular expression of %d characters", len(text))
		}
	}
	if parent.Is(ComparisonOperator) && dateText.MatchString(text) {
		return "the date " + text + " in a condition"
	}
	if len(text) > 100 && sqlText.MatchString(text) && !parent.Is(ExpressionStatement) {
		if lines := strings.Count(text, "\n") + 1; lines >= 15 && !tableOnly.MatchString(text) || len(sqlJoins.FindAllString(text, 2)) == 2 {
			return fmt.Sprintf("an SQL text of %d lines", lines)
		}
	}
	return ""
}

// businessConstant reports whether a number stands in a calculation or comparison and is none that everybody knows.
func businessConstant(n parsers.Node) bool {
	p := n.Parent()
	if p.Is(UnaryOperator) {
		p = p.Parent()
	}
	switch p.Kind() {
	case ComparisonOperator:
		for c := range p.NamedChildren() {
			if c.Is(Call) && c.Field(Function).Text() == "len" || strings.Contains(c.Text(), "status_code") || strings.Contains(c.Text(), "version") {
				return false
			}
		}
	case BinaryOperator:
		if o := p.Field(Operator).Text(); o != "*" && o != "/" && o != "+" && o != "-" {
			return false
		}
	default:
		return false
	}
	text := strings.TrimRight(strings.ReplaceAll(n.Text(), "_", ""), "0")
	text = strings.TrimSuffix(text, ".")
	return !slices.Contains(knownNumbers, text) && !strings.ContainsAny(text, "xXbBoOeE")
}

// knownNumbers is numbers that need no source, without their zeros at the end: of counting, time, bytes and geometry.
var knownNumbers = append(strings.Fields("1 2 3 4 5 6 7 8 9 12 24 6 36 86400 864 365 366 365.25 28 29 3 31 52 256 512 1024 0.5 .5 0. 18 27 15 3.14 255 16 32 64 128 25 75"), "")
