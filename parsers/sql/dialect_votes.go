package sql

import (
	"strings"

	"delint/parsers"
)

// A vote of 3 decides alone: no other dialect writes it. Lower ones add up.

// functionVotes are functions by the dialect that has them.
var functionVotes = map[string]vote{
	"safe_cast": {DialectBigQuery, 3}, "safe_divide": {DialectBigQuery, 3}, "safe_offset": {DialectBigQuery, 3},
	"generate_date_array": {DialectBigQuery, 3}, "parse_date": {DialectBigQuery, 1}, "format_date": {DialectBigQuery, 1},
	"timestamp_diff": {DialectBigQuery, 1}, "farm_fingerprint": {DialectBigQuery, 3}, "countif": {DialectBigQuery, 1},
	"timestamp_trunc": {DialectBigQuery, 1}, "logical_or": {DialectBigQuery, 2}, "logical_and": {DialectBigQuery, 2},
	"iff": {DialectSnowflake, 3}, "flatten": {DialectSnowflake, 1}, "try_parse_json": {DialectSnowflake, 3}, "object_construct": {DialectSnowflake, 3},
	"array_construct": {DialectSnowflake, 3}, "to_variant": {DialectSnowflake, 3}, "convert_timezone": {DialectSnowflake, 1},
	"try_to_number": {DialectSnowflake, 3}, "to_timestamp_ntz": {DialectSnowflake, 3}, "zeroifnull": {DialectSnowflake, 1},
	"div0": {DialectSnowflake, 3}, "result_scan": {DialectSnowflake, 3}, "parse_json": {DialectSnowflake, 1},
	"from_unixtime": {"lakehouse", 1}, "explode": {"lakehouse", 2}, "posexplode": {"lakehouse", 3}, "collect_list": {"lakehouse", 3},
	"collect_set": {"lakehouse", 3}, "get_json_object": {"lakehouse", 3}, "from_json": {"lakehouse", 1}, "read_files": {DialectDatabricks, 3},
	"cloud_files": {DialectDatabricks, 3}, "read_parquet": {DialectDuckDB, 3}, "read_csv_auto": {DialectDuckDB, 3},
	"read_csv": {DialectDuckDB, 3}, "read_json_auto": {DialectDuckDB, 3}, "list_transform": {DialectDuckDB, 3}, "struct_pack": {DialectDuckDB, 3},
	"list_aggregate": {DialectDuckDB, 3}, "strptime": {DialectDuckDB, 2}, "iceberg_scan": {DialectDuckDB, 3}, "delta_scan": {DialectDuckDB, 3},
	"getdate": {DialectTSQL, 1}, "isnull": {DialectTSQL, 1}, "charindex": {DialectTSQL, 1}, "object_id": {DialectTSQL, 3},
	"sysdatetime": {DialectTSQL, 3}, "scope_identity": {DialectTSQL, 3}, "quotename": {DialectTSQL, 3}, "datepart": {DialectTSQL, 1},
	"nullable": {DialectClickHouse, 3}, "lowcardinality": {DialectClickHouse, 3}, "todate": {DialectClickHouse, 1}, "tostartofhour": {DialectClickHouse, 3},
	"tostartofday": {DialectClickHouse, 3}, "toyyyymm": {DialectClickHouse, 3}, "argmax": {DialectClickHouse, 1}, "mergetree": {DialectClickHouse, 3},
	"replacingmergetree": {DialectClickHouse, 3}, "summingmergetree": {DialectClickHouse, 3}, "aggregatingmergetree": {DialectClickHouse, 3},
	"datetime64": {DialectClickHouse, 3}, "tostring": {DialectClickHouse, 1}, "uniqexact": {DialectClickHouse, 3}, "countstate": {DialectClickHouse, 3},
	"jsonb_build_object": {DialectPostgres, 3}, "jsonb_agg": {DialectPostgres, 3}, "regexp_matches": {DialectPostgres, 1},
	"pg_size_pretty": {DialectPostgres, 3}, "to_regclass": {DialectPostgres, 3}, "gen_random_uuid": {DialectPostgres, 2},
	"currval": {DialectPostgres, 1}, "setval": {DialectPostgres, 3}, "pg_get_serial_sequence": {DialectPostgres, 3}, "create_hypertable": {DialectPostgres, 3},
	"group_concat": {DialectMySQL, 1}, "str_to_date": {DialectMySQL, 3}, "ifnull": {DialectMySQL, 0},
	"nvl2": {DialectOracle, 1}, "to_clob": {DialectOracle, 3}, "varchar2": {DialectOracle, 3},
	"date_parse": {DialectTrino, 3}, "from_iso8601_timestamp": {DialectTrino, 3}, "from_iso8601_date": {DialectTrino, 3},
	"date_format": {DialectTrino, 0}, "approx_distinct": {DialectTrino, 2}, "json_extract_scalar": {DialectTrino, 1}, "to_iso8601": {DialectTrino, 3},
	"nvarchar": {DialectTSQL, 3}, "diststyle": {DialectRedshift, 3}, "distkey": {DialectRedshift, 3}, "sortkey": {DialectRedshift, 3},
	"json_extract_path_text": {DialectRedshift, 2}, "julianday": {DialectSQLite, 3},
}

