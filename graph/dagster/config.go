package dagster

import (
	"path"
	"regexp"

	"delint/graph"
	"delint/parsers"
)

var (
	runRetries = regexp.MustCompile(`run_retries:\s*(?:#[^\n]*)?\n(?:\s+[^\n]*\n)*?\s+enabled:\s*true`)
	opPolicy   = regexp.MustCompile(`\bop_retry_policy\s*=|["']?dagster/max_retries["']?\s*:`)
)

// config records whether the deployment, or jobs of the module, try their steps again.
func config(f *parsers.File, facts *graph.Facts) {
	switch path.Base(f.Path) {
	case "dagster.yaml", "deployment_settings.yaml", "dagster_cloud.yaml":
		if runRetries.Match(f.Text) {
			facts.Settings = append(facts.Settings, graph.SettingFact{Tool: "dagster", Key: "retries", Value: []string{"run"}, Span: f.Span(0, 0)})
		}
		return
	}
	if path.Ext(f.Path) == ".py" && f.Mentions("op_retry_policy", "dagster/max_retries") && f.Mentions("dagster") {
		if m := opPolicy.FindIndex(f.Text); m != nil {
			facts.Settings = append(facts.Settings, graph.SettingFact{Tool: "dagster", Key: "retries", Value: []string{"job"}, Span: f.Span(m[0], m[0])})
		}
	}
}
