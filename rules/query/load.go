package query

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/parsers/sql"
	"delint/parsers/toml"
	"delint/parsers/yaml"
	"delint/rules"

	decoder "github.com/BurntSushi/toml"
	"github.com/bmatcuk/doublestar/v4"
)

// grammars are the languages that a declarative rule can be written for.
var grammars = map[string]*parsers.Grammar{"python": python.Grammar, "sql": sql.Grammar, "yaml": yaml.Grammar}

// definition is a rule as its TOML file says it.
type definition struct {
	Language string `toml:"language"`
	Severity string `toml:"severity"`
	// Message may hold {name}: the text of the capture @name.
	Message string `toml:"message"`
	// Query is a tree-sitter query. The capture @finding is the range of the finding; without it, the whole match.
	Query string `toml:"query"`
	// Paths and Skip hold globs: where the rule looks, and where not.
	Paths []string `toml:"paths"`
	Skip  []string `toml:"skip"`
	// Roles are the roles of the files that the rule looks at; source files if empty.
	Roles     []string `toml:"roles"`
	Standard  string   `toml:"standard"`
	Class     string   `toml:"class"`
	Precision string   `toml:"precision"`
	Topic     string   `toml:"topic"`
	Sentence  string   `toml:"sentence"`
	Disabled  bool     `toml:"disabled"`
	Reach     bool     `toml:"reach"`
	// Defer names what other tools call the same fact: "ruff:B012".
	Defer []string `toml:"defer"`
}

// Load reads every NAME.toml of a folder and the folders below it, with the page NAME.md beside it where there is one.
// dir is how messages name the folder. An error is "DIR/NAME.toml:LINE:COL: what".
func Load(files fs.FS, dir string) ([]*rules.Rule, error) {
	var out []*rules.Rule
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == "." && errors.Is(err, fs.ErrNotExist) {
				return fs.SkipAll
			}
			return err
		}
		if d.IsDir() || path.Ext(name) != ".toml" {
			return nil
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("%s: %w", path.Join(dir, name), err)
		}
		page, _ := fs.ReadFile(files, strings.TrimSuffix(name, ".toml")+".md")
		rule, err := load(path.Join(dir, name), text, page)
		if err != nil {
			return err
		}
		out = append(out, rule)
		return nil
	})
	return out, err
}

// file is the text of a rule with the places of its keys, for errors.
type file struct {
	name string
	text []byte
	keys map[string]parsers.Position
}

func (f *file) errorf(key, format string, args ...any) error {
	at := f.keys[key]
	return fmt.Errorf("%s:%d:%d: %s", f.name, max(1, at.Line), max(1, at.Column), fmt.Sprintf(format, args...))
}

// within gives an error inside the query its place in the file: TOML drops the line break after an opening ”'.
func (f *file) within(e *Error) error {
	at := f.keys["query"]
	lines := strings.Split(string(f.text), "\n")
	line, column := max(1, at.Line)+e.Line-1, e.Column
	opening := lines[max(0, at.Line-1)]
	if i := strings.IndexAny(opening, `'"`); i >= 0 {
		delimiter := strings.TrimLeft(opening[i:], `'"`)
		switch {
		case strings.TrimSpace(delimiter) == "" && (strings.Contains(opening, "'''") || strings.Contains(opening, `"""`)):
			line++
		case e.Line == 1:
			column += len(opening) - len(delimiter)
		}
	}
	return fmt.Errorf("%s:%d:%d: %s", f.name, line, column, e.Message)
}

