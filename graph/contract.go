package graph

import "delint/parsers"

// ContractFact is what promises the shape of a dataset: a Soda contract, an ODCS contract, an enforced dbt contract.
type ContractFact struct {
	Tool    string // soda, odcs, dbt
	Name    string
	Version string
	Status  string // draft, active, deprecated, retired; empty where the tool has none
	Owner   string
	// Enforced says that something compares the dataset with the promised columns: a schema check, contract.enforced.
	Enforced bool
	// Columns are the promised ones; Extra says that others may be there too.
	Columns []ColumnFact
	Extra   bool
	// Key is the promised primary key.
	Key []string
	// Promises holds what else it says, by its property: retention, latency, frequency, availability.
	Promises map[string]string
	Target   Ref
	Span     parsers.Span
	// Pending says that the tool's Link completes the fact, or drops it.
	Pending bool
}

// Contract is a contract with the dataset that it is about.
type Contract struct {
	*ContractFact
	Dataset *Dataset
}
