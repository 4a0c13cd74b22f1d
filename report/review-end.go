package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"delint/rules"
)

const (
	stepsMost    = 10
	concernsMost = 50
	pathsMost    = 10
)

// architecture writes what is about more than one file.
func (v *reviewer) architecture() {
	v.printf("\n## Architecture Considerations\n")
	written := 0
	for _, t := range v.s.themes {
		if t.rule.Standard == "security" && t.findings[0].Span.Path == "." {
			continue // listed in Security Concerns
		}
		written++
		first := bySeverity(t.findings)[0]
		v.printf("- **Issue**: %s (%s, %s).", sentenceMarkdown(first.Message), worst(t.findings), codeSpan(t.rule.Name))
		if why := firstSentence(rationale(t.rule)); why != "" {
			v.printf(" **Why**: %s", why)
		}
		if todo := firstSentence(recommendation(t.rule)); todo != "" {
			v.printf(" **Alternative**: %s", todo)
		}
		if where := paths(t.findings); len(where) > 1 {
			v.printf(" Found in %d files: %s.", len(where), listed(where))
		}
		v.printf("\n")
	}
	if written == 0 {
		v.printf("%s\n", noneFound)
	}
}

// paths is the files of findings, in their order.
func paths(findings []*rules.Finding) []string {
	var out []string
	for _, f := range findings {
		if f.Span.Path != "." {
			out = append(out, encoded(f.Span.Path))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func listed(paths []string) string {
	more := ""
	if len(paths) > pathsMost {
		more = fmt.Sprintf(" and %d more", len(paths)-pathsMost)
		paths = paths[:pathsMost]
	}
	spans := make([]string, len(paths))
	for i, p := range paths {
		spans[i] = codeSpan(p)
	}
	return strings.Join(spans, ", ") + more
}

// securityClasses is the groups of Security Concerns: what to do about all of a class, and the words of a rule's name and
// tags that place it there. The last takes the rest.
var securityClasses = []struct {
	title, todo string
	words       []string
}{
	{"Secrets", "Rotate each of these first: whoever could read the repository or its history has it. Then load it from the environment or a secret manager.",
		[]string{"secret", "credential", "password", "token", "key"}},
	{"PII", "Classify, mask or drop these before the next layer reads them.", []string{"pii", "personal"}},
	{"Encryption", "Turn encryption and the verification of certificates on.", []string{"encrypt", "tls", "ssl", "hash", "cipher"}},
	{"Audit", "Keep a record of who reads and changes the data.", []string{"audit", "log"}},
	{"Access", "Grant only what the job needs.", nil},
}

func securityClass(r *rules.Rule) int {
	words := strings.Split(r.Name, "-")
	for i, c := range securityClasses {
		for _, w := range c.words {
			if slices.ContainsFunc(words, func(s string) bool { return strings.HasPrefix(s, w) }) {
				return i
			}
		}
	}
	return len(securityClasses) - 1
}

// security lists every finding of the security rules by class.
func (v *reviewer) security() {
	v.printf("\n## Security Concerns\n")
	classes := make([][]*rules.Finding, len(securityClasses))
	for _, f := range bySeverity(v.s.all) {
		if f.Rule.Standard == "security" {
			c := securityClass(f.Rule)
			classes[c] = append(classes[c], f)
		}
	}
	first := true
	for i, findings := range classes {
		if len(findings) == 0 {
			continue
		}
		if !first {
			v.printf("\n")
		}
		first = false
		v.printf("**%s**. %s\n\n", securityClasses[i].title, securityClasses[i].todo)
		for _, f := range findings[:min(concernsMost, len(findings))] {
			v.printf("- %s: %s (%s, %s)\n", placeOf(f), sentenceMarkdown(f.Message), f.Severity, codeSpan(f.Rule.Name))
		}
		if len(findings) > concernsMost {
			v.printf("- and %d more\n", len(findings)-concernsMost)
		}
	}
	if first {
		v.printf("%s\n", noneFound)
	}
}

func placeOf(f *rules.Finding) string {
	if f.Span.Path == "." {
		return "the repository"
	}
	return codeSpan(fmt.Sprintf("%s:%d", encoded(f.Span.Path), max(1, f.Span.Start.Line)))
}

// steps turns the findings into actions, one a rule, the most severe first, and carries over what is done.
func (v *reviewer) steps() {
	v.printf("\n## Next Steps\n")
	groups := map[*rules.Rule][]*rules.Finding{}
	var order []*rules.Rule
	for _, f := range v.s.all {
		if groups[f.Rule] == nil {
			order = append(order, f.Rule)
		}
		groups[f.Rule] = append(groups[f.Rule], f)
	}
	slices.SortStableFunc(order, func(a, b *rules.Rule) int {
		return cmp.Or(int(worst(groups[b]))-int(worst(groups[a])), len(groups[b])-len(groups[a]), strings.Compare(a.Name, b.Name))
	})
	written := 0
	for _, rule := range order[:min(stepsMost, len(order))] {
		written++
		v.printf("- [ ] %s\n", action(rule, groups[rule]))
	}
	for _, s := range v.d.done {
		if written == stepsMost {
			break
		}
		written++
		v.printf("- [x] %s\n", sentenceMarkdown(s.Text))
	}
	if written == 0 {
		v.printf("%s\n", noneFound)
	}
}

// action is one imperative: what to do, where, for which rule and at what effort.
func action(rule *rules.Rule, findings []*rules.Finding) string {
	todo := strings.TrimSuffix(firstSentence(recommendation(rule)), ".")
	if todo == "" {
		todo = "Resolve " + codeSpan(rule.Name)
	}
	worst := bySeverity(findings)[0]
	where := placeOf(worst)
	if n := len(findings); n > 1 {
		where = fmt.Sprintf("%d places, first %s", n, where)
	}
	effort := "small"
	if n := len(findings); n > 15 {
		effort = "large"
	} else if n > 3 {
		effort = "medium"
	}
	return fmt.Sprintf("%s: %s (%s, %s effort)", todo, where, codeSpan(rule.Name), effort)
}
