package architecture

import (
	"path"
	"regexp"
	"slices"
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
	present := map[string]map[graph.Layer]bool{}
	senses := map[string]*sense{}
	for _, d := range g.Datasets {
		if !d.InScope || d.Layer == graph.Unknown {
			continue
		}
		in := projectOf(d, projects)
		if present[in] == nil {
			present[in] = map[graph.Layer]bool{}
		}
		if !isSource(d) { // what is declared only is always ingestion
			present[in][layerOf(d)] = true
		}
		for _, e := range d.Edges {
			if layered(e) {
				count(senses, in, e)
			}
		}
	}
	below := map[*graph.Dataset][]*graph.DatasetEdge{} // what is read from the layer below it
	for _, d := range g.Datasets {
		in := projectOf(d, projects)
		said := map[place]bool{} // a loop reads many datasets at one place: one finding
		for _, e := range d.Edges {
			at := place{e.Span.Path, e.Span.Start.Byte}
			if !layered(e) || said[at] || isReference(e.From) || g.AllowedEdge(e.From, e.To) || contrary(senses, in, e) {
				continue
			}
			if step := rank[layerOf(e.To)] - rank[layerOf(e.From)]; step < 0 {
				said[at] = true
				below[e.From] = append(below[e.From], e)
			} else if step > 1 && present[in][graph.Transformation] {
				said[at] = true
				layerEdge(pass, e, "`%s` (%s) reads `%s` (%s) past the transformation layer", e.To.Name, layerOf(e.To), e.From.Name, layerOf(e.From))
			}
		}
	}
	for _, d := range g.Datasets {
		if edges := below[d]; len(edges) > maxReaders && !g.Options.Expand {
			shared(pass, d, edges)
			continue
		}
		for _, e := range below[d] {
			f := layerEdge(pass, e, "`%s` (%s) reads `%s` from the layer above it (%s)", e.To.Name, layerOf(e.To), e.From.Name, layerOf(e.From))
			if intermediate(e.To) {
				f.Severity = rules.Medium
			}
		}
	}
})

type place struct {
	path string
	at   int
}

// layerOf is a dataset's layer. A model in a folder of sources renames and types what the declared ones hold: that is staging by
// another name.
func layerOf(d *graph.Dataset) graph.Layer {
	if d.Layer == graph.Ingestion && (d.Tool == "dbt" || d.Tool == "sqlmesh") && !isSource(d) && d.Kind != "seed" &&
		slices.ContainsFunc(strings.Split(path.Dir(d.Span().Path), "/"), func(folder string) bool { return folder == "sources" || folder == "source" }) {
		return graph.Transformation
	}
	return d.Layer
}

// intermediate reports whether a dataset is a step between staging and marts, which now and then takes what a mart has worked out.
func intermediate(d *graph.Dataset) bool {
	if d.Tool != "dbt" && d.Tool != "sqlmesh" || strings.HasPrefix(d.Parts[len(d.Parts)-1], "stg_") {
		return false
	}
	return strings.HasPrefix(d.Parts[len(d.Parts)-1], "int_") || slices.ContainsFunc(strings.Split(path.Dir(d.Span().Path), "/"), func(f string) bool {
		return f == "intermediate" || f == "int" || f == "base"
	})
}

// maxReaders is how many datasets may read one of the layer above before the one that they read is what stands in the wrong layer.
const maxReaders = 3

// shared says once of a dataset that many of the layer below read it.
func shared(pass *rules.Pass, d *graph.Dataset, edges []*graph.DatasetEdge) {
	f := pass.ReportAt(d.Span(), "%d datasets of the layer below read `%s` (%s)", len(edges), d.Name, layerOf(d))
	f.Severity, f.Dataset, f.Key = rules.Medium, d.Name, "read from below"
	f.Unit = rules.Unit{Kind: "block", Name: d.Name, StartLine: d.Span().Start.Line, EndLine: d.Span().Start.Line}
	for _, e := range edges[:min(8, len(edges))] {
		f.Places = append(f.Places, rules.Place{Span: e.Span, Message: "`" + e.To.Name + "` reads it"})
	}
}

