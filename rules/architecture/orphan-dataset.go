package architecture

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/dbt"
	"delint/rules"
)

// OrphanDataset reports models and declared sources that nothing in the repository reads. It is silent where much of the
// repository could not be read, where references can't be resolved, and where nothing is meant for readers at all.
var OrphanDataset = rules.Repository(rules.Rule{
	Name:     "orphan-dataset",
	Severity: rules.Low,
	Class:    rules.Maintainability,
	Topic:    "governance/data-lineage",
	Sentence: "Don't add unnecessary layers, classes, or modules",
	Collapsed: func(n int) string {
		return fmt.Sprintf("nothing reads %d datasets that this file declares", n)
	},
}, func(pass *rules.Pass, g *graph.Graph) {
	if !known(g) {
		return
	}
	referenced := map[*graph.Dataset]bool{}
	for _, r := range g.References {
		referenced[r.To] = true
	}
	consumed := map[string]bool{} // projects that have something for readers
	projects := graphProjects(g)
	for _, d := range g.Datasets {
		if d.InScope && (d.Layer == graph.Consumption || len(d.UsedBy) > 0) {
			consumed[projectOf(d, projects)] = true
		}
	}
	composed := composedNames(g)
	var found []*graph.Dataset
	models, unread := map[string]int{}, map[string]int{} // by folder
	for _, d := range g.Datasets {
		folder := path.Dir(d.Span().Path)
		if !isSource(d) {
			models[folder]++
		}
		if !consumed[projectOf(d, projects)] || !orphan(d) || referenced[d] || g.Mentioned(d) || composed(d) {
			continue
		}
		found = append(found, d)
		if !isSource(d) {
			unread[folder]++
		}
	}
	stale := found[:0]
	for _, d := range found {
		if folder := path.Dir(d.Span().Path); !isSource(d) && unread[folder] >= wholeFolder && unread[folder]*10 >= models[folder]*9 {
			continue // names that are put together read them, or another repository does
		}
		stale = append(stale, d)
	}
	once := map[string][]*graph.Dataset{} // projects with more unread models than anybody would go through
	for _, d := range stale {
		if in := projectOf(d, projects); !isSource(d) {
			once[in] = append(once[in], d)
		}
	}
	for _, in := range slices.Sorted(maps.Keys(once)) {
		if len(once[in]) > maxListed && !g.Options.Expand {
			many(pass, in, once[in])
		}
	}
	for _, d := range stale {
		if !isSource(d) && len(once[projectOf(d, projects)]) > maxListed && !g.Options.Expand {
			continue
		}
		f := pass.ReportAt(d.Span(), "nothing reads `%s` (%s)", d.Name, d.Layer)
		if d.Kind == "source" || d.Kind == "external" {
			f.Message = fmt.Sprintf("no model reads the source `%s`", d.Name)
		}
		if expensive(d) {
			f.Severity = rules.Medium
		}
		f.Dataset, f.Key, f.Collapse = d.Name, d.Name, "orphan"
		f.Unit = rules.Unit{Kind: "block", Name: d.Name, StartLine: d.Span().Start.Line, EndLine: d.Span().End.Line}
	}
})

// maxListed is how many unread models of a project are findings of their own.
const maxListed = 20

// many says once of a project that nothing reads many of its models.
func many(pass *rules.Pass, project string, models []*graph.Dataset) {
	f := pass.ReportRepository("nothing reads %d models%s; start with: %s, %s, %s", len(models), within(project), models[0].Name, models[1].Name, models[2].Name)
	f.Key = "many " + project
	for _, d := range models[:8] {
		f.Places = append(f.Places, rules.Place{Span: d.Span(), Message: d.Name})
	}
}

// quoted are the literals of an expression.
var quoted = regexp.MustCompile(`"([^"]*)"|'([^']*)'`)

// composedNames asks whether a reference that puts a name together may mean a dataset: ref("fact_" ~ chain ~ "_events").
func composedNames(g *graph.Graph) func(d *graph.Dataset) bool {
	var patterns []*regexp.Regexp
	seen := map[string]bool{}
	add := func(d *graph.DatasetFact) {
		if d == nil {
			return
		}
		for _, n := range d.Notes {
			if n.Kind != dbt.NoteDynamic || n.Text != "ref" {
				continue
			}
			var pieces []string
			letters := 0
			for _, m := range quoted.FindAllStringSubmatch(n.Values["expression"], -1) {
				piece := strings.ToLower(m[1] + m[2])
				letters += len(piece)
				pieces = append(pieces, regexp.QuoteMeta(piece))
			}
			if text := strings.Join(pieces, ".*"); letters > 4 && !seen[text] {
				seen[text] = true
				patterns = append(patterns, regexp.MustCompile(text))
			}
		}
	}
	for _, p := range dbt.Read(g) {
		for _, m := range p.Macros {
			add(m)
		}
		for _, n := range p.Nodes {
			add(n.Fact)
		}
	}
	return func(d *graph.Dataset) bool {
		for _, p := range d.Producers {
			stem := strings.ToLower(strings.TrimSuffix(path.Base(p.Span.Path), path.Ext(p.Span.Path)))
			if slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(stem) || re.MatchString(d.Parts[len(d.Parts)-1]) }) {
				return true
			}
		}
		return false
	}
}

// wholeFolder is from how many models on a folder that nothing reads is none that everybody has forgotten.
const wholeFolder = 5

// orphan reports whether a dataset is one that the rule asks a reader of and has none: a model between the layers, or a
// source that a project declares.
func orphan(d *graph.Dataset) bool {
	if !d.InScope || len(d.ReadBy)+len(d.UsedBy)+len(d.Contracts) > 0 || strings.Contains(d.Name, graph.Hole) {
		return false
	}
	declared := false
	for _, p := range d.Producers {
		switch {
		case p.Access == "public" || p.Kind == "snapshot" || p.Confidence != graph.Exact:
			return false
		case p.Tool == "dbt" || p.Tool == "sqlmesh" || p.Tool == "sql" && (p.Kind == "view" || p.Mode == "create" || p.Mode == "replace"):
			declared = true
		default:
			return false // written by code: who reads it is another repository's affair
		}
	}
	if !declared {
		return false
	}
	if d.Kind == "source" || d.Kind == "external" {
		return d.Tool == "dbt"
	}
	return d.Layer == graph.Transformation
}

// expensive reports whether a dataset is stored and not only a view.
func expensive(d *graph.Dataset) bool {
	return d.Kind != "view" && d.Kind != "source" && d.Kind != "external"
}

// maxUnread is the share of files, and of references, that may be unreadable.
const maxUnread = 0.05

// known reports whether the repository is read well enough to say that nothing reads a dataset.
func known(g *graph.Graph) bool {
	files, unread := 0, 0
	for _, f := range g.Files {
		if slices.Contains([]string{"sql", "python", "yaml", "notebook"}, f.Language) && f.Role != graph.RoleVendored {
			files++
			if f.NotAnalysed != "" {
				unread++
			}
		}
	}
	refs, holes := 0, 0
	for _, d := range g.Datasets {
		for _, p := range d.Producers {
			for _, r := range p.Reads {
				refs++
				if len(r.Parts) > 0 && graph.Canonical(r.Parts) == nil {
					holes++
				}
			}
		}
	}
	return float64(unread) <= maxUnread*float64(files) && float64(holes) <= maxUnread*float64(refs)
}
