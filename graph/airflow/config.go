package airflow

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
)

// Keys of the facts that config gives: graph.SettingFact with Tool "airflow".
const (
	versionKey = "version" // the major version: 2 or 3
)

var (
	configFile   = regexp.MustCompile(`(?i)(?:^|/)(?:airflow\w*\.cfg|[^/]*dockerfile[^/]*|[^/]*\.env[^/]*|[^/]*compose[^/]*\.ya?ml|[^/]*values[^/]*\.ya?ml|requirements[^/]*\.(?:txt|in)|constraints[^/]*\.txt|pyproject\.toml|setup\.(?:cfg|py)|pipfile|[^/]*\.tf|[^/]*environment[^/]*\.ya?ml)$`)
	variable     = regexp.MustCompile(`AIRFLOW__(?:CORE|SCHEDULER|OPERATORS)__([A-Z_]+)["']?\s*[:=]\s*["']?([\w.+-]+)`)
	variablePair = regexp.MustCompile(`name:\s*["']?AIRFLOW__(?:CORE|SCHEDULER|OPERATORS)__([A-Z_]+)["']?\s+value:\s*["']?([\w.+-]+)`)
	entry        = regexp.MustCompile(`(?m)^[ \t]*["']?(?:(?:core|scheduler|operators)-)?(catchup_by_default|default_task_retries|default_task_execution_timeout|default_deferrable|xcom_backend)["']?[ \t]*[:=][ \t]*["']?([\w.+-]+)`)
	pinned       = regexp.MustCompile(`(?i)apache[-_]airflow(?:-core)?(?:\[[^\]]*\])?["']?\s*(?:==|~=|=|@|>=)\s*["']?\^?~?v?(\d+)(?:\.\d+)*(?:\s*,\s*<\s*(\d+)(\.\d+)?)?|apache/airflow:(?:slim-)?v?(\d+)\.|AIRFLOW_VERSION["']?\s*[:=]\s*["']?v?(\d+)\.|composer-\d[\w.]*-airflow-(\d+)`)
	runtime      = regexp.MustCompile(`astro-runtime:(\d+)\.|/runtime:(\d+)\.\d+-\d+`)
)

// mayConfigure says no to most of the paths that configFile says no to, for less.
func mayConfigure(p string) bool {
	base := strings.ToLower(path.Base(p))
	switch path.Ext(base) {
	case ".py", ".sql", ".md", ".json", ".csv", ".ipynb":
		return base == "setup.py" || strings.Contains(base, "dockerfile") || strings.Contains(base, ".env")
	case ".yaml", ".yml":
		return strings.Contains(base, "compose") || strings.Contains(base, "values") || strings.Contains(base, "environment") ||
			strings.Contains(base, "dockerfile") || strings.Contains(base, ".env")
	}
	return true
}

// config reads what the files around the DAGs say of Airflow: its major version, and the settings that stand for what a DAG
// leaves out.
func config(f *parsers.File, facts *graph.Facts) {
	if !mayConfigure(f.Path) || !configFile.MatchString(f.Path) || facts.Role == graph.RoleVendored || facts.Role == graph.RoleTest {
		return
	}
	lower := append(bytes.ToLower(f.Text), strings.ToLower(f.Path)...)
	if !bytes.Contains(lower, []byte("airflow")) && !bytes.Contains(lower, []byte("astro")) {
		return
	}
	add := func(key, value string, at int) {
		facts.Settings = append(facts.Settings, graph.SettingFact{Tool: "airflow", Key: key, Value: []string{value}, Span: f.Span(at, at)})
	}
	for _, expr := range []*regexp.Regexp{variable, variablePair, entry} {
		for _, m := range expr.FindAllSubmatchIndex(f.Text, -1) {
			line := f.Text[bytes.LastIndexByte(f.Text[:m[0]], '\n')+1 : m[0]]
			if bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) {
				continue
			}
			add(strings.ToLower(string(f.Text[m[2]:m[3]])), string(f.Text[m[4]:m[5]]), m[0])
		}
	}
	if path.Ext(f.Path) == ".tf" || strings.HasPrefix(path.Base(f.Path), "airflow") && path.Ext(f.Path) == ".cfg" {
		return
	}
	for _, m := range pinned.FindAllSubmatch(f.Text, -1) {
		for i, v := range m[1:] {
			if i == 0 && bytes.Contains(m[0], []byte(">=")) && len(m[2]) == 0 {
				continue // a range with no end
			}
			if i == 0 && len(m[2]) > 0 && string(m[2]) != string(m[1]) && len(m[3]) > 0 && string(m[3]) != ".0" {
				continue
			}
			if i != 1 && i != 2 && (string(v) == "1" || string(v) == "2" || string(v) == "3") {
				add(versionKey, string(v), 0)
			}
		}
	}
	for _, m := range runtime.FindAllSubmatch(f.Text, -1) {
		if len(m[1]) > 0 {
			add(versionKey, "2", 0) // astro-runtime ends with Airflow 2
		} else {
			add(versionKey, "3", 0)
		}
	}
}
