//go:build cgo

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"delint/report"
	"delint/rules/security/sample"
)

// leak is a secret with the public prefix that its format gives every token: that may be shown.
type leak struct{ name, text, prefix string }

// plant makes one secret of every kind. Its public prefix is what two tokens of the kind have in common.
func leaks() []leak {
	var out []leak
	for _, name := range slices.Sorted(maps.Keys(sample.Makers)) {
		a, b := sample.Makers[name](), sample.Makers[name]()
		n := 0
		for n < len(a) && n < len(b) && a[n] == b[n] {
			n++
		}
		out = append(out, leak{name, a, a[:n]})
	}
	return out
}

// keyed are the kinds that only the name beside them gives away.
var keyed = map[string]string{
	"aws-secret": "aws_secret_access_key", "azure-storage": "azure_storage_account_key", "fernet": "fernet_key", "random": "api_token",
	"hex32": "datadog_api_key", "password": "db_password", "base64": "client_secret",
}

// hideLeaks writes a repository that holds every secret in several languages, on lines that other rules quote.
func hideLeaks(t *testing.T, dir string, secrets []leak) {
	t.Helper()
	put := func(name, text string) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		past := time.Now().Add(-time.Hour) // younger files are not cached
		if err := os.Chtimes(file, past, past); err != nil {
			t.Fatal(err)
		}
	}
	put("README.md", "# orders\n")
	for _, s := range secrets {
		key := keyed[s.name]
		if key == "" {
			key = "api_token"
		}
		if s.name == "pem" {
			put("keys/"+s.name+".py", "KEY = \"\"\""+s.text+"\"\"\"\n")
			put("keys/id_etl", s.text)
			put("deploy/pem.yml", "private_key: |\n  "+strings.ReplaceAll(strings.TrimSpace(s.text), "\n", "\n  ")+"\n")
			continue
		}
		put("src/"+s.name+".py", fmt.Sprintf("def load(rows, frame, %s=%q, seen=()):\n    try:\n        publish(rows, %s=%q)\n    except Exception: %s = %q; pass\n    return rows\n", key, s.text, key, s.text, key, s.text))
		put("src/q_"+s.name+".py", fmt.Sprintf("%s = %q\ntry:\n    send(%s=%q)\nexcept Exception: ...\nwith suppress(Exception, %q): pass\n", key, s.text, key, s.text, s.text))
		put("deploy/"+s.name+".yml", fmt.Sprintf("services:\n  web:\n    image: nginx:latest\n    environment:\n      %s: %q\n      - %s=%s\n", strings.ToUpper(key), s.text, strings.ToUpper(key), s.text))
		put("deploy/ok_"+s.name+".yml", fmt.Sprintf("%s: %q\n", key, s.text))
		put("deploy/"+s.name+".env", fmt.Sprintf("%s=%s\n", strings.ToUpper(key), s.text))
		put("sql/"+s.name+".sql", fmt.Sprintf("UPDATE silver.orders SET note = '%s', %s = '%s';\nCREATE USER etl PASSWORD '%s';\n", s.text, key, s.text, s.text))
		put("conf/"+s.name+".toml", fmt.Sprintf("%s = %q\n", key, s.text))
		put("conf/"+s.name+".json", fmt.Sprintf("{%q: %q}\n", key, s.text))
		put("notes/"+s.name+".ipynb", fmt.Sprintf(`{"cells": [{"cell_type": "code", "source": ["%s = '%s'\n"], "outputs": []}], "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4, "nbformat_minor": 5}`, key, s.text))
		put("docs/"+s.name+".md", fmt.Sprintf("# Notes\n\n```python\n%s = %q\n```\n", key, s.text))
		put("docker/"+s.name+"/Dockerfile", fmt.Sprintf("FROM debian:12\nENV %s=%q\n", strings.ToUpper(key), s.text))
		put("infra/"+s.name+".tf", fmt.Sprintf("variable %q {\n  default = %q\n}\n", key, s.text))
		put("models/"+s.name+".yml", fmt.Sprintf("sources:\n  - name: shop\n    meta: {%s: %q}\n    tables:\n      - name: orders\n", key, s.text))
		put("src/broken_"+s.name+".py", fmt.Sprintf("def broken(:\n    %s = %q\n", key, s.text))
		hideInQueries(put, s, key)
		put("uri/"+s.name+".py", fmt.Sprintf("URL = \"postgresql://etl:%s@dwh.corp/core\"\n", strings.NewReplacer("/", "", "+", "", "@", "", ":", "").Replace(s.text)))
	}
}

