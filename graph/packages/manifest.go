package packages

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"delint/parsers"
	"delint/parsers/python"
	"delint/parsers/toml"
)

type table = map[string]any

func at(t table, keys ...string) table {
	for _, k := range keys {
		t, _ = t[k].(table)
	}
	return t
}

// texts is the texts of an array.
func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// tomlFile is a decoded file with the positions of its keys.
type tomlFile struct {
	*collector
	keys map[string]parsers.Position
}

func (c *collector) decode() (table, *tomlFile) {
	var t table
	if _, err := toml.Decode(c.f.Raw, &t); err != nil {
		return nil, nil
	}
	return t, &tomlFile{c, toml.Keys(c.f.Raw)}
}

// array adds the requirements of an array of texts under a key.
func (t *tomlFile) array(v any, group, key string) {
	from := t.keys[key].Byte
	for _, text := range texts(v) {
		begin, end := from, from
		for _, quote := range []string{`"`, `'`} {
			if i := bytes.Index(t.f.Raw[from:], []byte(quote+text+quote)); i >= 0 {
				begin, end = from+i, from+i+len(text)+2
				break
			}
		}
		t.require(text, group, begin, end)
	}
}

// pairs adds the requirements of a table of names: Poetry's and Pipfile's.
func (t *tomlFile) pairs(v table, group, key string) {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name == "python" {
			continue
		}
		at := t.keys[key+"."+name].Byte
		t.add(requirementFact, Normalize(name), t.f.RawSpan(at, at+len(name)), poetrySpec(v[name]), group, poetryExtras(v[name]))
	}
}

// poetryExtras is the extras of a requirement of Poetry.
func poetryExtras(v any) string {
	t, _ := v.(table)
	return strings.Join(texts(t["extras"]), ",")
}

// poetrySpec is a version of Poetry or Pipfile as a specifier: a bare version of Poetry is a caret range, "*" is none.
func poetrySpec(v any) string {
	switch v := v.(type) {
	case string:
		if v == "*" || v == "" {
			return ""
		}
		if v[0] >= '0' && v[0] <= '9' {
			return "==" + v
		}
		return strings.ReplaceAll(v, " ", "")
	case table:
		if git, ok := v["git"].(string); ok {
			return "@ git+" + git + "@" + fmt.Sprint(v["rev"])
		}
		if v["path"] != nil || v["url"] != nil || v["file"] != nil {
			return "@ path"
		}
		return poetrySpec(v["version"])
	}
	return ""
}

func (c *collector) pyproject() {
	t, file := c.decode()
	if t == nil {
		return
	}
	project, tool := at(t, "project"), at(t, "tool")
	poetry := at(tool, "poetry")
	var attributes []string
	if name, ok := project["name"].(string); ok {
		attributes = append(attributes, attrName+name)
	} else if name, ok := poetry["name"].(string); ok {
		attributes = append(attributes, attrName+name)
	}
	if v, ok := project["requires-python"].(string); ok {
		attributes = append(attributes, attrPython+v)
	} else if v, ok := at(poetry, "dependencies")["python"].(string); ok {
		attributes = append(attributes, attrPython+v)
	}
	if t["build-system"] != nil && (project["classifiers"] != nil || poetry["classifiers"] != nil || project["urls"] != nil && project["license"] != nil) {
		attributes = append(attributes, attrLibrary)
	}
	if slices.Contains(texts(project["dynamic"]), "dependencies") {
		attributes = append(attributes, attrDynamic)
	}
	file.array(project["dependencies"], GroupRuntime, "project.dependencies")
	for name, v := range ordered(at(project, "optional-dependencies")) {
		file.array(v, extraGroup(name), "project.optional-dependencies."+name)
	}
	for name, v := range ordered(at(t, "dependency-groups")) {
		file.array(v, GroupDev, "dependency-groups."+name)
	}
	file.array(at(tool, "uv")["dev-dependencies"], GroupDev, "tool.uv.dev-dependencies")
	for name, v := range ordered(at(tool, "pdm", "dev-dependencies")) {
		file.array(v, GroupDev, "tool.pdm.dev-dependencies."+name)
	}
	for name, v := range ordered(at(tool, "hatch", "envs")) {
		env, _ := v.(table)
		file.array(env["dependencies"], GroupDev, "tool.hatch.envs."+name+".dependencies")
	}
	file.array(at(t, "build-system")["requires"], GroupBuild, "build-system.requires")
	file.pairs(at(poetry, "dependencies"), GroupRuntime, "tool.poetry.dependencies")
	file.pairs(at(poetry, "dev-dependencies"), GroupDev, "tool.poetry.dev-dependencies")
	for name, v := range ordered(at(poetry, "group")) {
		group, _ := v.(table)
		file.pairs(at(group, "dependencies"), GroupDev, "tool.poetry.group."+name+".dependencies")
	}
	if project != nil || poetry != nil {
		c.manifest(PyProject, attributes...)
	}
}

