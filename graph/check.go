package graph

import "delint/parsers"

// Blocking says what a failing check does to the data that it looked at. The empty value is unknown.
type Blocking string

// The answers. A check of two levels blocks: its second one stops the run.
const (
	BlockingUnknown Blocking = ""
	BlockingYes     Blocking = "yes"  // it fails the run: fail thresholds, severity error, a blocking audit
	BlockingWarn    Blocking = "warn" // it only says so: warn thresholds, severity warn, a non-blocking audit
)

// CheckFact is one declared check on a dataset.
type CheckFact struct {
	Framework string // soda, sqlmesh-audit, dbt-test, great-expectations, dagster-asset-check, airflow-sql-check, odcs-quality, delta-expectation
	Name      string // the check as the framework calls it: row_count, not_null …
	// Capability is what it looks at: presence, schema, volume, completeness, uniqueness, validity, freshness, referential,
	// reconciliation, distribution, custom.
	Capability string
	Columns    []string
	// Target is the dataset that it checks, as written; Wildcard says that its last part is an SQL LIKE pattern.
	Target     Ref
	Wildcard   bool
	Exclude    bool   // a wildcard entry that takes datasets out again
	NeverFails string // why it can never fail; empty if it can
	// Blocking says whether its failure stops the data. The tool's Extract or Link sets it; rules read it after Link.
	Blocking Blocking
	// DataSource is the Soda data source that the check is for, where the file or its folder says it.
	DataSource string
	// Pending says that the tool's Link completes the fact, or drops it.
	Pending bool
	// Settings is what the file itself says to its tool, until the tool's Link has read the rest. Rules read of it, under the
	// tool's own keys: "samples limit" and "store_failed_rows" (soda), "result_format" (great-expectations), "store_failures" (dbt).
	Settings   map[string]string
	Span       parsers.Span
	Confidence Confidence
}

// Check is a check with the datasets that it covers.
type Check struct {
	*CheckFact
	Datasets []*Dataset
	// Ambiguous says that the name fits several datasets.
	Ambiguous bool
}
