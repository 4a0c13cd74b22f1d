package sqlmesh

import "strings"

// The tables below are what SQLMesh 0.236 accepts, read off its classes.

// Keys are the properties that a MODEL block may have.
var Keys = fields(`name project kind audits dialect owner stamp tags cron cron_tz interval_unit start end description
	column_descriptions grain grains references depends_on table_format storage_format partitioned_by clustered_by columns
	physical_properties virtual_properties session_properties table_properties allow_partials enabled physical_version gateway
	optimize_query ignored_rules formatting signals blueprints virtual_environment_mode grants grants_target_layer retention
	physical_schema_override`)

// Kind is what the options of a model kind must and may be.
type Kind struct {
	Required, Optional []string
}

const (
	incremental = "on_destructive_change on_additive_change auto_restatement_cron disable_restatement forward_only "
	byBatches   = incremental + "dialect batch_size batch_concurrency lookback "
	scd         = incremental + "dialect valid_from_name valid_to_name invalidate_hard_deletes time_data_type batch_size "
)

// Kinds are the kinds of models by name.
var Kinds = map[string]Kind{
	"VIEW":                      {nil, fields("materialized")},
	"FULL":                      {},
	"EMBEDDED":                  {},
	"EXTERNAL":                  {},
	"MANAGED":                   {nil, fields("disable_restatement")},
	"SEED":                      {fields("path"), fields("batch_size csv_settings")},
	"INCREMENTAL_BY_TIME_RANGE": {fields("time_column"), fields(byBatches + "auto_restatement_intervals partition_by_time_column")},
	"INCREMENTAL_BY_UNIQUE_KEY": {fields("unique_key"), fields(byBatches + "when_matched merge_filter")},
	"INCREMENTAL_BY_PARTITION":  {nil, fields(incremental)},
	"INCREMENTAL_UNMANAGED":     {nil, fields(incremental + "insert_overwrite")},
	"SCD_TYPE_2":                {fields("unique_key"), fields(scd + "updated_at_name updated_at_as_valid_from")},
	"SCD_TYPE_2_BY_TIME":        {fields("unique_key"), fields(scd + "updated_at_name updated_at_as_valid_from")},
	"SCD_TYPE_2_BY_COLUMN":      {fields("unique_key columns"), fields(scd + "execution_time_as_valid_from updated_at_name")},
}

// OpenKinds are kinds whose options a project's own classes, or dbt, decide.
var OpenKinds = map[string]bool{"CUSTOM": true, "DBT_CUSTOM": true}

// LinterRules are the rules of SQLMesh's own linter.
var LinterRules = fields(`noselectstar invalidselectstarexpansion ambiguousorinvalidcolumn nomissingaudits nomissingunittest
	nomissingexternalmodels noambiguousprojections`)

// BuiltinAudits are the audits that every project has; each has a copy whose name ends in _non_blocking.
var BuiltinAudits = fields(`not_null unique_values accepted_values number_of_rows forall accepted_range at_least_one
	not_constant not_empty_string not_null_proportion not_accepted_values sequential_values unique_combination_of_columns
	mutually_exclusive_ranges valid_uuid valid_url valid_http_method valid_email match_regex_pattern_list
	not_match_regex_pattern_list match_like_pattern_list not_match_like_pattern_list z_score string_length_between
	string_length_equal stddev_in_range mean_in_range kl_divergence chi_square`)

// builtinMacros are the macro functions that every project has, in lower case.
var builtinMacros = set(fields(`each if reduce filter with join where group_by having order_by limit eval star
	generate_surrogate_key safe_add safe_sub safe_div union haversine_distance pivot and or var blueprint_var deduplicate
	date_spine resolve_template def sql macro`))

// builtinVariables are the macro variables that every model has, in lower case.
var builtinVariables = set(fields(`this_model this_env runtime_stage gateway schemas views model_kind_name physical_schema
	environment_naming_info deployability_index snapshots engine_adapter`))

// IsTemporal reports whether a macro variable is a bound of the interval that a run loads, and which: start, end, execution.
func IsTemporal(name string) (bound, form string, ok bool) {
	name = strings.ToLower(strings.Trim(strings.TrimPrefix(name, "@"), "{}"))
	bound, form, _ = strings.Cut(name, "_")
	switch bound {
	case "start", "end", "execution":
	case "latest": // of old versions
	default:
		return "", "", false
	}
	switch form {
	case "dt", "dtntz", "date", "ds", "ts", "tstz", "hour", "epoch", "millis":
		return bound, form, true
	}
	return "", "", false
}

func fields(s string) []string { return strings.Fields(s) }

func set(words []string) map[string]bool {
	out := make(map[string]bool, len(words))
	for _, w := range words {
		out[w] = true
	}
	return out
}
