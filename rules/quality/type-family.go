package quality

import (
	"regexp"
	"strings"
)

// families maps the types of the engines and of contracts to what they hold. A word that means different things in different
// engines has no family, or one that is like several.
var families = func() map[string]string {
	out := map[string]string{}
	for family, words := range map[string]string{
		"int":         "int int2 int4 int8 int16 int32 int64 integer bigint smallint tinyint byteint mediumint serial bigserial long short uint8 uint16 uint32 uint64",
		"decimal":     "decimal numeric bignumeric money",
		"number":      "number", // any of the numbers
		"float":       "float float4 float8 float32 float64 double real",
		"string":      "string varchar varchar2 nvarchar char nchar bpchar character text ntext clob uuid enum",
		"bool":        "bool boolean bit",
		"date":        "date date32",
		"time":        "time",
		"timestamp":   "timestamp", // with or without a zone, by engine
		"naive":       "datetime datetime2 timestamp_ntz timestampntz datetime64 smalldatetime",
		"timestamptz": "timestamptz timestamp_tz timestamp_ltz timestampltz datetimeoffset",
		"json":        "json jsonb variant super",
		"binary":      "bytes binary varbinary bytea blob",
		"array":       "array list",
		"struct":      "struct record row object map",
	} {
		for _, w := range strings.Fields(words) {
			out[w] = family
		}
	}
	return out
}()

var typeWord = regexp.MustCompile(`^[a-z_][a-z0-9_]*`)

// family is what a type holds, without width and precision; empty for one that is not known.
func family(kind string) string {
	kind = strings.ToLower(strings.TrimSpace(kind))
	switch {
	case strings.HasSuffix(kind, "[]"):
		return "array"
	case strings.Contains(kind, "with time zone") || strings.Contains(kind, "with local time zone"):
		return "timestamptz"
	case strings.Contains(kind, "without time zone"):
		return "naive"
	}
	return families[typeWord.FindString(kind)]
}

// alike reports whether two families may be the same type in some engine.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if a > b {
		a, b = b, a
	}
	switch a + " " + b {
	case "int number", "decimal number", "float number", "decimal int", "naive timestamp", "timestamp timestamptz", "json struct", "array json",
		"json string":
		return true
	}
	return false
}
