package report

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"delint/rules"
)

// The sample is a small repository with the findings of several rules, as a run would give them.

func page1(name, what, why, good, todo string) *rules.Page {
	text := fmt.Sprintf("# %s\n\n%s\n\n## Why\n%s\n\n## Good\n%s\n\n## Recommendation\n%s\n", name, what, why, good, todo)
	return rules.ParsePage([]byte(text))
}

func rule(standard, name string, s rules.Severity, p *rules.Page) *rules.Rule {
	return &rules.Rule{Name: name, Standard: standard, Severity: s, Precision: rules.HighPrecision, Page: p, Topic: "best-practices/" + standard,
		Sentence: "The sentence of the standard that asks for it"}
}

var (
	secretRule = rule("security", "hardcoded-secret", rules.Critical, page1("hardcoded-secret", "A credential stands in the source.",
		"Whoever reads the repository can use it, and its history keeps it.",
		"```python\ntoken = os.environ[\"DATABRICKS_TOKEN\"]\n```",
		"Rotate the credential and load it from the environment or a secret manager. Removing the line is not enough."))
	exceptRule = rule("code", "empty-except", rules.High, page1("empty-except", "An exception handler does nothing.",
		"The run stays green while the table stays stale.",
		"```python\ntry:\n    publish(df)\nexcept PublishConflict as exc:\n    log.warning(\"publish.conflict\", exc_info=exc)\n    raise\n```",
		"Catch the specific error and either repair the situation or let it propagate."))
	hintRule = rule("code", "missing-type-hints", rules.Low, page1("missing-type-hints", "A public function lacks type hints.",
		"A wrong column type is found in production instead of by mypy.", "", "Annotate the parameters and the result."))
	sodaRule = rule("quality", "missing-soda-checks", rules.Medium, page1("missing-soda-checks", "A dataset has no check.",
		"Nobody notices when it stops arriving or arrives twice.",
		"```yaml\nchecks for orders:\n  - row_count > 0\n```", "Declare at least row count, freshness and the key's uniqueness."))
	docsRule = rule("documentation", "missing-docs-tree", rules.High, page1("missing-docs-tree", "The docs/ tree is not complete.",
		"The one who is on call at night finds no runbook.", "", "Run `delint docs init` and fill in what it creates."))
	cleanRule = rule("quality", "untested-transform", rules.High, page1("untested-transform", "A transformation has no test.",
		"Its next change is tested in production.", "", "Write a unit test with the smallest frame that shows the logic."))
)

var sampleFiles = map[string]string{
	"README.md": "# Orders\n",
	"dags/load_orders.py": `from airflow.decorators import dag, task

TOKEN = "‹redacted:databricks›"


def publish(df):
	try:
		df.write("gold.orders")
	except Exception:
		pass


class Loader:
    def größe(self, frame, 数量=1):
        try:
            return frame.sum(数量) + "😀"
        except ValueError: pass  # ` + strings.Repeat("long comment ", 20) + `
`,
	"models/gold/orders.sql":  "select o.id, o.total\nfrom {{ ref('stg_orders') }} o\n",
	"sync/a b#c/événement.py": "def run(x):\n    return x\n",
}

// find is the finding of a rule on a piece of a sample file.
func locate(r *rules.Rule, s rules.Severity, path, needle, message string) *rules.Finding {
	text := sampleFiles[path]
	at := strings.Index(text, needle)
	if at < 0 {
		panic("no " + needle + " in " + path)
	}
	f := &rules.Finding{Rule: r, Severity: s, Environment: rules.UnknownEnv}
	f.Message = message
	f.Span.Path = path
	place := func(offset int) (line, column int) {
		head := text[:offset]
		return strings.Count(head, "\n") + 1, utf8.RuneCountInString(head[strings.LastIndexByte(head, '\n')+1:]) + 1
	}
	f.Span.Start.Line, f.Span.Start.Column = place(at)
	f.Span.End.Line, f.Span.End.Column = place(at + len(needle))
	f.Span.Start.Byte, f.Span.End.Byte = at, at+len(needle)
	f.Unit = rules.ModuleUnit(path, strings.Count(text, "\n"))
	return f
}

func unit(f *rules.Finding, kind, name string, start, end int) *rules.Finding {
	f.Unit = rules.Unit{Kind: kind, Name: name, StartLine: start, EndLine: end}
	return f
}

func sample() *Report {
	docs := &rules.Finding{Rule: docsRule, Severity: rules.Medium, Environment: rules.UnknownEnv, Evidence: "1 Markdown file"}
	docs.Message = "docs/ lacks 14 of 16 pages: setup.md, development.md, deployment.md, …"
	docs.Span.Path = "."
	docs.Span.Start.Line, docs.Span.Start.Column, docs.Span.End.Line, docs.Span.End.Column = 1, 1, 1, 1
	docs.Unit = rules.Unit{Kind: "module", Name: ".", StartLine: 1, EndLine: 1}
	soda := locate(sodaRule, rules.Medium, "models/gold/orders.sql", "select o.id, o.total", "gold dataset `gold.orders` has no check")
	soda.Evidence = "3 check files, nearest names `stg_orders`, `silver.orders`"
	soda.Dataset = "gold.orders"
	unit(soda, "query", "orders", 1, 2)
	place := rules.Place{Message: "also written here"}
	place.Span = locate(sodaRule, rules.Low, "dags/load_orders.py", "df.write(\"gold.orders\")", "").Span
	soda.Places = []rules.Place{place}
	findings := []*rules.Finding{
		docs,
		locate(secretRule, rules.Critical, "dags/load_orders.py", "TOKEN", "Databricks token (36 chars) in the source"),
		unit(locate(hintRule, rules.Low, "dags/load_orders.py", "publish(df)", "`publish` has no hints: df, return"), "function", "publish", 6, 10),
		unit(locate(exceptRule, rules.High, "dags/load_orders.py", "except Exception:\n\t\tpass", "handler does nothing"), "function", "publish", 6, 10),
		unit(locate(exceptRule, rules.High, "dags/load_orders.py", "except ValueError: pass", "handler does nothing"), "function", "Loader.größe", 14, 17),
		soda,
		unit(locate(hintRule, rules.Low, "sync/a b#c/événement.py", "run(x)", "`run` has no hints: x, return"), "function", "run", 1, 2),
	}
	rules.Fingerprint(findings)
	return &Report{
		Version: "0.1.0", Project: "Crypto Orders", Findings: findings,
		Rules:       []*rules.Rule{exceptRule, secretRule, docsRule, sodaRule, hintRule, cleanRule},
		NotAnalysed: []NotAnalysed{{Path: "charts/job.yaml", Reason: "template"}, {Path: "data/big.py", Reason: "larger than 4 MiB", Failed: true}},
		Deferred:    map[string]int{"missing-type-hints": 12},
		Suppressed:  map[string]int{"empty-except": 1},
		Stats: Stats{Files: 14, Bytes: 12345, Languages: map[string]Language{"python": {Files: 8, Bytes: 9000},
			"sql": {Files: 4, Bytes: 3000, ErrorNodes: 1}, "yaml": {Files: 2, Bytes: 345}}},
		Strengths: []string{"every workflow pins its actions (3/3)"},
		Text: func(path string) []byte {
			if text, ok := sampleFiles[path]; ok {
				return []byte(text)
			}
			return nil
		},
	}
}

var sampleOptions = Options{Review: Review{Date: time.Unix(1767030548, 0), Tree: "abc123", Config: "none"}}

// write is a report in one format.
func write(t testing.TB, format string, r *Report, o Options) string {
	t.Helper()
	w, err := Format(format)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := w(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
