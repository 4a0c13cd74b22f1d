package configuration

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// HardcodedEnvironmentValue reports texts in code that name one deployment's things: a bucket, a host, an account, a path of
// a machine, a database with an environment in its name.
var HardcodedEnvironmentValue = rules.Python(rules.Rule{
	Name:     "hardcoded-environment-value",
	Severity: rules.Medium,
	Class:    rules.Maintainability,
	Topic:    "best-practices/code-quality",
	Sentence: "Design code as parameterizable and configurable, not hardcoded",
	Collapsed: func(n int) string {
		return fmt.Sprintf("%d values of one environment are written into this module", n)
	},
}, func(pass *rules.Pass, tree *python.Tree) {
	if pass.Role != graph.RoleSource || settingsFile(pass.File.Path) {
		return
	}
	seen := map[string]bool{}
	for n := range tree.All(python.String) {
		if n.Parent().Is(python.ConcatenatedString) || !worthFolding(n) {
			continue
		}
		what, value := environmentValue(pass.File, n)
		if what == "" || seen[value] || configured(pass.File, n) {
			continue
		}
		seen[value] = true
		f := pass.Report(n, "%s `%s` is written into the code", what, clip(value))
		f.Key, f.Collapse = value, "environment"
		switch {
		case what == "temporary path" || strings.HasPrefix(value, "/opt/"):
			f.Severity = rules.Low
		case production.MatchString(value) && !production.MatchString(pass.File.Path):
			f.Severity = rules.High
		}
	}
})

// settingsFile reports whether a module is where settings belong.
func settingsFile(p string) bool {
	name := strings.ToLower(path.Base(p))
	for _, word := range []string{"config", "conf", "settings", "constants", "constant", "const", "env", "environment", "defaults", "paths"} {
		if strings.HasPrefix(name, word) || strings.HasSuffix(strings.TrimSuffix(name, ".py"), "_"+word) {
			return true
		}
	}
	for segment := range strings.SplitSeq(path.Dir(p), "/") {
		if segment == "config" || segment == "settings" || segment == "configs" || segment == "conf" {
			return true
		}
	}
	return false
}

var (
	production = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:prod|prd|production)(?:$|[^a-z])`)
	stage      = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:prod|prd|production|dev|uat|qa)(?:$|[^a-z])`)

	objectStore = regexp.MustCompile(`^(?:s3[an]?|gc?s|abfss?|wasbs?|hdfs)://([^/` + python.Hole + `]+)`)
	dsn         = regexp.MustCompile(`^(?:jdbc:[a-z0-9]+|postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|oracle|mssql|clickhouse|trino|presto|hive|impala|kafka|ldaps?|s?ftps?|cassandra|couchbase|snowflake)(?:\+\w+)?://(?:[^/@:]*@)?((?:[a-z0-9-]+\.)+[a-z0-9-]+)(?::\d+)?(?:/|$)`)
	managed     = regexp.MustCompile(`(?i)^(?:https?://)?[a-z0-9.-]+\.(?:snowflakecomputing\.com|cloud\.databricks\.com|azuredatabricks\.net|rds\.amazonaws\.com|redshift\.amazonaws\.com|database\.windows\.net|cache\.amazonaws\.com)\b`)
	account     = regexp.MustCompile(`^arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:\d{12}:`)
	documented  = regexp.MustCompile(`:(?:123456789012|111122223333|444455556666|0{12}|1{12}):`) // the accounts of Amazon's own examples
	cluster     = regexp.MustCompile(`^\d{4}-\d{6}-[a-z0-9]{5,10}$`)
	brokers     = regexp.MustCompile(`^(?:[a-z0-9-]+\.)+[a-z0-9-]+:909[2-8](?:,|$)`)
	privateHost = regexp.MustCompile(`^(?:[a-z+:]+//)?(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?::\d+)?(?:/\D|/?$)`)
	machinePath = regexp.MustCompile(`^(?:/(?:home|Users|mnt|opt)/[\w.-]+|[A-Z]:[\\/]\w|/data/.*\.\w{1,7}$)`)
	imagePath   = regexp.MustCompile(`^/(?:opt/(?:airflow|dagster|spark|bitnami|ml|conda|prefect|app|homebrew|python|hadoop|hive|flink|aws|dbt)|home/(?:airflow|jovyan|hadoop|spark|dagster|astro|user|runner|glue_user))(?:/|$)`) // the same wherever the image runs
	tmpPath     = regexp.MustCompile(`^/tmp/[\w.-]`)
	standIn     = regexp.MustCompile(`(?i)^(?:my[-_]?|your[-_]?|the[-_]?|some[-_]?|example|sample|test[-_]?)?(?:bucket|container)?(?:[-_]?name)?$|example|placeholder|[<*{$%]|xxx|public|dummy|foo|^my[-_]|^your[-_]|127\.0\.0\.1|demo-bucket|^(?:dataproc-initialization-actions|goog-dataproc|spark-lib|hadoop-lib|elasticmapreduce|aws-glue|databricks-datasets|ws-assets-prod|ee-assets-prod|nyc-tlc|noaa-)`)
)