// hideInQueries writes the secret where datasets, lineage, checks, semantic layers and fixes quote text.
func hideInQueries(put func(name, text string), s leak, key string) {
	name := strings.ReplaceAll(s.name, "-", "_")
	put("fix/"+s.name+".sql", fmt.Sprintf("create table gold.f_%s as select a.id, '%s' as %s from silver.a a where a.x = null and a.%s = '%s'; -- %s\n"+
		"insert into gold.f_%s select * from silver.a where '%s' = null;\n", name, s.text, key, key, s.text, s.text, name, s.text))
	put("fix/"+s.name+".py", fmt.Sprintf("import requests\nimport yaml\n\n\ndef load(rows, seen=[%q]):\n    cfg = yaml.load(%q)\n    r = requests.get(\"https://x\", headers={\"%s\": %q})\n    if rows == None: return %q\n    return cfg, r\n", s.text, s.text, key, s.text, s.text))
	put("dbt/dbt_project.yml", "name: shop\nmodel-paths: [models]\n")
	put("dbt/models/m_"+name+".sql", fmt.Sprintf("{{ config(materialized='incremental', unique_key='id', meta={'%s': '%s'}) }}\nselect id, '%s' as %s, case when %s = '%s' then 1 end as n from {{ source('shop', 'orders') }} where x > '%s'\n", key, s.text, s.text, key, key, s.text, s.text))
	put("dbt/models/m_"+name+".yml", fmt.Sprintf("models:\n  - name: m_%s\n    description: \"%s = %s\"\n    config:\n      meta: {%s: %q, owner: %q}\n    tests:\n      - dbt_utils.expression_is_true:\n          expression: \"%s = '%s'\"\n    columns:\n      - name: id\n        description: %q\n        tests: [unique, {accepted_values: {values: [%q]}}]\n",
		name, key, s.text, key, s.text, s.text, key, s.text, s.text, s.text))
	put("mesh/config.yaml", "model_defaults:\n  dialect: postgres\n")
	put("mesh/models/"+name+".sql", fmt.Sprintf("MODEL (\n  name gold.s_%s,\n  kind FULL,\n  description '%s %s',\n  audits (not_null(columns := (id)))\n);\nSELECT id, '%s' AS %s FROM silver.a WHERE %s = '%s';\n", name, key, s.text, s.text, key, key, s.text))
	put("soda/checks_"+name+".yml", fmt.Sprintf("checks for m_%s:\n  - row_count > 0:\n      name: \"%s\"\n      filter: %s = '%s'\n      attributes: {%s: %q}\n  - failed rows:\n      fail query: select '%s' as %s from m_%s\n  - nonsense %s\n", name, s.text, key, s.text, key, s.text, s.text, key, name, s.text))
	put("cube/model/c_"+name+".yml", fmt.Sprintf("cubes:\n  - name: c_%s\n    meta: {%s: %q}\n    sql: select '%s' as %s from gold.f_%s\n    description: %q\n    measures:\n      - name: n\n        type: count\n        filters: [{sql: \"%s = '%s'\"}]\n", name, key, s.text, s.text, key, name, s.text, key, s.text))
	put("migrations/V1__"+name+".sql", fmt.Sprintf("ALTER TABLE a ADD COLUMN %s text NOT NULL DEFAULT '%s';\nCREATE INDEX i ON a (%s) WHERE %s = '%s';\n", key, s.text, key, key, s.text))
}

