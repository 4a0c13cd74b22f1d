package scan

import (
	"context"
	"testing"
)

func TestProjectName(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"from-config":    {"delint.toml": "project = \"from-config\"\n", "pyproject.toml": "[project]\nname = \"x\"\n"},
		"from-pyproject": {"pyproject.toml": "[project]\nname = \"from-pyproject\"\n", "dbt_project.yml": "name: x\n"},
		"from-poetry":    {"pyproject.toml": "[tool.poetry]\nname = \"from-poetry\"\n"},
		"from_dbt":       {"dbt_project.yml": "name: 'from_dbt'\nversion: 1\n"},
		"from-npm":       {"package.json": `{"name": "@team/from-npm"}`, "pyproject.toml": "broken = [\n"},
	} {
		dir := t.TempDir()
		write(t, dir, files)
		r, err := Run(context.Background(), Options{Paths: []string{dir}, Root: dir, NoCache: true})
		if err != nil || r.Project != want {
			t.Errorf("%v, %v; want %s", r, err, want)
		}
	}
	dir := t.TempDir()
	gitInit(t, dir, "remote.origin.url", "https://example.com/team/from-remote.git")
	if r, err := Run(context.Background(), Options{Paths: []string{dir}, NoCache: true}); err != nil || r.Project != "from-remote" {
		t.Errorf("%v, %v", r.Project, err)
	}
}