// worthFolding is a cheap look at a literal: prose and short words name nothing.
func worthFolding(n parsers.Node) bool {
	size := n.End() - n.Start()
	return size > 5 && size < 400 && !strings.ContainsAny(string(n.Bytes()[:min(size, 60)]), " \n\t")
}

// environmentValue says what a literal names, and the text of it; empty if nothing of one environment.
func environmentValue(f *parsers.File, n parsers.Node) (what, value string) {
	value, _, ok := python.Fold(f, n)
	if !ok || strings.ContainsAny(value, " \n\t") {
		return "", ""
	}
	shown := strings.ReplaceAll(value, python.Hole, "…")
	switch {
	case objectStore.MatchString(value):
		if standIn.MatchString(objectStore.FindStringSubmatch(value)[1]) {
			return "", ""
		}
		return "object store", shown
	case account.MatchString(value) && !documented.MatchString(value):
		return "account", shown
	case managed.MatchString(value), brokers.MatchString(value), privateHost.MatchString(value):
		if standIn.MatchString(value) || addressOf(f, n) {
			return "", ""
		}
		return "host", shown
	case dsn.MatchString(value):
		if standIn.MatchString(value) || strings.Contains(value, "$") || strings.Contains(value, "{") {
			return "", ""
		}
		return "connection", shown
	case cluster.MatchString(value):
		return "cluster", shown
	case machinePath.MatchString(value) && !imagePath.MatchString(value) && !strings.HasPrefix(value, "/data/"+python.Hole):
		return "path", shown
	case tmpPath.MatchString(value):
		return "temporary path", shown
	case stage.MatchString(value) && named(n) && !standIn.MatchString(value):
		return n.Parent().Field(python.Name).Text(), shown
	}
	return "", ""
}

// addressOf reports whether a literal is the address of whoever called, in an example of a record: "client_ip": "10.0.0.7".
func addressOf(f *parsers.File, n parsers.Node) bool {
	p := n.Parent()
	key, _, _ := python.Fold(f, p.Field(python.Key))
	return p.Is(python.Pair) && strings.HasSuffix(strings.ToLower(key), "ip")
}

// deploymentArgument is the keyword arguments, in lower case, whose value is a thing of one environment.
var deploymentArgument = regexp.MustCompile(`^(?:.*_)?(?:database|schema|bucket|bucket_name|project|project_id|catalog|conn_id|warehouse|dataset|dataset_id|cluster_name|cluster_id|account|host)$`)

// named reports whether a literal is the value of such a keyword argument.
func named(n parsers.Node) bool {
	p := n.Parent()
	return p.Is(python.KeywordArgument) && deploymentArgument.MatchString(strings.ToLower(p.Field(python.Name).Text()))
}

const shownWidth = 60

func clip(s string) string {
	if r := []rune(s); len(r) > shownWidth {
		return string(r[:shownWidth-1]) + "…"
	}
	return s
}
