package graph

import (
	"path"
	"strings"

	"delint/parsers"
)

// JobFact is one pipeline as its orchestrator knows it: an Airflow DAG, a Dagster job, asset, schedule or sensor, a Prefect
// flow or deployment.
type JobFact struct {
	Tool string // airflow, dagster, prefect
	Kind string // dag; job, asset, op, schedule, sensor; flow, task, deployment
	// Name is what the tool shows; empty where only a run knows it. It may hold Hole.
	Name string
	Span parsers.Span
	// Function is the qualified name of the function that defines it; empty if none does.
	Function string
	// Arguments is what it is declared with.
	Arguments Arguments
	// Defaults is what its tasks are given unless they say otherwise: default_args.
	Defaults Arguments
	Tasks    []TaskFact
	Edges    []TaskEdge
	// Partial says that tasks or edges may exist that could not be read.
	Partial bool
	// Repeated says that it is made in a loop or by a function, so that it may stand for several.
	Repeated bool
}

// Arguments is the keyword arguments of one call, or the items of one dict.
type Arguments struct {
	List []ArgumentFact
	// From is the dotted paths of what gives further ones: dicts and functions of other modules.
	From []string
	// Open says that there are further ones that nothing can tell.
	Open bool
	// Span is where the dict stands; of a call its own.
	Span parsers.Span
}

// ArgumentFact is one argument. Value is written so: text as a Go string literal (with Hole), numbers, True, False and None
// as they stand, a list as "[a, b]", a name as its dotted path, a call as the path and "()", operands with their operator
// between, and "?" for what can't be read.
type ArgumentFact struct {
	Name  string
	Value string
	Span  parsers.Span
}

// DictFact is a dict of settings that a module binds to a name, or that a function of it returns.
type DictFact struct {
	Name string
	Arguments
}

// CallFact is one call. Target is the dotted path of what is called: of a method on a call "path().method", of a function
// of the module its name.
type CallFact struct {
	Target string
	Span   parsers.Span
}

// TaskFact is one task of a job.
type TaskFact struct {
	// Name is the task's id with its groups before it, "group.task"; empty where only a run knows it. It may hold Hole.
	Name string
	// Kind is the operator's class or the decorator, as a dotted path where the module says so.
	Kind string
	Span parsers.Span
	// Function is what it runs: the qualified name of a function of this module, or a dotted path; empty if none.
	Function  string
	Arguments Arguments
	Mapped    bool // made by expand
	Repeated  bool // stands in a loop or a function
	// Suffixed says that the tool numbers it by itself where the name is taken.
	Suffixed bool
	// Branch identifies the arm of the conditional statement that it stands in; 0 for none.
	Branch int
}

// TaskEdge says that a task waits for another one; both are indices in JobFact.Tasks.
type TaskEdge struct{ From, To int }

// Job is a pipeline with what other files say of it.
type Job struct {
	*JobFact
	Path string
	Role Role
	// Given is Defaults with what other modules give. Given.Open says that not all of it is known.
	Given Arguments
}

// Get is the value of an argument; empty if there is none.
func (a Arguments) Get(name string) string {
	for i := len(a.List) - 1; i >= 0; i-- { // the last one wins
		if a.List[i].Name == name {
			return a.List[i].Value
		}
	}
	return ""
}

// Has is the argument of a name; nil if there is none.
func (a Arguments) Has(name string) *ArgumentFact {
	for i := len(a.List) - 1; i >= 0; i-- {
		if a.List[i].Name == name {
			return &a.List[i]
		}
	}
	return nil
}

// TaskSetting is what a task gets for an argument: its own, else the job's default. known is false where neither says it
// and something may that can't be read.
func (j *Job) TaskSetting(t *TaskFact, name string) (value string, known bool) {
	if own := t.Arguments.Has(name); own != nil {
		return own.Value, own.Value != "?"
	}
	if t.Arguments.Open || len(t.Arguments.From) > 0 {
		return "", false
	}
	if given := j.Given.Has(name); given != nil {
		return given.Value, given.Value != "?"
	}
	return "", !j.Given.Open
}

// linkJobs joins the jobs of all files with the dicts that other modules define.
func (g *Graph) linkJobs() {
	for _, f := range g.Files {
		for i := range f.Jobs {
			fact := &f.Jobs[i]
			j := &Job{JobFact: fact, Path: f.Path, Role: f.Role}
			j.Given = g.complete(f.Path, fact.Defaults, maxDicts)
			g.Jobs = append(g.Jobs, j)
		}
	}
}

// maxDicts is how many dicts may be built on one another.
const maxDicts = 4

func (g *Graph) complete(from string, a Arguments, depth int) Arguments {
	out := Arguments{Open: a.Open, Span: a.Span}
	for _, target := range a.From {
		found := g.dict(from, target)
		if found == nil || depth == 0 {
			out.Open = true
			continue
		}
		inner := g.complete(found.Span.Path, found.Arguments, depth-1)
		out.List = append(out.List, inner.List...)
		out.Open = out.Open || inner.Open
	}
	out.List = append(out.List, a.List...)
	return out
}

// dict finds the dict or function that a dotted path names from a module: exactly one must fit.
func (g *Graph) dict(from, target string) *DictFact {
	if strings.HasPrefix(target, ".") {
		folder := path.Dir(from)
		target = target[1:]
		for strings.HasPrefix(target, ".") {
			folder, target = path.Dir(folder), target[1:]
		}
		module, name := cutLast(target)
		return g.dictOf(path.Join(folder, strings.ReplaceAll(module, ".", "/")), name, true)
	}
	module, name := cutLast(target)
	if module == "" {
		return nil
	}
	return g.dictOf(strings.ReplaceAll(module, ".", "/"), name, false)
}

func cutLast(p string) (before, last string) {
	i := strings.LastIndexByte(p, '.')
	return p[:max(i, 0)], p[i+1:]
}

func (g *Graph) dictOf(module, name string, exact bool) *DictFact {
	var found *DictFact
	for _, f := range g.Files {
		if len(f.Dicts) == 0 {
			continue
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(f.Path, ".py"), "/__init__")
		if stem != module && (exact || !strings.HasSuffix(stem, "/"+module)) {
			continue
		}
		for i := range f.Dicts {
			if f.Dicts[i].Name != name {
				continue
			}
			if found != nil {
				return nil
			}
			found = &f.Dicts[i]
		}
	}
	return found
}