// grams are the runs of six characters of a secret's part that must not be shown.
func grams(s leak) map[string]bool {
	out := map[string]bool{}
	body := strings.TrimPrefix(s.text, s.prefix)
	for _, line := range strings.Split(body, "\n") {
		if strings.HasPrefix(line, "-----") {
			continue
		}
		for i := 0; i+6 <= len(line); i++ {
			// Six hexadecimal digits stand in some hash sooner or later.
			if g := line[i : i+6]; strings.Trim(g, "0123456789abcdef") != "" {
				out[g] = true
			}
		}
	}
	return out
}

func TestNoOutputHoldsASecret(t *testing.T) {
	dir := t.TempDir()
	secrets := leaks()
	hideLeaks(t, dir, secrets)
	forbidden := map[string]string{}
	for _, s := range secrets {
		for g := range grams(s) {
			forbidden[g] = s.name
		}
	}
	found := map[string]bool{}
	check := func(what string, output []byte) {
		t.Helper()
		for i := 0; i+6 <= len(output); i++ {
			if name, ok := forbidden[string(output[i:i+6])]; ok {
				if key := what + name; !found[key] {
					found[key] = true
					line := output[bytes.LastIndexByte(output[:i], '\n')+1:]
					line, _, _ = bytes.Cut(line, []byte("\n"))
					t.Errorf("%s shows a %s secret near: %.200q", what, name, line)
				}
			}
		}
	}
	call := func(what string, args ...string) (stdout []byte) {
		t.Helper()
		var out, errs bytes.Buffer
		code := run(args, strings.NewReader(""), &out, &errs)
		if code == exitUsage {
			t.Fatalf("%s: %s", what, errs.String())
		}
		check(what, append(out.Bytes(), errs.Bytes()...))
		return out.Bytes()
	}
	for _, format := range report.Formats() {
		out := call(format, "--format", format, "--root", dir, "--fail-on", "none", "--expand", "--no-defer", dir)
		if len(out) == 0 {
			t.Errorf("%s is empty", format)
		}
		call(format+" without the rule", "--format", format, "--root", dir, "--ignore", "hardcoded-secret", "--no-cache", "--expand", dir)
	}
	call("verbose", "-v", "--timing", "--mode", "extended", "--root", dir, dir)
	call("review", "review", "--root", dir, dir)
	call("diff", "--diff", "--root", dir, dir)
	call("diff of unsafe fixes", "--diff", "--unsafe-fixes", "--root", dir, dir)
	for _, format := range []string{"text", "json", "mermaid", "d2", "openlineage", "erd"} {
		if out := call("graph "+format, "graph", "--format", format, "--root", dir, "--columns", dir); len(out) == 0 {
			t.Errorf("graph %s is empty", format)
		}
	}
	for _, format := range []string{"text", "json", "html"} {
		call("cached "+format, "--format", format, "--root", dir, dir)
	}
	for _, s := range secrets {
		for _, name := range []string{"src/" + s.name + ".py", "sql/" + s.name + ".sql", "deploy/ok_" + s.name + ".yml", "notes/" + s.name + ".ipynb"} {
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
				call("parse "+name, "parse", filepath.Join(dir, filepath.FromSlash(name)))
			}
		}
	}
	for _, written := range []string{".delint", ".opencode"} {
		err := filepath.WalkDir(filepath.Join(dir, written), func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				text, err := os.ReadFile(name)
				if err != nil {
					return err
				}
				check("file "+filepath.Base(filepath.Dir(name))+"/"+d.Name(), text)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", written, err)
		}
	}
	suppressed := "[[suppress]]\nrule = \"hardcoded-secret\"\npath = \"**\"\nreason = \"a test\"\n"
	if err := os.WriteFile(filepath.Join(dir, "delint.toml"), []byte(suppressed), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "json", "html", "review"} {
		call("suppressed "+format, "--format", format, "--root", dir, "--no-cache", dir)
	}
	call("fix", "--fix", "--unsafe-fixes", "-v", "--root", dir, dir)
}
