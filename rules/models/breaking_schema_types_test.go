package models

import "testing"

func TestNarrowed(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"BIGINT", "INT", true}, {"int", "bigint", false}, {"INT64", "NUMERIC", false}, {"numeric(18,4)", "numeric(18,2)", true},
		{"numeric(12,2)", "numeric(18,4)", false}, {"numeric(18,4)", "numeric(18,6)", true}, {"varchar(20)", "varchar(10)", true},
		{"text", "varchar(10)", true}, {"varchar(10)", "text", false}, {"timestamp", "date", true}, {"date", "timestamp", false},
		{"double", "real", true}, {"string", "int", true}, {"uuid", "text", false}, {"my_enum", "text", false}, {"", "int", false},
		{"int", "varchar", true}, {"decimal(10, 2)", "DECIMAL(10,2)", false},
	} {
		if got := narrowed(c.from, c.to); got != c.want {
			t.Errorf("narrowed(%q, %q) = %v", c.from, c.to, got)
		}
	}
}