var ruleName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func load(name string, text, page []byte) (*rules.Rule, error) {
	f := &file{name, text, toml.Keys(text)}
	var d definition
	meta, err := toml.Decode(text, &d)
	if err != nil {
		var parse decoder.ParseError
		if errors.As(err, &parse) {
			return nil, fmt.Errorf("%s:%d:%d: %s", name, parse.Position.Line, max(1, parse.Position.Col), parse.Message)
		}
		return nil, f.mistyped(err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		key := unknown[0].String()
		return nil, f.errorf(key, "unknown key %q%s", key, hint(key, keysOf(reflect.TypeFor[definition]())))
	}
	stem := strings.TrimSuffix(path.Base(name), ".toml")
	if !ruleName.MatchString(stem) {
		return nil, fmt.Errorf("%s:1:1: a rule's name is words joined by dashes, not %q", name, stem)
	}
	grammar := grammars[d.Language]
	if grammar == nil {
		return nil, f.errorf("language", "unknown language %q; it is one of python, sql, yaml", d.Language)
	}
	severity, err := rules.ParseSeverity(d.Severity)
	if err != nil || severity == rules.Off {
		return nil, f.errorf("severity", "unknown severity %q; it is one of critical, high, medium, low", d.Severity)
	}
	if d.Message == "" {
		return nil, f.errorf("message", "the rule has no message")
	}
	if d.Query == "" {
		return nil, f.errorf("query", "the rule has no query")
	}
	if err := d.validate(f); err != nil {
		return nil, err
	}
	for key, globs := range map[string][]string{"paths": d.Paths, "skip": d.Skip} {
		for _, g := range globs {
			if !doublestar.ValidatePattern(g) {
				return nil, f.errorf(key, "%q is no glob", g)
			}
		}
	}
	query, err := Compile(grammar, d.Query)
	var fault *Error
	if errors.As(err, &fault) {
		return nil, f.within(fault)
	}
	if err := d.named(f, query); err != nil {
		return nil, err
	}
	if d.Standard == "" {
		d.Standard = "code"
	}
	r := rules.Rule{
		Name: stem, Severity: severity, Class: rules.Class(d.Class), Precision: rules.Precision(d.Precision), Topic: d.Topic,
		Sentence: d.Sentence, Disabled: d.Disabled, Reach: d.Reach, Standard: d.Standard, Source: string(text) + string(page),
	}
	if len(page) > 0 {
		r.Page = rules.ParsePage(page)
	}
	languages := []string{d.Language}
	if d.Language == "python" {
		languages = append(languages, "notebook")
	}
	return rules.Declarative(r, func(pass *rules.Pass, file *parsers.File) { d.check(pass, file, query) }, languages...), nil
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("toml"))
	}
	return keys
}

// check reports the matches of the query in one file, each range once.
func (d *definition) check(pass *rules.Pass, file *parsers.File, query *Query) {
	if file.Tree == nil || !d.reads(file.Path, pass.Role) {
		return
	}
	seen := map[[2]int]bool{}
	query.run(file, func(m *match) {
		at := rules.Bytes{From: m.root.Start(), To: m.root.End()}
		if nodes := m.nodes("finding"); len(nodes) > 0 {
			at = rules.Bytes{From: nodes[0].Start(), To: nodes[0].End()}
		}
		if key := [2]int{at.From, at.To}; seen[key] || m.root.HasError() {
			return
		} else {
			seen[key] = true
		}
		finding := pass.Report(at, "%s", d.message(m))
		finding.Defer = d.Defer
	})
}

func (d *definition) reads(p string, role graph.Role) bool {
	matches := func(globs []string) bool {
		return slices.ContainsFunc(globs, func(g string) bool { ok, _ := doublestar.Match(g, p); return ok })
	}
	if len(d.Roles) > 0 && !slices.Contains(d.Roles, string(role)) {
		return false
	}
	if len(d.Roles) == 0 && role != graph.RoleSource && role != graph.RoleConfig && role != graph.RoleNotebook {
		return false
	}
	return (len(d.Paths) == 0 || matches(d.Paths)) && !matches(d.Skip)
}

var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_.-]*)\}`)

// shown is how many characters of a capture a message shows.
const shown = 60

func (d *definition) message(m *match) string {
	return placeholder.ReplaceAllStringFunc(d.Message, func(mark string) string {
		nodes := m.nodes(mark[1 : len(mark)-1])
		if len(nodes) == 0 {
			return mark
		}
		text, _, cut := strings.Cut(nodes[0].Text(), "\n")
		if q := text[:min(1, len(text))]; len(text) > 1 && !cut && (q == `"` || q == "'") && strings.HasSuffix(text, q) {
			text = text[1 : len(text)-1] // of a quoted scalar
		}
		if runes := []rune(text); len(runes) > shown {
			text, cut = string(runes[:shown]), true
		}
		if cut {
			text += "…"
		}
		return text
	})
}