func extraGroup(name string) string {
	if devGroup(name) {
		return GroupDev
	}
	return GroupExtra
}

// ordered ranges over a table in the order of its keys.
func ordered(t table) func(func(string, any) bool) {
	return func(yield func(string, any) bool) {
		keys := make([]string, 0, len(t))
		for k := range t {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(k, t[k]) {
				return
			}
		}
	}
}

func (c *collector) pipfile() {
	t, file := c.decode()
	if t == nil {
		return
	}
	file.pairs(at(t, "packages"), GroupRuntime, "packages")
	file.pairs(at(t, "dev-packages"), GroupDev, "dev-packages")
	c.manifest(Pipfile)
}

// setupCfg reads install_requires and extras_require: values that go on in indented lines.
func (c *collector) setupCfg() {
	section, key, found := "", "", false
	for _, l := range logical(c.f.Raw) {
		trimmed := strings.TrimSpace(l.text)
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
			continue
		case l.text[0] == '[':
			section, key = strings.Trim(trimmed, "[]"), ""
			continue
		case l.text[0] != ' ' && l.text[0] != '\t':
			var value string
			key, value, _ = strings.Cut(trimmed, "=")
			key, trimmed = strings.TrimSpace(key), strings.TrimSpace(value)
		}
		group := GroupRuntime
		switch {
		case section == "options" && key == "install_requires":
		case section == "options.extras_require":
			group = extraGroup(key)
		default:
			continue
		}
		found = true
		if at := strings.Index(l.text, trimmed); trimmed != "" {
			c.require(trimmed, group, l.at+at, l.at+at+len(trimmed))
		}
	}
	if found {
		c.manifest(SetupCfg, attrLibrary)
	}
}

// setupPy reads the literal arguments of setup(…).
func (c *collector) setupPy() {
	for call := range c.f.Tree.All(python.Call) {
		if name := call.Field(python.Function).Text(); name != "setup" && !strings.HasSuffix(name, ".setup") {
			continue
		}
		attributes := []string{}
		if !python.KeywordOf(call, "classifiers").IsNil() {
			attributes = append(attributes, attrLibrary)
		}
		if name, _, ok := python.Fold(c.f, python.KeywordOf(call, "name")); ok {
			attributes = append(attributes, attrName+name)
		}
		if !c.literals(python.KeywordOf(call, "install_requires"), GroupRuntime) {
			attributes = append(attributes, attrDynamic)
		}
		extras := python.KeywordOf(call, "extras_require")
		for p := range extras.NamedChildren() {
			name, _, _ := python.Fold(c.f, p.Field(python.Key))
			c.literals(p.Field(python.Value), extraGroup(name))
		}
		c.manifest(SetupPy, attributes...)
		return
	}
}

// literals adds the texts of a list; false where it is none.
func (c *collector) literals(list parsers.Node, group string) bool {
	if list.Is(python.Identifier) {
		if found := python.Imports(c.f).Lookup(list); len(found) == 1 {
			list = found[0].Value
		}
	}
	if !list.Is(python.List, python.Tuple) {
		return list.IsNil()
	}
	for item := range list.NamedChildren() {
		if text, holes, ok := python.Fold(c.f, item); ok && !holes {
			span := c.f.Span(item.Start(), item.End())
			c.require(text, group, span.Start.Byte, span.End.Byte)
		}
	}
	return true
}
