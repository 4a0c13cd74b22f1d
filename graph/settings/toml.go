package settings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"delint/parsers/toml"
)

// table is a decoded TOML or JSON table.
type table = map[string]any

// decode reads TOML; a broken file has no settings.
func decode(text []byte) table {
	var t table
	if _, err := toml.Decode(text, &t); err != nil {
		return nil
	}
	return t
}

// at follows keys into tables; nil where one is missing.
func at(t table, keys ...string) table {
	for _, k := range keys {
		t, _ = t[k].(table)
	}
	return t
}

// list is a value as strings: a scalar is a list of one.
func list(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		out := []string{}
		for _, x := range v {
			out = append(out, fmt.Sprint(x))
		}
		return out
	case []table:
		return nil
	}
	return []string{fmt.Sprint(v)}
}

func (c *collector) pyproject() {
	t := at(decode(c.f.Raw), "tool")
	if r, ok := t["ruff"].(table); ok {
		c.ruff(r)
	}
	if m, ok := t["mypy"].(table); ok {
		c.mypyTOML(m)
	}
	for _, name := range []string{"pyright", "basedpyright"} {
		if p, ok := t[name].(table); ok {
			c.pyright(p)
		}
	}
}

func (c *collector) ruffFile() {
	if t := decode(c.f.Raw); t != nil {
		c.ruff(t)
	}
}

// ruffKeys is the options of ruff that decide whether it reports a code on a file. They stand at the top or under [lint].
var ruffKeys = []string{"select", "extend-select", "ignore", "extend-ignore", "exclude", "extend-exclude", "include"}

func (c *collector) ruff(t table) {
	c.add(ruff, present)
	lint := at(t, "lint")
	if v := list(t["extend"]); v != nil {
		c.add(ruff, "extend", v...)
	}
	for _, key := range ruffKeys {
		for _, part := range []table{t, lint} {
			if v := list(part[key]); v != nil {
				c.add(ruff, key+"?")
				c.add(ruff, key, v...)
			}
		}
	}
	for _, key := range []string{"per-file-ignores", "extend-per-file-ignores"} {
		for _, part := range []table{t, lint} {
			globs := at(part, key)
			for _, glob := range sorted(globs) {
				c.add(ruff, key, glob+"="+strings.Join(list(globs[glob]), ","))
			}
		}
	}
	for _, part := range []table{t, lint} {
		if at(part, "flake8-annotations")["ignore-fully-untyped"] == true {
			c.add(ruff, "ignore-fully-untyped", "true")
		}
	}
}

func (c *collector) mypyTOML(t table) {
	c.add(mypy, present)
	for _, key := range sorted(t) {
		if key != "overrides" {
			c.add(mypy, key, list(t[key])...)
		}
	}
	overrides, _ := t["overrides"].([]table)
	for _, o := range overrides {
		for _, pattern := range list(o["module"]) {
			for _, key := range sorted(o) {
				if key != "module" {
					c.add(mypy, pattern+":"+key, list(o[key])...)
				}
			}
		}
	}
}

// pyrightKeys is the options of pyright that decide whether it asks for the types of parameters in a file.
var pyrightKeys = []string{"typeCheckingMode", "strict", "include", "exclude", "ignore", "reportMissingParameterType"}

func (c *collector) pyright(t table) {
	c.add(pyright, present)
	for _, key := range pyrightKeys {
		if v := list(t[key]); v != nil {
			c.add(pyright, key, v...)
		}
	}
}

func (c *collector) pyrightFile() {
	var t table
	if json.Unmarshal(withoutComments(c.f.Raw), &t) == nil {
		c.pyright(t)
	}
}

// withoutComments makes JSON of JSON with // comments on lines of their own.
func withoutComments(text []byte) []byte {
	lines := strings.Split(string(text), "\n")
	kept := slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(strings.TrimSpace(l), "//") })
	return []byte(strings.Join(kept, "\n"))
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
