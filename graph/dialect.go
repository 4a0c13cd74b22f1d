package graph

import (
	"path"
	"regexp"
	"strings"

	"delint/parsers"
	"delint/parsers/sql"
)

// dialectTool reads what says the dialect of SQL: sqlfluff's configuration, the adapter among the requirements, and what an
// SQL file says of itself.
var _ = Register(Tool{Name: dialectTool, Extract: extractDialect})

const dialectTool = "dialect"

// The keys of the dialect tool's facts. Their value is one name in sqlglot's spelling.
const (
	dialectSQLFluff = "sqlfluff"
	dialectAdapter  = "adapter"
	dialectDeclared = "declared"
	dialectVoted    = "voted"
)

func extractDialect(f *parsers.File, facts *Facts) {
	add := func(key, word string) {
		if name := sql.DialectName(word); name != "" {
			facts.Settings = append(facts.Settings, SettingFact{Tool: dialectTool, Key: key, Value: []string{name}, Span: f.RawSpan(0, 0)})
		}
	}
	if f.Language == sql.Language {
		switch name, confidence := sql.DialectOf(f); confidence {
		case sql.DialectDeclared:
			add(dialectDeclared, name)
		case sql.DialectVoted:
			add(dialectVoted, name)
		}
		return
	}
	if len(f.Raw) > 1<<20 {
		return
	}
	name := path.Base(f.Path)
	switch {
	case name == ".sqlfluff", name == "setup.cfg", name == "tox.ini", name == "pep8.ini":
		add(dialectSQLFluff, sqlfluffDialect(f.Raw, "sqlfluff"))
	case name == "pyproject.toml":
		add(dialectSQLFluff, sqlfluffDialect(f.Raw, "tool.sqlfluff.core"))
		add(dialectAdapter, adapterOf(f.Raw))
	case strings.HasPrefix(name, "requirements") && (strings.HasSuffix(name, ".txt") || strings.HasSuffix(name, ".in")), name == "Pipfile":
		add(dialectAdapter, adapterOf(f.Raw))
	}
}

var (
	dialectLine = regexp.MustCompile(`^\s*dialect\s*[=:]\s*"?([A-Za-z0-9_]+)"?`)
	adapterLine = regexp.MustCompile(`(?m)^[^#\n]*?\bdbt-([a-z0-9]+)\b`)
)

// sqlfluffDialect is the dialect of a section of sqlfluff's INI or TOML configuration; empty if it says none.
func sqlfluffDialect(text []byte, section string) string {
	in := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			in = strings.Trim(line, "[] ") == section
		} else if m := dialectLine.FindStringSubmatch(line); in && m != nil {
			return m[1]
		}
	}
	return ""
}

// adapterOf is the one dbt adapter that a list of requirements names; empty for none or several.
func adapterOf(text []byte) string {
	found := ""
	for _, m := range adapterLine.FindAllSubmatch(text, -1) {
		name := sql.DialectName(string(m[1]))
		if name == "" || name == found { // dbt-core, dbt-utils
			continue
		}
		if found != "" {
			return ""
		}
		found = name
	}
	return found
}

// takeDialects indexes what Dialect asks for.
func (g *Graph) takeDialects() {
	g.dialects = map[string]string{}
	for _, d := range g.Datasets {
		for _, p := range d.Producers {
			if p.Dialect != "" {
				g.dialects[p.Span.Path] = p.Dialect
			}
		}
	}
	adapters := map[string]string{}
	for _, f := range g.Files {
		for _, s := range f.Settings {
			if s.Tool != dialectTool || len(s.Value) == 0 {
				continue
			}
			switch s.Key {
			case dialectSQLFluff:
				g.dialects[folderKey(f.Path)] = s.Value[0]
			case dialectAdapter:
				adapters[folderKey(f.Path)] = s.Value[0]
			case dialectDeclared:
				g.dialects[f.Path] = s.Value[0] // nearer than the project's default
			}
		}
	}
	for _, f := range g.Files { // an adapter speaks for the dbt projects below it only
		for _, p := range f.Projects {
			key := folderKey(f.Path)
			if p.Tool != "dbt" || g.dialects[key] != "" {
				continue
			}
			for dir := path.Dir(f.Path); ; dir = path.Dir(dir) {
				if a := adapters[dir+"/"]; a != "" {
					g.dialects[key] = a
					break
				}
				if dir == "." {
					break
				}
			}
		}
	}
}

func folderKey(p string) string { return path.Dir(p) + "/" }

// Dialect is the SQL dialect of a file, in sqlglot's spelling: what the file declares, else what its dataset's tool is
// configured with, else sqlfluff's or the dbt adapter's nearest configuration, else what its own words say. Empty where
// none of them says one. Use it only where the meaning of a text depends on it.
func (g *Graph) Dialect(p string) string {
	if d := g.dialects[p]; d != "" {
		return d
	}
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		if d := g.dialects[dir+"/"]; d != "" {
			return d
		}
		if dir == "." || dir == "/" {
			break
		}
	}
	if f := g.File(p); f != nil {
		for _, s := range f.Settings {
			if s.Tool == dialectTool && s.Key == dialectVoted && len(s.Value) > 0 {
				return s.Value[0]
			}
		}
	}
	return ""
}
