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
	Mode       string   // how it is written: create, replace, append, merge, overwrite, delete …; empty for a declaration
	Persisted  bool     // false: temporary, ephemeral, embedded
	Columns    []string // names, where known
	ColumnsAll bool     // Columns is the whole list
	Grain      []string
	Tags       []string
	Layer      Layer  // where the file itself says it (meta, tag); Unknown otherwise
	Access     string // dbt access: private, protected, public
	Reads      []Ref  // what it is built from
	Simple     bool   // a projection of one dataset: renames, casts, text normalisation only
	// Alias holds other names under which checks may speak of it: a plain one (the dbt model's name beside its alias) or a
	// tool's own key after a colon (ref:orders, asset:raw/orders).
	Alias []string
	// Private says that nothing outside the project may read it.
	Private bool
	// Transient says why what is written here is no dataset to look after: temporary, ephemeral, embedded, dropped again.
	Transient string
	// Settings is what the file itself says to its tool, until the tool's Link has read the rest.
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
}

// UseFact says that a place reads datasets without making one.
type UseFact struct {
	Tool string
	By   string // the job, exposure, cube … that reads
	Ref  Ref
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
	Columns   []string
	Reads     []*Dataset
	ReadBy    []*Dataset
	Checks    []*Check
	// Partial says that a check may exist which could not be read or resolved.
	Partial bool
	// Descendants is how many datasets are built from it, directly or not.
	Descendants int
}

// Span is where the dataset is declared: the first producer in path order.
func (d *Dataset) Span() parsers.Span { return d.Producers[0].Span }

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