// layered reports whether both ends of an edge have a layer beyond doubt.
func layered(e *graph.DatasetEdge) bool {
	if e.Confidence != graph.Exact || !e.From.InScope || !e.To.InScope || e.From.Layer == graph.Unknown || e.To.Layer == graph.Unknown {
		return false
	}
	if e.To.Kind == "snapshot" || e.From.Kind == "snapshot" {
		return false // history is taken of any layer, and is no layer
	}
	// a declared source is what others load, unless its schema is one of this project's own marts
	return !isSource(e.From) || len(e.From.Parts) < 2 || graph.WordLayer(e.From.Parts[len(e.From.Parts)-2]) != graph.Consumption
}

func isSource(d *graph.Dataset) bool { return d.Kind == "source" || d.Kind == "external" }

var rank = map[graph.Layer]int{graph.Ingestion: 0, graph.Transformation: 1, graph.Consumption: 2}

// layerEdge reports an edge that skips a layer or runs backwards.
func layerEdge(pass *rules.Pass, e *graph.DatasetEdge, message string, args ...any) *rules.Finding {
	from, to := e.From, e.To
	f := pass.ReportAt(e.Span, message, args...)
	f.Dataset, f.Key = to.Name, from.Name+" -> "+to.Name
	f.Unit = rules.Unit{Kind: "block", Name: to.Name, StartLine: e.Span.Start.Line, EndLine: e.Span.Start.Line}
	f.Places = append(f.Places, rules.Place{Span: from.Span(), Message: "`" + from.Name + "` is declared here"})
	return f
}

// sense counts, for one word that names layers in a project, the edges between layers and those that run backwards.
type sense struct{ crossing, backwards int }

// maxBackwards is the share of edges that may run backwards before a word for a layer means something else in a project
// than by convention; fewer than three edges tell nothing.
const maxBackwards = 0.3

func count(senses map[string]*sense, in string, e *graph.DatasetEdge) {
	a, b := rank[layerOf(e.From)], rank[layerOf(e.To)]
	if a == b {
		return
	}
	for _, w := range append(words(e.To), words(e.From)...) {
		s := senses[in+" "+w]
		if s == nil {
			s = &sense{}
			senses[in+" "+w] = s
		}
		s.crossing++
		if b < a {
			s.backwards++
		}
	}
}

// contrary reports whether an edge runs backwards only because a word of what reads has another sense here.
func contrary(senses map[string]*sense, in string, e *graph.DatasetEdge) bool {
	if rank[layerOf(e.To)] >= rank[layerOf(e.From)] {
		return false
	}
	for _, w := range words(e.To) {
		if s := senses[in+" "+w]; s.crossing > 2 && float64(s.backwards) > maxBackwards*float64(s.crossing) {
			return true
		}
	}
	return false
}

// words is what may have given a dataset its layer: its schema, its folder, the prefix of its name.
func words(d *graph.Dataset) []string {
	var out []string
	if len(d.Parts) > 1 {
		out = append(out, "schema "+d.Parts[len(d.Parts)-2])
	}
	folders := strings.Split(path.Dir(d.Span().Path), "/")
	for i := len(folders) - 1; i >= 0; i-- {
		if graph.WordLayer(folders[i]) != graph.Unknown {
			out = append(out, "folder "+folders[i])
			break
		}
	}
	if prefix, _, ok := strings.Cut(d.Parts[len(d.Parts)-1], "_"); ok {
		out = append(out, "prefix "+prefix)
	}
	return out
}

var referenceName = regexp.MustCompile(`^(?:ref|lkp|lookup|seed|map|mapping|xref|static)_|_(?:lookup|mapping|xref|seed)$|^(?:dim_)?(?:date|dates|time|calendar|country|countries|currency|currencies)(?:_dim|_table|_days?|_dates?|_spine|_months?|_weeks?|_periods?)?$`)

// isReference knows tables of constants, which every layer may read: by their names, or because they are made of seeds only.
func isReference(d *graph.Dataset) bool {
	if len(d.Reads) > 0 && !slices.ContainsFunc(d.Reads, func(r *graph.Dataset) bool { return r.Kind != "seed" }) {
		return true
	}
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
