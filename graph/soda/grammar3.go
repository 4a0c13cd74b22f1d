package soda

// The keys of SodaCL, by what they stand under. Checked against soda-core 3.5.6.
var (
	validityKeys = []string{
		"valid values", "invalid values", "valid format", "invalid format", "valid regex", "invalid regex", "valid min", "valid max",
		"valid length", "valid min length", "valid max length",
	}
	missingKeys = []string{"missing values", "missing format", "missing regex", "include null"}
	metricKeys  = append(append([]string{
		"name", "identity", "warn", "fail", "filter", "samples limit", "attributes", "method", "condition", "failed rows query",
		"failed rows sql_file",
	}, missingKeys...), validityKeys...)
	anomalyKeys = []string{
		"model", "training_dataset_parameters", "severity_level_parameters", "take_over_existing_anomaly_score_check", "warn_only",
	}
	schemaKeys      = []string{"name", "identity", "warn", "fail", "attributes"}
	schemaBodyKeys  = []string{"when required column missing", "when forbidden column present", "when wrong column type", "when wrong column index", "when mismatching columns", "with optional columns", "when schema changes"}
	groupKeys       = []string{"name", "identity", "warn", "fail", "attributes", "query"}
	groupBodyKeys   = []string{"when required group missing", "when forbidden group present", "when groups change"}
	failedRowsKeys  = []string{"name", "warn", "fail", "fail condition", "fail query", "samples limit", "attributes"}
	comparisonKeys  = []string{"name", "attributes", "identity"}
	referenceKeys   = []string{"name", "samples limit", "attributes", "identity"}
	schemaChanges   = []string{"column add", "column delete", "column type change", "column index change"}
	groupChanges    = []string{"group add", "group delete"}
	sectionHeaders  = []string{"checks for", "for each dataset", "filter", "configurations for", "discover datasets", "profile columns", "sample datasets", "automated monitoring", "checks", "variables"}
	libraryKeys     = []string{"samples columns"} // Soda Library reads them, Soda Core does not
	librarySections = []string{"reconciliation "}
)

// arity is how many arguments a metric takes; -1 for any number.
type arity struct{ least, most int }

// metrics is every metric of Soda Core 3 that needs no expression of its own. What more arguments than most do is a warning.
var metrics = map[string]arity{
	"row_count": {0, -1}, "missing_count": {1, 1}, "missing_percent": {1, 1}, "invalid_count": {1, 1}, "invalid_percent": {1, 1},
	"valid_count": {1, 1}, "duplicate_count": {1, -1}, "duplicate_percent": {1, -1}, "min": {1, 1}, "max": {1, 1}, "avg": {1, 1},
	"sum": {1, 1}, "min_length": {1, 1}, "max_length": {1, 1}, "avg_length": {1, 1}, "freshness": {1, 2},
	"distribution_difference": {1, 2}, "stddev": {1, 1}, "stddev_pop": {1, 1}, "stddev_samp": {1, 1}, "variance": {1, 1},
	"var_pop": {1, 1}, "var_samp": {1, 1}, "percentile": {2, 2}, "percentile_disc": {2, 2},
}

// formats is what valid format and its kin may name.
var formats = []string{
	"integer", "positive integer", "negative integer", "decimal", "positive decimal", "negative decimal", "decimal point",
	"positive decimal point", "negative decimal point", "decimal comma", "positive decimal comma", "negative decimal comma",
	"percentage", "positive percentage", "negative percentage", "percentage point", "positive percentage point",
	"negative percentage point", "percentage comma", "positive percentage comma", "negative percentage comma", "money",
	"money point", "money comma", "date us", "date eu", "date inverse", "date iso 8601", "time 24h", "time 24h nosec", "time 12h",
	"time 12h nosec", "timestamp 24h", "timestamp 12h", "uuid", "ip address", "ipv4 address", "ipv6 address", "email",
	"phone number", "credit card number",
}
