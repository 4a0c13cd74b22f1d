// Package graph links what the files of a repository say into one graph: datasets, checks, functions, tests, documents.
//
// It is filled in two steps. Extract reads one file at a time, in parallel, into Facts: plain data that can be stored in a
// cache. Link joins the facts of all files once, in the order of their paths. The tool folders (graph/dbt, graph/soda …) do
// the work of both steps for the files that they know; "to teach delint a tool, add a folder here".
package graph

import (
	"slices"

	"delint/parsers"
)

// Confidence says how sure a fact is. Rules that need absence stay silent on Partial.
type Confidence uint8

// The confidences, from the weakest.
const (
	Partial  Confidence = iota // something that matters here could not be read
	Inferred                   // read through a convention or a guess that is right nearly always
	Exact                      // written so
)

// String is the confidence's name in output.
func (c Confidence) String() string { return [...]string{"partial", "inferred", "exact"}[c] }

// Facts is what one file says. It holds plain data only (no tree, no node), so that the cache can keep it.
// The fields' types stand beside the code that links them: dataset.go, check.go, code.go, document.go.
type Facts struct {
	Path     string
	Language string
	Role     Role
	Lines    int
	// NotAnalysed says why the file could not be read; what it might have said is then unknown.
	NotAnalysed string

	Datasets  []DatasetFact
	Checks    []CheckFact
	Uses      []UseFact
	Semantics []SemanticFact
	Actions   []ActionFact
	Contracts []ContractFact
	// Changes are the statements that change the shape of tables, in the order of the text.
	Changes []ChangeFact
	// Migrations are what the file does to the schema of a database when a migration tool runs it.
	Migrations []MigrationFact
	// Clears are the names, the last parts in lower case, of the tables that SQL in the file deletes from, empties or rebuilds.
	Clears []string
	// Alters are the names, the last parts in lower case, of the tables whose columns SQL in the file changes by ALTER TABLE.
	Alters   []string
	Commands []CommandFact
	// References are the keys of other datasets.
	References []ReferenceFact
	// Mentions are words of the file that may name datasets, in lower case and sorted.
	Mentions []string
	Problems []ProblemFact
	Projects []ProjectFact
	Module   *ModuleFact
	Settings []SettingFact
	Document *DocumentFact
	// Jobs are the pipelines that the file declares, Dicts the settings that others may be given.
	Jobs  []JobFact
	Dicts []DictFact
	// Planned is what the file calls whenever its orchestrator only reads it.
	Planned []CallFact
}

// Tool teaches delint one tool, format or convention. Its functions must be pure; Extract is called from several goroutines.
type Tool struct {
	Name string
	// Extract reads one file into facts; nil if the tool has nothing to say of single files.
	Extract func(f *parsers.File, facts *Facts)
	// Link joins facts that need more than one file; nil if there is nothing to join. Tools link in the order of their names.
	Link func(g *Graph)
}

var tools []*Tool

// Register makes a tool known. It is called from the initialisation of a tool folder's variables.
func Register(t Tool) *Tool {
	tools = append(tools, &t)
	slices.SortFunc(tools, func(a, b *Tool) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return &t
}

// Tools is every registered tool, by name.
func Tools() []*Tool { return tools }

// Extract reads one file with every tool.
func Extract(f *parsers.File, role Role) *Facts {
	facts := &Facts{Path: f.Path, Role: role, Lines: f.LineCount(), NotAnalysed: f.NotAnalysed}
	if f.Language != nil {
		facts.Language = f.Language.Name
	}
	for _, t := range tools {
		if t.Extract != nil {
			t.Extract(f, facts)
		}
	}
	return facts
}
