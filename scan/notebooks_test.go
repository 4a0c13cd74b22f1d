package scan

import (
	"context"
	"strings"
	"testing"
)

func TestNotebooks(t *testing.T) {
	book := `{"cells": [{"cell_type": "code", "source": ["try:\n", "    load()\n", "except Exception:\n", "    pass\n"], "outputs": []}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"explore/idea.ipynb": book, "jobs/daily.ipynb": book, "jobs/helper.ipynb": book,
		"dags/daily.py": "run = PapermillOperator(input_nb='jobs/daily.ipynb')\n",
		"README.md":     "see explore/idea.ipynb\n",
	})
	got := func(all bool) string {
		r, err := Run(context.Background(), Options{Paths: []string{dir}, NoCache: true, Notebooks: all, Config: Config{Select: []string{"empty-except"}}})
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		for _, f := range r.Findings {
			paths = append(paths, f.Path())
		}
		return strings.Join(paths, " ")
	}
	if g := got(false); g != "jobs/daily.ipynb" {
		t.Errorf("by default: %s", g)
	}
	if g := got(true); g != "explore/idea.ipynb jobs/daily.ipynb jobs/helper.ipynb" {
		t.Errorf("with all: %s", g)
	}
}
