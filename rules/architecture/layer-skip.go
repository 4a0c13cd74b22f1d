package architecture

import (
	"path"
	"regexp"
	"strings"

	"delint/graph"
	"delint/rules"
)

// LayerSkip reports datasets that read past the layer below their own, and those that read from a layer above.
// Consumers (cubes, dashboards, exposures) of raw data are another rule's.
var LayerSkip = rules.Repository(rules.Rule{
	Name:     "layer-skip",
	Severity: rules.High,
	Class:    rules.Maintainability,
	Topic:    "architecture/medallion-architecture",
	Sentence: "Implement medallion architecture (bronze/silver/gold) or similar layered approaches",
}, func(pass *rules.Pass, g *graph.Graph) {
	projects := graphProjects(g)
	edges := map[string][]*graph.DatasetEdge{}
	present := map[string]map[graph.Layer]bool{}
	for _, d := range g.Datasets {
		if !d.InScope || d.Layer == graph.Unknown {
			continue
		}
		in := projectOf(d, projects)
		if present[in] == nil {
			present[in] = map[graph.Layer]bool{}
		}
		if d.Kind != "source" && d.Kind != "external" { // what is declared only is always ingestion
			present[in][d.Layer] = true
		}
		for _, e := range d.Edges {
			if e.From.InScope && e.From.Layer != graph.Unknown && e.Confidence == graph.Exact {
				edges[in] = append(edges[in], e)
			}
		}
	}
	for _, d := range g.Datasets { // in the order of the datasets, whatever the projects
		in := projectOf(d, projects)
		if d.InScope && !contradictory(edges[in]) {
			for _, e := range d.Edges {
				layerEdge(pass, g, e, present[in])
			}
		}
	}
})

var rank = map[graph.Layer]int{graph.Ingestion: 0, graph.Transformation: 1, graph.Consumption: 2}

func layerEdge(pass *rules.Pass, g *graph.Graph, e *graph.DatasetEdge, present map[graph.Layer]bool) {
	from, to := e.From, e.To
	if e.Confidence != graph.Exact || !from.InScope || from.Layer == graph.Unknown || to.Layer == graph.Unknown || isReference(from) || g.AllowedEdge(from, to) {
		return
	}
	var f *rules.Finding
	switch step := rank[to.Layer] - rank[from.Layer]; {
	case step > 1 && present[graph.Transformation]:
		f = pass.ReportAt(e.Span, "`%s` (%s) reads `%s` (%s) past the transformation layer", to.Name, to.Layer, from.Name, from.Layer)
	case step < 0:
		f = pass.ReportAt(e.Span, "`%s` (%s) reads `%s` from the layer above it (%s)", to.Name, to.Layer, from.Name, from.Layer)
	default:
		return
	}
	f.Dataset, f.Key = to.Name, from.Name+" -> "+to.Name
	f.Unit = rules.Unit{Kind: "block", Name: to.Name, StartLine: e.Span.Start.Line, EndLine: e.Span.Start.Line}
	f.Places = append(f.Places, rules.Place{Span: from.Span(), Message: "`" + from.Name + "` is declared here"})
}

// maxBackwards is the share of edges (one in so many) that may run backwards before the words for layers mean something
// else in a project than by convention.
const maxBackwards = 0.3

func contradictory(edges []*graph.DatasetEdge) bool {
	backwards, crossing := 0, 0
	for _, e := range edges {
		if a, b := rank[e.From.Layer], rank[e.To.Layer]; a != b {
			crossing++
			if b < a {
				backwards++
			}
		}
	}
	return crossing > 0 && float64(backwards) > maxBackwards*float64(crossing) && crossing > 2
}

var referenceName = regexp.MustCompile(`^(?:ref|lkp|lookup|seed|map|mapping|xref|static)_|_(?:lookup|mapping|xref|seed)$|^(?:dim_)?(?:date|dates|time|calendar|country|countries|currency|currencies)(?:_dim|_table)?$`)

// isReference knows tables of constants, which every layer may read.
func isReference(d *graph.Dataset) bool {
	if d.Kind == "seed" || referenceName.MatchString(d.Parts[len(d.Parts)-1]) {
		return true
	}
	for _, p := range d.Producers {
		if p.Kind == "seed" {
			return true
		}
	}
	return false
}

// graphProjects is the folders of the dbt and SQLMesh projects.
func graphProjects(g *graph.Graph) []string {
	var out []string
	for _, f := range g.Files {
		for _, p := range f.Projects {
			if p.Tool == "dbt" || p.Tool == "sqlmesh" {
				out = append(out, strings.Trim(path.Clean("/"+p.Dir), "/"))
			}
		}
	}
	return out
}

// projectOf is the innermost project that a dataset stands in; empty for none.
func projectOf(d *graph.Dataset, projects []string) string {
	best := ""
	for _, dir := range projects {
		if len(dir) > len(best) && strings.HasPrefix(d.Span().Path, dir+"/") {
			best = dir
		}
	}
	return best
}
