package scan

import (
	"context"
	"encoding/json"
	"path"
	"path/filepath"
	"strings"

	"delint/parsers"
	"delint/parsers/toml"
	"delint/parsers/yaml"
)

// projectName is the name of the repository: the configuration's, that of a project file at the root, the remote's, the
// folder's.
func (r *run) projectName() string {
	if r.config.Project != "" {
		return r.config.Project
	}
	for _, source := range []struct {
		file string
		name func([]byte) string
	}{{"pyproject.toml", pyprojectName}, {"dbt_project.yml", yamlName}, {"config.yaml", yamlProject}, {"package.json", jsonName}} {
		if text, err := readBelow(r.root, source.file, r.limits.ParseBytes); err == nil {
			if name := strings.TrimSpace(source.name(text)); name != "" && len(name) <= 100 {
				return name
			}
		}
	}
	if out, _, err := git(context.Background(), r.root, "config", "--get", "remote.origin.url"); err == nil {
		if name := strings.TrimSuffix(path.Base(strings.TrimSpace(string(out))), ".git"); name != "" && name != "." && name != "/" {
			return name
		}
	}
	return filepath.Base(r.root)
}

func pyprojectName(text []byte) string {
	var file struct {
		Project struct{ Name string }
		Tool    struct{ Poetry struct{ Name string } }
	}
	if _, err := toml.Decode(text, &file); err != nil {
		return ""
	}
	if file.Project.Name == "" {
		return file.Tool.Poetry.Name
	}
	return file.Project.Name
}

func yamlName(text []byte) string    { return yamlKey(text, "name") }
func yamlProject(text []byte) string { return yamlKey(text, "project") }

func yamlKey(text []byte, key string) string {
	f := &parsers.File{Source: parsers.NewSource("name.yml", text), Language: yaml.Language, Limits: parsers.DefaultLimits}
	if yaml.Parse(f) != nil {
		return ""
	}
	for _, d := range yaml.Documents(f) {
		return d.Get(key).Value()
	}
	return ""
}

func jsonName(text []byte) string {
	var file struct{ Name string }
	if json.Unmarshal(text, &file) != nil {
		return ""
	}
	return path.Base(file.Name)
}
