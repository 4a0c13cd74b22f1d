package scan

import (
	"errors"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"strings"

	"delint/parsers/toml"
	"delint/rules"

	decoder "github.com/BurntSushi/toml"
)

// hasTable reports whether a pyproject.toml has a [tool.delint] table. A broken file has none: it is another tool's business.
func hasTable(text []byte) bool {
	var file struct {
		Tool map[string]any `toml:"tool"`
	}
	_, err := toml.Decode(text, &file)
	_, ok := file.Tool["delint"]
	return err == nil && ok
}

// decodeConfig reads a configuration strictly. Its errors are "FILE:LINE:COL: what; what to do".
func decodeConfig(file string, text []byte) (*Config, error) {
	var c Config
	var meta decoder.MetaData
	var err error
	prefix := ""
	if path.Base(file) == "pyproject.toml" {
		var whole struct {
			Tool struct {
				Delint Config `toml:"delint"`
			} `toml:"tool"`
		}
		prefix = "tool.delint."
		meta, err = toml.Decode(text, &whole)
		c = whole.Tool.Delint
	} else {
		meta, err = toml.Decode(text, &c)
	}
	positions := toml.Keys(text)
	at := func(key string) string {
		if p, ok := positions[prefix+key]; ok {
			return fmt.Sprintf("%s:%d:%d: ", file, p.Line, p.Column)
		}
		return file + ": "
	}
	if err != nil {
		var parse decoder.ParseError
		if errors.As(err, &parse) {
			message := strings.TrimPrefix(parse.Error(), "toml: ")
			if i := strings.Index(message, "): "); strings.HasPrefix(message, "line ") && i >= 0 {
				message = message[i+3:]
			}
			return nil, fmt.Errorf("%s:%d:%d: %s", file, parse.Position.Line, max(1, parse.Position.Col), message)
		}
		return nil, typeError(file, err, at)
	}
	for _, key := range meta.Undecoded() {
		name := key.String()
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		hint := ""
		if near := rules.Nearest(key[len(key)-1], keysBeside(strings.Split(rest, "."))); near != "" {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		return nil, fmt.Errorf("%sunknown key %q%s", at(rest), key[len(key)-1], hint)
	}
	if err := c.check(at); err != nil {
		return nil, err
	}
	return &c, nil
}

// wrongType is how the decoder says that a value has another type than its key.
var wrongType = regexp.MustCompile(`^toml: line (\d+) \(last key "([^"]*)"\): (?:incompatible types: )?(.*)$`)

// typeError gives a wrong value its place.
func typeError(file string, err error, at func(key string) string) error {
	m := wrongType.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	where := at(strings.TrimPrefix(m[2], "tool.delint."))
	if where == file+": " {
		where = fmt.Sprintf("%s:%s:1: ", file, m[1])
	}
	what := strings.NewReplacer("TOML value has type", "the value is of type", "; destination has type", ", not").Replace(m[3])
	return fmt.Errorf("%s%s: %s", where, m[2], what)
}

// keysBeside lists the keys that the configuration knows where an unknown one stands.
func keysBeside(key []string) []string {
	t := reflect.TypeFor[Config]()
	for _, part := range key[:len(key)-1] {
		for t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return nil
		}
		field, ok := fieldOf(t, part)
		if !ok {
			return nil
		}
		t = field.Type
	}
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var keys []string
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("toml"); tag != "" && tag != "-" {
			keys = append(keys, tag)
		}
	}
	return keys
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("toml") == key {
			return t.Field(i), true
		}
	}
	return reflect.StructField{}, false
}
