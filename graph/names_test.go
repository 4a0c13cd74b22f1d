package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitName(t *testing.T) {
	for _, c := range []struct {
		in     string
		parts  []string
		quoted []bool
	}{
		{"orders", []string{"orders"}, []bool{false}},
		{"gold.orders", []string{"gold", "orders"}, []bool{false, false}},
		{`"A.B"."c"`, []string{"A.B", "c"}, []bool{true, true}},
		{"`proj-x.ds.t`", []string{"proj-x", "ds", "t"}, []bool{true, true, true}},
		{"`proj`.`ds`.t", []string{"proj", "ds", "t"}, []bool{true, true, false}},
		{"[dbo].[order lines]", []string{"dbo", "order lines"}, []bool{true, true}},
		{"", []string{""}, []bool{false}},
	} {
		parts, quoted := SplitName(c.in)
		if d := cmp.Diff(c.parts, parts) + cmp.Diff(c.quoted, quoted); d != "" {
			t.Errorf("SplitName(%q): %s", c.in, d)
		}
	}
}

func TestEvaluate(t *testing.T) {
	vars := map[string]string{"schema": "gold"}
	for in, want := range map[string]string{
		"gold.orders":                             "gold.orders",
		"{{ target.schema }}.orders":              Hole + ".orders",
		"{{ var('schema') }}.orders":              "gold.orders",
		"{{ var(\"other\", 'silver') }}.x":        "silver.x",
		"{{ env_var('DB', 'LAKE') }}.x":           "LAKE.x",
		"{{ env_var('DB') }}.x":                   Hole + ".x",
		"{{ 'literal' }}":                         "literal",
		"${SCHEMA}.x":                             Hole + ".x",
		"${env.SCHEMA:-raw}.x":                    "raw.x",
		"silver.@{tenant}_events":                 "silver." + Hole + "_events",
		"raw_{{ target.name }}.{{ broken":         "raw_" + Hole + ".{{ broken",
		"{{ generate('a') }}_{{ var('schema') }}": Hole + "_gold",
	} {
		if got := Evaluate(in, vars); got != want {
			t.Errorf("Evaluate(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ in, want []string }{
		{[]string{"GOLD", "Orders"}, []string{"gold", "orders"}},
		{[]string{"dev_gold", "orders"}, []string{"gold", "orders"}},
		{[]string{"gold_prod", "orders"}, []string{"gold", "orders"}},
		{[]string{"pr12_gold", "orders"}, []string{"gold", "orders"}},
		{[]string{"staging", "orders"}, []string{"staging", "orders"}}, // nothing but the word is a layer
		{[]string{"sushi__dev", "orders"}, []string{"sushi", "orders"}},
		{[]string{Hole + "_marts", "orders"}, []string{"marts", "orders"}},
		{[]string{"prod", Hole, "orders"}, []string{"orders"}}, // an unknown schema hides the catalog
		{[]string{"", "raw", "orders"}, []string{"raw", "orders"}},
		{[]string{"host", "lake", "raw", "orders"}, []string{"lake", "raw", "orders"}},
		{[]string{"raw", "dev_orders"}, []string{"raw", "dev_orders"}}, // the name's own part is never stripped
		{[]string{"raw", Hole}, nil},
		{[]string{"raw", Hole + "_" + Hole}, nil},
		{nil, nil},
	} {
		if d := cmp.Diff(c.want, Canonical(c.in)); d != "" {
			t.Errorf("Canonical(%q): %s", c.in, d)
		}
	}
}

func TestPathName(t *testing.T) {
	for in, want := range map[string]string{
		"s3://lake/gold/orders/ds=2026-01-01/": "s3://lake/gold/orders",
		"s3://lake/gold/orders/":               "s3://lake/gold/orders",
		"/mnt/gold/orders/" + Hole:             "/mnt/gold/orders",
		"s3://lake/gold/orders/*.parquet":      "s3://lake/gold/orders/*.parquet",
		Hole:                                   "",
	} {
		if got := PathName(in); got != want {
			t.Errorf("PathName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMatchName(t *testing.T) {
	for _, c := range []struct {
		a, b []string
		want bool
	}{
		{[]string{"orders"}, []string{"gold", "orders"}, true},
		{[]string{"silver", "orders"}, []string{"gold", "orders"}, false},
		{[]string{"lake", "gold", "orders"}, []string{"gold", "orders"}, true},
		{[]string{"events_" + Hole}, []string{"events_web"}, true},
		{[]string{"raw_" + Hole, "orders"}, []string{"raw_eu", "orders"}, true},
		{[]string{"raw_" + Hole, "orders"}, []string{"gold", "orders"}, false},
	} {
		if MatchName(c.a, c.b) != c.want || MatchName(c.b, c.a) != c.want {
			t.Errorf("MatchName(%q, %q) is not %v both ways", c.a, c.b, c.want)
		}
	}
}

func TestLike(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"fct_%", "fct_orders", true}, {"fct_%", "dim_orders", false}, {"%", "x", true}, {"dim_d_te", "dim_date", true},
		{"%_eu", "orders_eu", true}, {"%_eu", "orders_eu_old", false}, {"a%b%c", "axxbyyc", true}, {"a%b%c", "axxc", false},
	} {
		if Like(c.pattern, c.text) != c.want {
			t.Errorf("Like(%q, %q) is not %v", c.pattern, c.text, c.want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"fct_order", "fct_orders", 3, 1}, {"orders", "orders", 3, 0}, {"orders", "customers", 3, 4}, {"kitten", "sitting", 3, 3}, {"", "abc", 3, 3},
	} {
		if got := EditDistance(c.a, c.b, c.limit); got != c.want {
			t.Errorf("EditDistance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestWordLayer(t *testing.T) {
	for word, want := range map[string]Layer{
		"bronze": Ingestion, "RAW": Ingestion, "raw_stripe": Ingestion, "silver": Transformation, "staging": Transformation,
		"finance_marts": Consumption, "gold": Consumption, "mart_gtfs": Consumption, "core": Transformation, "core_users": Unknown,
		"public": Unknown, "": Unknown, "dbo": Unknown,
	} {
		if got := WordLayer(word); got != want {
			t.Errorf("WordLayer(%q) = %q, want %q", word, got, want)
		}
	}
}
