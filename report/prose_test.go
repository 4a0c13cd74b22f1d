package report

import (
	"strings"
	"testing"

	"delint/rules"
)

func TestExample(t *testing.T) {
	const good = "## Good\n### One\n```sql a.sql\nselect 1\n```\n\n```yaml a.yml\nchecks: []\n```\n\n```want\na.sql x\n```\n\n### Two\n```yaml b.yml\nother: 1\n```\n"
	long := "## Good\n```python\n" + strings.Repeat("x = 1\n", 13) + "```\n"
	for _, c := range []struct{ name, page, want string }{
		{"the last file of the first case", good, "```yaml\nchecks: []\n```"},
		{"the recommendation's own", good + "\n## Recommendation\nDo.\n```toml\na = 1\n```\n", "```toml\na = 1\n```"},
		{"long", long, ""},
		{"marks are cut", "## Good\n```python\nx = 1  # want \"no\"\n```\n", "```python\nx = 1\n```"},
		{"a made token", "## Good\n```python\nx = \"{{token:github}}\"\n```\n", ""},
		{"none", "## Bad\n```python\nx\n```\n", ""},
	} {
		if got := example(rules.ParsePage([]byte("# x\n\ny\n\n" + c.page))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := example(nil); got != "" {
		t.Errorf("no page has the example %q", got)
	}
}

func TestProse(t *testing.T) {
	r := rule("code", "x", rules.Low, page1("x", "y", "Rows\nare lost.\n\nMore on the rule.", "", "Use `a. b` or e.g. c first. Then d.\n```python\nx\n```\nEnd."))
	if got := rationale(r); got != "Rows are lost." {
		t.Errorf("rationale %q", got)
	}
	if got := recommendation(r); got != "Use `a. b` or e.g. c first. Then d. End." {
		t.Errorf("recommendation %q", got)
	}
	if got := firstSentence(recommendation(r)); got != "Use `a. b` or e.g. c first." {
		t.Errorf("first sentence %q", got)
	}
}

func TestPlainMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"a_b_c":          "a_b_c",
		"__init__.py":    `\_\_init\_\_.py`,
		"größe_é_x":      "größe_é_x",
		"*a* <b> [c](d)": `\*a\* &lt;b&gt; \[c\](d)`,
		"#12 and # 3":    `\#12 and # 3`,
		"@all https://x": "&commat;all https&colon;//x",
	} {
		if got := plainMarkdown(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
		if got := unescape(plainMarkdown(in)); got != in {
			t.Errorf("%q comes back as %q", in, got)
		}
	}
}
