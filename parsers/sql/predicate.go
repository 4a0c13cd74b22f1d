package sql

import "strings"

// Determinism says whether a function gives the same value when a query is run again.
type Determinism uint8

// The kinds of functions by what they give when they run again.
const (
	Deterministic Determinism = iota
	Clock                     // the time of the run
	Random                    // another value at each call
)

// String is the word for it in notes.
func (d Determinism) String() string { return [...]string{"deterministic", "clock", "random"}[d] }

// DeterminismOf is what a function, given in lower case, depends on in a dialect (sqlglot's spelling; empty: any). arguments is
// how many it is given: Snowflake's and Spark's RANDOM(1) with a seed repeats itself, DATE(x) reads no clock.
func DeterminismOf(function, dialect string, arguments int) Determinism {
	f, ok := volatile[function]
	if !ok || f.bare && arguments > 0 || f.dialects != "" && dialect != "" && !strings.Contains(f.dialects, dialect) || f.dialects != "" && dialect == "" && f.only {
		return Deterministic
	}
	return f.kind
}

// volatility is one row of the table of functions that depend on more than their arguments.
type volatility struct {
	kind Determinism
	// bare: only without arguments.
	bare bool
	// dialects that have it; empty for all. only: where the dialect is not known it is another function.
	dialects string
	only     bool
}

var volatile = map[string]volatility{
	"current_date": {kind: Clock}, "current_time": {kind: Clock}, "current_timestamp": {kind: Clock}, "current_datetime": {kind: Clock},
	"localtime": {kind: Clock}, "localtimestamp": {kind: Clock}, "now": {kind: Clock, bare: true}, "getdate": {kind: Clock, bare: true},
	"getutcdate": {kind: Clock, bare: true}, "sysdate": {kind: Clock, bare: true}, "sysdatetime": {kind: Clock, bare: true},
	"sysutcdatetime": {kind: Clock, bare: true}, "sysdatetimeoffset": {kind: Clock, bare: true}, "systimestamp": {kind: Clock, bare: true},
	"today": {kind: Clock, bare: true}, "yesterday": {kind: Clock, bare: true, dialects: "clickhouse"}, "now64": {kind: Clock},
	"clock_timestamp": {kind: Clock, bare: true}, "statement_timestamp": {kind: Clock, bare: true}, "transaction_timestamp": {kind: Clock, bare: true},
	"timeofday": {kind: Clock, bare: true}, "curdate": {kind: Clock, bare: true}, "curtime": {kind: Clock, bare: true},
	"utc_date": {kind: Clock, bare: true}, "utc_time": {kind: Clock, bare: true}, "utc_timestamp": {kind: Clock, bare: true},
	"unix_timestamp": {kind: Clock, bare: true}, "get_current_timestamp": {kind: Clock, bare: true}, "get_current_time": {kind: Clock, bare: true},
	"current_localtimestamp": {kind: Clock, bare: true}, "utctimestamp": {kind: Clock, bare: true},

	"rand": {kind: Random, bare: true}, "random": {kind: Random, bare: true}, "rand32": {kind: Random}, "rand64": {kind: Random}, "randn": {kind: Random, bare: true},
	"uuid": {kind: Random, bare: true}, "uuid_string": {kind: Random, bare: true}, "generate_uuid": {kind: Random}, "gen_random_uuid": {kind: Random},
	"generateuuidv4": {kind: Random}, "uuid_generate_v1": {kind: Random}, "uuid_generate_v4": {kind: Random}, "newid": {kind: Random}, "newsequentialid": {kind: Random},
	"uuidv4": {kind: Random}, "uuidv7": {kind: Random}, "randstr": {kind: Random}, "gen_random_bytes": {kind: Random}, "randomblob": {kind: Random},
	"monotonically_increasing_id": {kind: Random}, "uniform": {kind: Random, dialects: "spark databricks", only: true},
}

// IsAggregateFunction reports whether a function, in lower case, computes one value of several rows.
func IsAggregateFunction(name string) bool {
	if aggregates[name] {
		return true
	}
	for _, prefix := range [...]string{"approx_", "array_agg", "regr_", "hll_", "percentile_", "bool_", "bit_and_agg", "logical_", "quantile", "group_bit"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return strings.HasSuffix(name, "_agg")
}

var aggregates = set(`count sum avg min max mean median mode stddev stddev_pop stddev_samp variance var_pop var_samp var stdev corr covar_pop
	covar_samp string_agg listagg group_concat array_concat_agg any_value arbitrary first last count_if countif sum_if sumif avgif max_by min_by
	argmax argmin arg_max arg_min collect_list collect_set every some any grouping kurtosis skewness entropy histogram list object_agg
	map_agg json_group_array json_group_object checksum count_distinct uniq uniqexact topk grouparray groupuniqarray anylast sumdistinct
	bitand_agg bitor_agg bitxor_agg bit_and bit_or bit_xor product favg fsum string_agg_distinct boolor_agg booland_agg measure ratio_to_report`)

// IsWindowFunction reports whether a function, in lower case, has a meaning only with OVER.
func IsWindowFunction(name string) bool { return windows[name] }

var windows = set(`row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value conditional_change_event
	conditional_true_event`)

// bareFunctions are called without brackets.
var bareFunctions = set(`current_date current_time current_timestamp current_datetime current_user session_user localtime localtimestamp sysdate
	systimestamp current_role current_catalog current_schema utc_date utc_time utc_timestamp`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

var dateParts = set(`microsecond microseconds millisecond milliseconds nanosecond nanoseconds second seconds minute minutes hour hours day days week
	weeks isoweek month months quarter quarters year years isoyear decade century millennium dayofweek dayofyear dow doy epoch
	yy yyyy qq mm dd hh mi ss ms us ns mon yyy y q m d h s w wk dw dy weekday weekofyear dayofmonth dayofweekiso dayofweek_iso week_iso
	weekiso yearofweek timezone_hour timezone_minute epoch_second epoch_millisecond isodow`)

func isDatePart(word string) bool { return dateParts[word] }

// datePartPlace says where a function of so many arguments takes the part of a date as a bare word.
func datePartPlace(name string, arguments int) (first, last bool) {
	switch name {
	case "dateadd", "datediff", "date_part", "timestampadd", "timestampdiff", "datename", "datepart", "timediff", "timeadd", "datediff_big":
		return true, false
	case "date_add", "date_sub", "date_diff", "datetime_diff", "timestamp_diff", "time_diff":
		return arguments == 3, arguments == 3
	case "last_day", "trunc":
		return false, arguments == 2
	}
	trunc := strings.HasSuffix(name, "_trunc") && arguments > 1
	return trunc, trunc
}
