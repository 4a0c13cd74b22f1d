// Package lineage writes the dataset graph of a repository: as text, JSON, diagrams, and events for catalogues of lineage.
//
// Of turns a linked graph, or the part of it that was asked for, into a Document: plain values in a stable order, with every
// secret hidden. The writers are pure functions of a Document.
package lineage

// version is the version of the JSON that other programs read. It changes only when a field changes its meaning.
const version = 1

// Document is what is written: datasets, what connects them and what is said of them. Lists are sorted and never nil.
type Document struct {
	Version int  `json:"version"`
	Tool    Tool `json:"tool"`
	// Root is always "."; paths are relative to it.
	Root    string `json:"root"`
	Project string `json:"project"`
	// Selection says what was asked for; nil where the whole graph was.
	Selection *Selection `json:"selection,omitempty"`

	Datasets    []*Dataset   `json:"datasets"`
	Edges       []Edge       `json:"edges"`
	ColumnEdges []ColumnEdge `json:"column_edges"`
	Uses        []Use        `json:"uses"`
	Contracts   []Contract   `json:"contracts"`
	Checks      []Check      `json:"checks"`
	References  []Reference  `json:"references"`

	byName map[string]*Dataset
	text   func(path string) []byte
}

// Tool is the program that wrote the document.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Selection is the part of the graph that was asked for.
type Selection struct {
	Upstream   []ColumnName `json:"upstream,omitempty"`
	Downstream []ColumnName `json:"downstream,omitempty"`
	Depth      int          `json:"depth,omitempty"`
	Layers     []string     `json:"layers,omitempty"`
	Columns    bool         `json:"columns,omitempty"`
}

// Place is where in the repository something stands. Lines and columns count from 1, Byte from 0.
type Place struct {
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Byte   int    `json:"byte"`
}

// Dataset is one dataset of the inventory.
type Dataset struct {
	Name      string     `json:"name"`
	Parts     []string   `json:"parts"`
	Kind      string     `json:"kind"`
	Tool      string     `json:"tool"`
	Layer     string     `json:"layer"` // empty if unknown
	InScope   bool       `json:"in_scope"`
	Why       string     `json:"why,omitempty"` // why it is out of scope
	Aliases   []string   `json:"aliases"`
	Producers []Producer `json:"producers"`
	Columns   []Column   `json:"columns"`
	// ColumnsExact says that it has no other columns.
	ColumnsExact bool              `json:"columns_exact"`
	Grain        []string          `json:"grain"`
	TimeColumn   string            `json:"time_column,omitempty"`
	Owner        string            `json:"owner,omitempty"`
	Description  string            `json:"description,omitempty"`
	Materialized string            `json:"materialized,omitempty"`
	Access       string            `json:"access,omitempty"`
	Tags         []string          `json:"tags"`
	Settings     map[string]string `json:"settings"`
	// Checks counts the checks that look at it, Covered says that one of them can fail and counts in this repository.
	Checks  int  `json:"checks"`
	Covered bool `json:"covered"`
	// Partial says that a check may exist which could not be read.
	Partial     bool `json:"partial"`
	Descendants int  `json:"descendants"`
	// Upstream and Downstream count its neighbours in the whole repository, also those that were not asked for.
	Upstream   int `json:"upstream"`
	Downstream int `json:"downstream"`
}

// Producer is one place that declares or writes a dataset.
type Producer struct {
	Tool       string `json:"tool"`
	Kind       string `json:"kind"`
	Mode       string `json:"mode,omitempty"`
	Confidence string `json:"confidence"`
	Transient  string `json:"transient,omitempty"`
	Dialect    string `json:"dialect,omitempty"`
	Place
}

// Column is a column with what it is computed from.
type Column struct {
	Name        string         `json:"name"`
	Type        string         `json:"type,omitempty"`
	Description string         `json:"description,omitempty"`
	Label       string         `json:"label,omitempty"`
	Masked      bool           `json:"masked,omitempty"`
	Transform   string         `json:"transform,omitempty"`
	Confidence  string         `json:"confidence"`
	Sources     []ColumnSource `json:"sources"`
}

// ColumnSource is one column that another is computed from.
type ColumnSource struct {
	Dataset   string `json:"dataset"`
	Column    string `json:"column"`
	Transform string `json:"transform,omitempty"`
	Masks     string `json:"masks,omitempty"` // the function that makes it unreadable
}

// Edge is one dataset that another is built from, at the first place that says so.
type Edge struct {
	From       string `json:"from"`
	To         string `json:"to"`
	Confidence string `json:"confidence"`
	Place
}

// ColumnEdge is one column that another is computed from.
type ColumnEdge struct {
	From       ColumnName `json:"from"`
	To         ColumnName `json:"to"`
	Transform  string     `json:"transform,omitempty"`
	Masks      string     `json:"masks,omitempty"`
	Confidence string     `json:"confidence"`
}

// ColumnName is a column of a dataset; of a selection, the dataset itself where Column is empty.
type ColumnName struct {
	Dataset string `json:"dataset"`
	Column  string `json:"column,omitempty"`
}

// Use is something that reads a dataset without making one.
type Use struct {
	Tool        string   `json:"tool"`
	Kind        string   `json:"kind"`
	By          string   `json:"by"`
	Owner       string   `json:"owner,omitempty"`
	Description string   `json:"description,omitempty"`
	Public      bool     `json:"public,omitempty"`
	Columns     []string `json:"columns"`
	Dataset     string   `json:"dataset,omitempty"` // empty where nothing in the repository makes it
	Reference   string   `json:"reference"`         // as written
	Place
}

// Contract is what promises the shape of a dataset.
type Contract struct {
	Tool      string   `json:"tool"`
	Name      string   `json:"name"`
	Version   string   `json:"version,omitempty"`
	Status    string   `json:"status,omitempty"`
	Owner     string   `json:"owner,omitempty"`
	Enforced  bool     `json:"enforced"`
	Columns   []string `json:"columns"`
	Key       []string `json:"key"`
	Dataset   string   `json:"dataset,omitempty"`
	Reference string   `json:"reference"`
	Place
}

// Check is one declared check.
type Check struct {
	Framework  string   `json:"framework"`
	Name       string   `json:"name"`
	Capability string   `json:"capability"`
	Columns    []string `json:"columns"`
	Datasets   []string `json:"datasets"`
	Ambiguous  bool     `json:"ambiguous,omitempty"`
	NeverFails string   `json:"never_fails,omitempty"` // why
	Reference  string   `json:"reference"`
	Confidence string   `json:"confidence"`
	Place
}

// Reference says that columns of one dataset name rows of another.
type Reference struct {
	Tool        string   `json:"tool"`
	From        string   `json:"from"`
	Columns     []string `json:"columns"`
	To          string   `json:"to"`
	ToColumns   []string `json:"to_columns"`
	Cardinality string   `json:"cardinality"` // many_to_one, one_to_one, one_to_many
	Confidence  string   `json:"confidence"`
	Place
}

// Dataset is the one of that name; nil if the document has none.
func (d *Document) Dataset(name string) *Dataset { return d.byName[name] }
