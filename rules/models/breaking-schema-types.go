package models

import (
	"regexp"
	"strconv"
	"strings"
)

// families holds the type families of the dialects, by the type's first word.
var families = map[string]string{}

// widths orders the types of a family that have a fixed width, from the narrowest.
var widths = map[string]int{}

var _ = func() bool {
	for family, words := range map[string]string{
		"int":         "tinyint byteint smallint int2 int16 integer int int4 int32 mediumint bigint int8 int64 long hugeint serial bigserial short byte",
		"decimal":     "decimal numeric number dec bignumeric money",
		"float":       "float float4 float8 float32 float64 double real",
		"string":      "string text varchar char character nvarchar nchar clob longtext mediumtext bpchar citext fixedstring",
		"bool":        "bool boolean bit",
		"date":        "date date32",
		"timestamp":   "timestamp datetime timestamp_ntz datetime2 timestamp_s timestamp_ms datetime64",
		"timestamptz": "timestamptz timestamp_tz timestamp_ltz datetimeoffset",
		"time":        "time timetz",
		"json":        "json jsonb variant super object",
		"binary":      "binary varbinary bytea bytes blob",
		"array":       "array list",
		"struct":      "struct record row map",
		"uuid":        "uuid uniqueidentifier",
	} {
		for _, w := range strings.Fields(words) {
			families[w] = family
		}
	}
	for i, words := range []string{"tinyint byteint byte", "smallint int2 int16 short", "integer int int4 int32 mediumint serial", "bigint int8 int64 long bigserial", "hugeint"} {
		for _, w := range strings.Fields(words) {
			widths[w] = i + 1
		}
	}
	for i, words := range []string{"float4 float32 real", "double float8 float64"} {
		for _, w := range strings.Fields(words) {
			widths[w] = i + 1
		}
	}
	return true
}()

var typeText = regexp.MustCompile(`^\s*([A-Za-z_]\w*)(?:\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?`)

// narrowed reports whether a value of one type may not fit the other: another family, or less room. Types that are not known
// are never narrower.
func narrowed(from, to string) bool {
	a, b := typeText.FindStringSubmatch(strings.ToLower(from)), typeText.FindStringSubmatch(strings.ToLower(to))
	if a == nil || b == nil || families[a[1]] == "" || families[b[1]] == "" {
		return false
	}
	if fa, fb := families[a[1]], families[b[1]]; fa != fb {
		return !(fa == "int" && (fb == "decimal" || fb == "float") || fb == "string" && fa == "uuid" || fa == "date" && strings.HasPrefix(fb, "timestamp"))
	}
	if widths[a[1]] > 0 && widths[b[1]] > 0 {
		return widths[b[1]] < widths[a[1]]
	}
	size := func(m []string, i int) int { n, _ := strconv.Atoi(m[i]); return n }
	if b[2] == "" {
		return false
	}
	if a[2] == "" {
		return families[a[1]] == "string" // text to varchar(10)
	}
	return size(b, 2)-size(b, 3) < size(a, 2)-size(a, 3) || size(b, 3) < size(a, 3)
}