// wordVotes are bare words.
var wordVotes = map[string]vote{
	"int64": {DialectBigQuery, 2}, "float64": {DialectBigQuery, 2}, "variant": {DialectSnowflake, 2}, "timestamp_ntz": {DialectSnowflake, 2},
	"timestamp_tz": {DialectSnowflake, 2}, "file_format": {DialectSnowflake, 1}, "tblproperties": {"lakehouse", 3}, "zorder": {DialectDatabricks, 3},
	"nvarchar": {DialectTSQL, 3}, "uniqueidentifier": {DialectTSQL, 3}, "nocount": {DialectTSQL, 3}, "nolock": {DialectTSQL, 3}, "datetime2": {DialectTSQL, 3},
	"diststyle": {DialectRedshift, 3}, "distkey": {DialectRedshift, 3}, "sortkey": {DialectRedshift, 3}, "prewhere": {DialectClickHouse, 3},
	"mergetree": {DialectClickHouse, 3}, "datetime64": {DialectClickHouse, 3}, "plpgsql": {DialectPostgres, 3}, "jsonb": {DialectPostgres, 2},
	"bigserial": {DialectPostgres, 3}, "serial": {DialectPostgres, 2}, "timestamptz": {DialectPostgres, 1}, "regclass": {DialectPostgres, 3},
	"bytea": {DialectPostgres, 3}, "tsvector": {DialectPostgres, 3}, "auto_increment": {DialectMySQL, 3}, "innodb": {DialectMySQL, 3},
	"unsigned": {DialectMySQL, 2}, "mediumtext": {DialectMySQL, 3}, "longtext": {DialectMySQL, 3}, "autoincrement": {DialectSQLite, 2},
	"pragma": {DialectSQLite, 3}, "varchar2": {DialectOracle, 3}, "dual": {DialectOracle, 1}, "sysdate": {DialectOracle, 1},
	"rownum": {DialectOracle, 2}, "multiset": {DialectTeradata, 1},
}

type vote struct {
	dialect string
	n       int
}

// votesOf counts what one node says.
func votesOf(n parsers.Node, votes map[string]int) {
	switch n.Kind() {
	case Call:
		if f := n.Field(Function); f.Is(Name) && f.End()-f.Start() < 24 {
			var lower [24]byte
			v := functionVotes[string(lowered(lower[:0], f.Bytes()))] // no allocation: a scan asks for every word
			votes[v.dialect] += v.n
			if v.dialect == DialectSnowflake && v.n == 1 && n.Field(Arguments).Child(Item).FirstNamed().NextSibling().Text() == "=>" {
				votes[DialectSnowflake] += 2 // FLATTEN(input => …)
			}
		}
	case Name:
		nameVotes(n, votes)
	case NamePart:
		if b := n.Bytes(); len(b) > 1 && b[0] == ':' {
			votes[DialectSnowflake]++
		}
	case JoinOperator:
		if strings.HasPrefix(strings.ToLower(n.Text()), "lateral") {
			votes["lakehouse"] += 3
		}
	case Quantifier:
		switch b := strings.ToLower(n.Text()); {
		case strings.HasPrefix(b, "top"):
			votes[DialectTSQL] += 2
		case strings.HasPrefix(b, "as"):
			votes[DialectBigQuery] += 3 // SELECT AS STRUCT
		}
	case String:
		if b := n.Bytes(); len(b) > 1 && (b[0] == 'N' || b[0] == 'n') && b[1] == '\'' {
			votes[DialectTSQL] += 2
		}
	case FromClause:
		if isPivotStatement(n) {
			votes[DialectDuckDB] += 3
		}
	case Operator:
		if n.End()-n.Start() == 3 && n.Text() == "->>" {
			votes[DialectPostgres]++
		}
	}
}

func nameVotes(n parsers.Node, votes map[string]int) {
	b := n.Bytes()
	switch {
	case len(b) == 0:
	case b[0] == '`':
		inner := strings.Trim(string(b), "`")
		switch {
		case strings.Contains(inner, "`"): // `a`.`b`
			votes[DialectMySQL]++
			votes["lakehouse"]++
		case strings.Count(inner, ".") > 0 && !strings.ContainsAny(inner, " /{"):
			votes[DialectBigQuery] += 3
		}
	case b[0] == '[' || strings.HasSuffix(string(b), "]"):
		votes[DialectTSQL] += 2
	case b[0] == '#':
		votes[DialectTSQL] += 3
	case len(b) > 4 && strings.EqualFold(string(b[:4]), "dbo."):
		votes[DialectTSQL] += 3
	case len(b) <= 16:
		var lower [24]byte
		v := wordVotes[string(lowered(lower[:0], b))]
		votes[v.dialect] += v.n
	}
}

// lowered appends the ASCII text in lower case.
func lowered(to, text []byte) []byte {
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}
