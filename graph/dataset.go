package graph

import "delint/parsers"

// Layer is the medallion layer of a dataset.
type Layer string

// The layers, in the direction of the data; Unknown is asked by no layer rule.
const (
	Ingestion      Layer = "ingestion"
	Transformation Layer = "transformation"
	Consumption    Layer = "consumption"
	Unknown        Layer = ""
)

// DatasetFact is one place that declares or writes a dataset.
type DatasetFact struct {
	Tool string // dbt, sqlmesh, sql, spark, pandas, polars, dagster, airflow …
	Kind string // model, source, seed, snapshot, external, table, view, path, asset …
	// Parts is the name as written, outermost first (catalog, schema, name), after templating became a pattern:
	// a part or a piece of one that cannot be known is Hole.
	Parts []string
	// Quoted says, part by part, whether the name was quoted.
	Quoted []bool
	// Span is the name token (the first line of a dbt model's file).
	Span       parsers.Span
	Confidence Confidence
	Mode       string       // how it is written: create, replace, append, merge, overwrite, delete …; empty for a declaration
	Persisted  bool         // false: temporary, ephemeral, embedded
	Columns    []ColumnFact // as declared beside the dataset: DDL, MODEL columns (…), properties, an external model
	ColumnsAll bool         // Columns is the whole list: DDL, MODEL columns (…), an enforced contract
	// Outputs is what the query that builds it projects, in order; nil where there is no query or it could not be read.
	Outputs []OutputFact
	// Notes are places in that query which rules judge once they know what kind of dataset it builds.
	Notes []Note
	// Grain is the columns that make one row, where a key, a grain or a unique test says so.
	Grain []string
	// TimeColumn is the column by which it is loaded or partitioned in time, where declared.
	TimeColumn string
	Owner      string
	// Description is what the repository says of it; placeholders (TODO, the name itself) are the rules' affair.
	Description string
	// Dialect of the SQL that builds it, in sqlglot's spelling: bigquery, snowflake, postgres …; empty where unknown.
	Dialect string
	Tags    []string
	Layer   Layer  // where the file itself says it (meta, tag); Unknown otherwise
	Access  string // dbt access: private, protected, public
	Reads   []Ref  // what it is built from
	Simple  bool   // a projection of one dataset: renames, casts, text normalisation only
	// Alias holds other names under which checks may speak of it: a plain one (the dbt model's name beside its alias) or a
	// tool's own key after a colon (ref:orders, asset:raw/orders).
	Alias []string
	// Private says that nothing outside the project may read it.
	Private bool
	// Transient says why what is written here is no dataset to look after: temporary, ephemeral, embedded, dropped again.
	Transient string
	// Settings is the configuration of the dataset under its tool's own keys: first what the file itself says, after the
	// tool's Link all that holds for it, inherited values included. Nested keys are joined by dots: meta.owner, contract.enforced.
	Settings map[string]string
	// Pending says that the tool's Link completes the fact, or drops it; the inventory takes no pending ones.
	Pending bool
}

// Hole stands, in a name, for a piece that only a run can know.
const Hole = "\u27e8*\u27e9"

// Ref is a reference to a dataset as written.
type Ref struct {
	Tool  string // ref, source, sql, path, asset …: how to read Parts
	Parts []string
	Span  parsers.Span
	// Inferred says that the reference was read through a macro or a convention, not written where it stands.
	Inferred bool
}

// Dataset is one dataset of the inventory: all its producers under one canonical name.
type Dataset struct {
	Name      string // canonical: catalog.schema.name, as far as known
	Parts     []string
	Kind      string
	Tool      string
	Layer     Layer
	Producers []*DatasetFact // in path order
	InScope   bool           // false: temporary, seeds, migrations of an application …
	Why       string         // why it is out of scope
	// Columns are those that it is known to have, in order; ColumnsExact says that it has no others.
	Columns      []*Column
	ColumnsExact bool
	// Projected says that its queries show each column, so that what is declared can be compared with them.
	Projected bool
	Reads     []*Dataset
	ReadBy    []*Dataset
	Edges     []*DatasetEdge // what Reads says, with the places
	Checks    []*Check
	UsedBy    []*Use      // what reads it without making a dataset: exposures, cubes, dashboards
	Contracts []*Contract // what promises its shape
	// Partial says that a check may exist which could not be read or resolved.
	Partial bool
	// Descendants is how many datasets are built from it, directly or not.
	Descendants int
}

// Span is where the dataset is declared: the first producer in path order.
func (d *Dataset) Span() parsers.Span { return d.Producers[0].Span }

// DatasetEdge is one dataset that another is built from.
type DatasetEdge struct {
	From, To *Dataset
	// Span is the reference in the producer of To, the first one.
	Span       parsers.Span
	Confidence Confidence
}

// Setting is the first value that a producer's configuration gives to a key; empty if none does.
func (d *Dataset) Setting(key string) string {
	for _, p := range d.Producers {
		if v := p.Settings[key]; v != "" {
			return v
		}
	}
	return ""
}

// Grain is the columns that make one row; nil where nothing says so.
func (d *Dataset) Grain() []string {
	for _, p := range d.Producers {
		if len(p.Grain) > 0 {
			return p.Grain
		}
	}
	return nil
}

// Owner is who the first producer that names one says; empty if none does.
func (d *Dataset) Owner() string {
	for _, p := range d.Producers {
		if p.Owner != "" {
			return p.Owner
		}
	}
	return ""
}

// Description is what the first producer that says anything says; empty if none does.
func (d *Dataset) Description() string {
	for _, p := range d.Producers {
		if p.Description != "" {
			return p.Description
		}
	}
	return ""
}

// ProjectFact is the configuration of one tool's project: dbt_project.yml, SQLMesh config.yaml, a Soda configuration …
type ProjectFact struct {
	Tool string
	Name string
	Dir  string // folder of the project, "" for the root
	// Lists and Values hold the settings that the tool's folder needs, under its own keys.
	Lists  map[string][]string
	Values map[string]string
	Span   parsers.Span
}
