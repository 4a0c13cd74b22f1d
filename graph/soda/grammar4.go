package soda

// The keys of contracts of version 4. Checked against soda-core 4.28.0: its JSON schema, and the keys that its engine reads.
var (
	contractKeys  = []string{"kind", "dataset", "description", "filter", "variables", "soda_runner", "soda_agent", "scopes", "columns", "checks", "check_attributes", "reconciliation"}
	validityKeys4 = []string{"valid_values", "valid_format", "invalid_values", "invalid_format", "valid_length", "valid_min_length", "valid_max_length", "valid_min", "valid_max", "valid_reference_data"}
	missingKeys4  = []string{"missing_values", "missing_format"}
	columnKeys    = append(append([]string{"name", "description", "data_type", "character_maximum_length", "numeric_precision", "numeric_scale", "datetime_precision", "optional", "column_expression", "checks"}, validityKeys4...), missingKeys4...)
	commonKeys    = []string{"name", "qualifier", "scope", "attributes", "filter", "threshold", "store_failed_rows", "column_expression"}
	scopeKeys     = []string{"name", "description", "filter", "schedule", "check_attributes"}
	variableKeys  = []string{"default", "type", "required"}

	comparisonKeys4 = []string{"must_be", "must_not_be", "must_be_greater_than", "must_be_greater_than_or_equal", "must_be_less_than", "must_be_less_than_or_equal", "must_be_between", "must_be_not_between"}
	thresholdKeys   = append([]string{"metric", "unit", "level", "additional"}, comparisonKeys4...)
	rangeKeys       = []string{"greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"}
	functions       = []string{"avg", "sum", "min", "max", "minLength", "maxLength", "avgLength", "min_length", "max_length", "avg_length"}
)

// checkType is what a type of check may hold.
type checkType struct {
	capability string
	// keys beside the common ones.
	keys []string
	// metrics and units that its threshold may name; nil for none.
	metrics, units []string
	// threshold says that it has no default threshold.
	threshold bool
	// dataset and column say where it may stand.
	dataset, column bool
}

var (
	countOrPercent = []string{"count", "percent"}
	ages           = []string{"minute", "hour", "day"}
	withValidity   = append(append([]string(nil), validityKeys4...), missingKeys4...)
)

var checkTypes = map[string]checkType{
	"schema":      {capability: "schema", keys: []string{"allow_extra_columns", "allow_other_column_order"}, dataset: true},
	"row_count":   {capability: "volume", dataset: true},
	"missing":     {capability: "completeness", keys: missingKeys4, metrics: countOrPercent, column: true},
	"invalid":     {capability: "validity", keys: withValidity, metrics: countOrPercent, column: true},
	"duplicate":   {capability: "uniqueness", keys: append([]string{"columns"}, withValidity...), metrics: countOrPercent, dataset: true, column: true},
	"aggregate":   {capability: "distribution", keys: append([]string{"function"}, withValidity...), metrics: countOrPercent, threshold: true, column: true},
	"metric":      {capability: "custom", keys: append([]string{"expression", "query"}, withValidity...), metrics: countOrPercent, threshold: true, dataset: true, column: true},
	"freshness":   {capability: "freshness", keys: []string{"column", "now_variable"}, metrics: countOrPercent, units: ages, threshold: true, dataset: true},
	"failed_rows": {capability: "custom", keys: []string{"expression", "query", "keys_query", "key_column_mapping", "rows_tested_query"}, metrics: countOrPercent, dataset: true, column: true},
}

func contractCheckTypes() []string { return keys(checkTypes) }

// since is the minor version of soda-core 4 whose schema knew a key first, by "check.key", "threshold.key" or "contract.key".
// What is not listed has been there from 4.0.
var since = map[string]int{
	"failed_rows.rows_tested_query": 5, "contract.soda_runner": 12, "failed_rows.keys_query": 18, "failed_rows.key_column_mapping": 18,
	"threshold.additional": 22, "contract.scopes": 22, "check.scope": 22,
}

// types4 is the type that the engine wants of a key, wherever it stands.
var types4 = map[string]string{
	"name": "text", "description": "text", "filter": "text", "data_type": "text", "column_expression": "text", "expression": "text",
	"query": "text", "keys_query": "text", "rows_tested_query": "text", "column": "text", "function": "text", "level": "text",
	"metric": "text", "unit": "text", "attributes": "a mapping", "check_attributes": "a mapping", "threshold": "a mapping",
	"variables": "a mapping", "scopes": "a mapping", "additional": "a mapping", "valid_format": "a mapping", "invalid_format": "a mapping",
	"missing_format": "a mapping", "valid_reference_data": "a mapping", "key_column_mapping": "a mapping", "must_be_between": "a mapping",
	"must_be_not_between": "a mapping", "valid_values": "a list", "invalid_values": "a list", "missing_values": "a list",
	"checks": "a list", "columns": "a list", "valid_min": "a number", "valid_max": "a number", "valid_length": "a number",
	"valid_min_length": "a number", "valid_max_length": "a number", "must_be": "a number", "must_not_be": "a number",
	"must_be_greater_than": "a number", "must_be_greater_than_or_equal": "a number", "must_be_less_than": "a number",
	"must_be_less_than_or_equal": "a number", "greater_than": "a number", "greater_than_or_equal": "a number", "less_than": "a number",
	"less_than_or_equal": "a number", "character_maximum_length": "a number", "numeric_precision": "a number",
	"numeric_scale": "a number", "datetime_precision": "a number", "store_failed_rows": "a boolean", "allow_extra_columns": "a boolean",
	"allow_other_column_order": "a boolean",
}
