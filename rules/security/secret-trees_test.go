package security

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"delint/parsers"
	"delint/parsers/notebook"
	"delint/parsers/python"
	"delint/parsers/sql"
	"delint/parsers/yaml"
	"delint/rules/security/sample"
)

// read is a file with the tree that a scan gives it.
func read(t testing.TB, path, text string) *parsers.File {
	t.Helper()
	f := &parsers.File{Source: parsers.NewSource(path, []byte(text)), Limits: parsers.DefaultLimits}
	for _, l := range []*parsers.Language{python.Language, notebook.Language, sql.Language, yaml.Language} {
		if l.Match(path) {
			f.Language = l
			if err := l.Parse(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	return f
}

// TestTrees holds what only a syntax tree tells: escapes, values over several lines, quoted names, flow mappings, decoding.
// Every case says the line of each finding and a part of its message.
func TestTrees(t *testing.T) {
	pw, token := sample.Random(12), sample.Random(24)
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	escaped := func(s string) string { return fmt.Sprintf(`\u%04x%s`, s[0], s[1:]) }
	bare := func(pem string) string {
		return strings.ReplaceAll(strings.Join(strings.Split(pem, "-----")[2:3], ""), "\n", "")
	}
	for name, c := range map[string]struct {
		path, text string
		want       []string
	}{
		"yaml flow over lines":      {"a.yml", "wh: {type: snowflake,\n  \"password\"\n  : " + pw + "}\n", []string{"2 in `password`"}},
		"yaml value on its own":     {"a.yml", "password:\n  " + pw + "\nport: 5432\n", []string{"1 in `password`"}},
		"yaml escape":               {"a.yml", "password: \"" + escaped(pw) + "\"\n", []string{"1 password (12 chars)"}},
		"yaml folded":               {"a.yml", "api_token: >-\n  " + token + "\n", []string{"1 in `api_token`"}},
		"yaml quoted sign":          {"a.yml", "password: '" + pw + " # no comment'\n", nil},
		"yaml comment":              {"a.yml", "password: # " + pw + "\n  {env: PASSWORD}\n", nil},
		"yaml script":               {"a.yml", "run: |\n  # set up\n  export DB_PASSWORD=" + pw + "\n", []string{"3 in `DB_PASSWORD`"}},
		"yaml command":              {"a.yml", "command: env DB_PASSWORD=" + pw + " python load.py\n", []string{"1 in `DB_PASSWORD`"}},
		"yaml item":                 {"a.yml", "environment:\n  - \"DB_PASSWORD=" + pw + "\"\n", []string{"2 in `DB_PASSWORD`"}},
		"yaml option":               {"a.yml", "args: [\"--password\", \"" + pw + "\"]\n", []string{"1 in `password`"}},
		"yaml option joined":        {"a.yml", "args:\n  - --password=" + pw + "\n", []string{"2 in `--password`"}},
		"yaml name, value":          {"a.yml", "env:\n  - value: " + token + "\n    name: API_TOKEN\n", []string{"3 in `API_TOKEN`"}},
		"yaml name far from value":  {"a.yml", "env:\n  - name: API_TOKEN\n    # of the portal\n    value: " + token + "\n", []string{"2 in `API_TOKEN`"}},
		"yaml reference":            {"a.yml", "env:\n  - name: API_TOKEN\n    valueFrom: {secretKeyRef: {name: a, key: " + token + "}}\n", nil},
		"yaml tag":                  {"a.yml", "password: !vault " + token + "\ntoken: !Ref " + token + "\n", nil},
		"yaml anchor":               {"a.yml", "a: &x {password: " + pw + "}\nb: *x\nc:\n  <<: *x\n", []string{"1 in `password`"}},
		"yaml parent":               {"a.yml", "datadog:\n  api_key: " + sample.Makers["hex32"]() + "\n", []string{"2 Datadog key"}},
		"soda cloud":                {"soda/configuration.yml", "soda_cloud:\n  host: cloud.soda.io\n  api_key_id: ${ID}\n  api_key_secret: " + sample.Text("ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", 60) + "\n", []string{"4 Soda Cloud key"}},
		"soda cloud from variables": {"soda/configuration.yml", "soda_cloud:\n  api_key_id: ${ID}\n  api_key_secret: ${SECRET}\n", nil},
		"helm default":              {"values.yaml", "grafana:\n  adminPassword: admin\n", []string{"2 Grafana default secret"}},
		"dbt profile":               {"profiles.yml", "wh:\n  outputs:\n    prod: {type: snowflake, account: x1, user: etl, password: kirschbaum7}\n", []string{"3 dbt profile"}},
		"dbt profile from env":      {"profiles.yml", "wh:\n  outputs:\n    prod: {type: postgres, user: etl, password: \"{{ env_var('PW') }}\"}\n", nil},
		"no dbt profile":            {"a.yml", "wh:\n  prod: {type: snowflake, user: etl, password: kirschbaum7}\n", nil},
		"kubernetes data":           {"a.yml", "kind: Secret\ndata:\n  password: " + b64(pw) + "\nstringData: {token: " + token + "}\n", []string{"3 password (12 chars)", "4 in `token`"}},
		"kubernetes data, folded":   {"a.yml", "data:\n  password: >-\n    " + b64(pw) + "\nkind: \"Secret\"\n", []string{"2 password (12 chars)"}},
		"kubernetes data, weak":     {"a.yml", "kind: Secret\ndata: {password: " + b64("changeme") + "}\n", nil},
		"kubernetes key":            {"a.yml", "kind: Secret\ndata:\n  id: " + b64(sample.PEM()) + "\n", []string{"3 private key"}},
		"kubernetes registry":       {"a.yml", "kind: Secret\ndata:\n  .dockerconfigjson: " + b64(`{"auths":{"cr.corp.io":{"auth":"`+b64("etl:"+pw)+`"}}}`) + "\n", []string{"3 registry login"}},
		"sops":                      {"a.yml", "password: " + pw + "\nsops: {version: 3.8.1}\n", nil},
		"template":                  {"charts/x/templates/a.yaml", "{{- if .Values.x }}\npassword: " + pw + "\n{{- end }}\n", []string{"2 in `password`"}},
		"json escape":               {"a.json", `{"password": "` + escaped(pw) + `"}`, []string{"1 password (12 chars)"}},
		"json token in escapes":     {"a.json", `{"a": "` + escaped(sample.Makers["databricks"]()) + `"}` + "\n", nil}, // no key word: not worth reading
		"json token in escapes too": {"a.json", `{"token": "` + escaped(sample.Makers["databricks"]()) + `"}` + "\n", []string{"1 Databricks token"}},
		"json inside":               {"a.json", `{"body": "{\n \"password\": \"` + pw + `\"}"}`, []string{"1 in `password`"}},
		"json name, value":          {"task.json", "{\"environment\": [{\n\"name\": \"DB_PASSWORD\",\n\"value\": \"" + pw + "\"}]}", []string{"2 in `DB_PASSWORD`"}},
		"json one long line":        {"a.json", `{"x": "` + strings.Repeat("a ", 40000) + `", "password": "` + pw + `"}`, []string{"1 in `password`"}},
		"registry":                  {".docker/config.json", "{\"auths\": {\n\"https://cr.corp.io/v1/\": {\"auth\": \"" + b64("etl:"+pw) + "\"}}}", []string{"2 registry login"}},
		"registry helper":           {".docker/config.json", "{\"auths\": {\"cr.corp.io\": {}}, \"credsStore\": \"desktop\"}", nil},
		"broken json":               {"a.json", `{"password": "` + pw + `",}`, []string{"1 in `password`"}},
		"toml":                      {"a.toml", "[warehouse]\n\"password\" = '" + pw + "'\n", []string{"2 in `password`"}},
		"toml escape":               {"a.toml", "[warehouse]\npassword = \"" + escaped(pw) + "\"\n", []string{"2 password (12 chars)"}},
		"toml inline":               {"a.toml", "a = { user = \"etl\",\tpassword = \"" + pw + "\" }\n", []string{"1 in `password`"}},
		"toml array":                {"a.toml", "env = [\n  \"DB_PASSWORD=" + pw + "\",\n]\n", []string{"2 in `DB_PASSWORD`"}},
		"broken toml":               {"a.toml", "password = \"" + pw + "\"\n[[\n", []string{"1 in `password`"}},
		"sql over lines":            {"a.sql", "CREATE USER etl\n  PASSWORD\n  '" + pw + "';\n", []string{"2 password (12 chars)"}},
		"sql identified":            {"a.sql", "CREATE USER e IDENTIFIED WITH sha256_password\nBY '" + pw + "';\n", []string{"1 password (12 chars)"}},
		"sql doubled quote":         {"a.sql", "ALTER USER etl PASSWORD '" + pw + "''x';\n", []string{"1 password (14 chars)"}},
		"sql prefix":                {"a.sql", "ALTER ROLE etl PASSWORD E'" + pw + "';\n", []string{"1 password (12 chars)"}},
		"sql function":              {"a.sql", "SET PASSWORD FOR 'a'@'b' = PASSWORD('" + pw + "');\n", []string{"1 password (12 chars)"}},
		"sql stage":                 {"a.sql", "CREATE STAGE s CREDENTIALS = (AWS_KEY_ID = '" + sample.Makers["aws-id"]() + "'\n  AWS_SECRET_KEY = '" + sample.Makers["aws-secret"]() + "');\n", []string{"1 AWS access key id", "2 AWS secret key"}},
		"sql copy":                  {"a.sql", "copy t from 's3://x' credentials 'aws_access_key_id=a;aws_secret_access_key=" + sample.Makers["aws-secret"]() + "' csv;\n", []string{"1 AWS secret key"}},
		"sql set":                   {"a.sql", "SET api_token = '" + token + "';\n", []string{"1 in `api_token`"}},
		"sql option":                {"a.sql", "CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET '" + token + "');\n", []string{"1 in `SECRET`"}},
		"sql argument":              {"a.sql", "CALL load(password => '" + pw + "');\n", []string{"1 in `password`"}},
		"sql body":                  {"a.sql", "create function f() returns int as $$\n  api_token = '" + token + "'\n$$;\n", []string{"2 in `api_token`"}},
		"sql comment":               {"a.sql", "/* ALTER USER etl\n PASSWORD '" + pw + "' */ select 1;\n", nil},
		"sql comparison":            {"a.sql", "select * from u where password <> '" + pw + "';\n", nil},
		"sql template":              {"a.sql", "{{ config(password='" + pw + "') }} select 1\n", []string{"1 in `password`"}},
		"sql variable":              {"a.sql", "CREATE USER etl PASSWORD '{{ env_var(\"PW\") }}';\nALTER USER e PASSWORD '${PW}';\n", nil},
		"notebook code":             {"a.ipynb", `{"cells": [{"cell_type": "code", "source": ["password = \"` + pw + `\"\n"]}]}`, []string{"1 in `password`"}},
		"notebook output":           {"a.ipynb", `{"cells": [{"cell_type": "code", "source": [], "outputs": [{"text": ["api_token = \"` + token + `\"\n"]}]}]}`, []string{"1 in `api_token`"}},
		"notebook fence":            {"a.ipynb", "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": [\n\"```bash\\n\",\n\"export DB_PASSWORD=" + pw + "\\n\",\n\"```\"]}]}", []string{"3 in `DB_PASSWORD`"}},
		"weak setting":              {"deploy/.env", "PORT=5432\nDB_PASSWORD=kirschbaum7\n", []string{"weak DB_PASSWORD"}},
		"only ports":                {"deploy/.env", "PORT=5432\nHOST=dwh\nTOKEN_TTL=3600\nDB_PASSWORD=\nDB_PASSWORD=${PW}\nDB_PASSWORD=changeme\n", nil},
		"base64 by name":            {"a.yml", "private_key_b64: " + b64(sample.PEM()) + "\n", []string{"1 private key"}},
		"key without its frame":     {"a.py", "private_key_b64 = \"" + bare(sample.PEM()) + "\"\n", []string{"1 private key"}},
		"kubeconfig":                {"kube/config.yml", "users:\n- user:\n    client-key-data: " + b64(sample.PEM()) + "\n", []string{"3 private key in base64"}},
		"certificate in base64":     {"kube/config.yml", "client-certificate-data: " + b64("-----BEGIN CERTIFICATE-----\n"+b64(sample.Text("abcdef", 200))+"\n-----END CERTIFICATE-----\n") + "\n", nil},
		"sql in python":             {"a.py", "db.execute(\"\"\"\n  CREATE USER etl\n  PASSWORD '" + pw + "'\"\"\")\n", []string{"3 in `password`"}},
		"sql in python, variable":   {"a.py", "db.execute(f\"CREATE USER etl PASSWORD '{pw}'\")\n", nil},
		"search key":                {"a.js", "algolia: {\n appId: 'X', apiKey: '" + sample.Makers["hex32"]() + "', indexName: 'docs' }\n", nil},
		"known findings":            {".secrets.baseline", `{"hashed_secret": "` + sample.Text("0123456789abcdef", 40) + `"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(t, c.path, c.text)
			result := Search(f)
			var got []string
			for _, x := range result.Secrets {
				got = append(got, fmt.Sprint(f.Position(x.Key.Start).Line, " ", x.Message()))
			}
			if result.Weak != "" {
				got = append(got, "weak "+result.Weak)
			}
			bad := len(got) != len(c.want)
			for i := range c.want {
				line, rest, _ := strings.Cut(c.want[i], " ")
				bad = bad || !strings.HasPrefix(got[i], line+" ") || !strings.Contains(got[i], rest)
			}
			shown := c.text
			if bad {
				t.Errorf("%q\n%q, not %q", shown[:min(len(shown), 400)], got, c.want)
			}
			hidden := []byte(c.text)
			for _, h := range result.Hidden {
				for i := h.Start; i < h.End; i++ {
					hidden[i] = 0
				}
			}
			for _, secret := range []string{pw, token, b64(pw)} {
				if len(c.want) > 0 && strings.Contains(string(hidden), secret[len(secret)-6:]) {
					t.Error("the secret is not hidden")
				}
			}
		})
	}
}

// FuzzSearch holds that spans stay inside the file, whatever tree it has.
func FuzzSearch(f *testing.F) {
	f.Add("a.yml", "kind: Secret\ndata:\n  password: \"x\\\"\\\n  y\"\n  .dockerconfigjson: eyJhdXRocyI6e319\n- {name: API_TOKEN, value: >-\n  a\n}")
	f.Add("a.json", `{"auths": {"a": {"auth": "YTpi"}}, "name": "A_TOKEN", "value": "\u0041\"", "l": ["--password", "x", "A_TOKEN=\n"]}`)
	f.Add("a.toml", "[a]\npassword = '''x\ny'''\nb = {token = \"\\u0041\", l = [\"A_TOKEN=1\"]}")
	f.Add("a.sql", "CREATE USER a IDENTIFIED WITH x BY 'a''b'; select 'x' from t credentials 'a=b;secret=c' $$ password 'x' $$ PASSWORD(")
	f.Add("a.ipynb", `{"cells": [{"cell_type": "markdown", "source": ["token = \"\u0041\\\""]}, {"cell_type": "code", "source": "password = 'x\\'", "outputs": [{"text": "A_TOKEN=x"}]}]}`)
	f.Add("a.py", "db('PASSWORD \"x\"')\npassword = 'a' \"b\"\\\n'c'")
	f.Add(".env", "DB_PASSWORD=kirschbaum7\nA_TOKEN_B64=LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t")
	f.Fuzz(func(t *testing.T, path, text string) {
		file := read(t, path, text)
		r := Search(file)
		end := 0
		for _, h := range r.Hidden {
			if h.Start < end || h.End <= h.Start || h.End > len(file.Raw) {
				t.Fatalf("span %d-%d after %d of %d", h.Start, h.End, end, len(file.Raw))
			}
			end = h.End
		}
		for _, x := range r.Secrets {
			if x.Key.Start < 0 || x.Key.End < x.Key.Start || x.Key.End > len(file.Raw) {
				t.Fatalf("key %d-%d of %d", x.Key.Start, x.Key.End, len(file.Raw))
			}
		}
	})
}
