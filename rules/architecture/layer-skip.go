package architecture

import (
	"maps"
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
	ends := map[string]int{}   // consumption datasets by project
	built := map[string]bool{} // schemas that models are built in
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
			if layerOf(d) == graph.Consumption {
				ends[in]++
			}
			if len(d.Parts) > 1 {
				built[d.Parts[len(d.Parts)-2]] = true
			}
		}
		for _, e := range d.Edges {
			if layered(e) {
				count(senses, in, e)
			}
		}
	}
	skips := map[string][]*graph.DatasetEdge{}         // by project
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
				if vague(e.To) {
					continue
				}
				said[at] = true
				below[e.From] = append(below[e.From], e)
			} else if step > 1 && present[in][graph.Transformation] && !(isSource(e.From) && len(e.From.Parts) > 1 && built[e.From.Parts[len(e.From.Parts)-2]]) {
				said[at] = true
				skips[in] = append(skips[in], e)
			}
		}
	}
	for _, in := range slices.Sorted(maps.Keys(skips)) {
		edges := skips[in]
		to := map[*graph.Dataset]bool{}
		for _, e := range edges {
			to[e.To] = true
		}
		if len(to) > maxSkipping && len(to)*4 > ends[in] && !g.Options.Expand {
			f := pass.ReportRepository("%d of %d consumption datasets%s read raw data past the transformation layer", len(to), ends[in], within(in))
			f.Severity, f.Key = rules.Medium, "skipped by many "+in
			for _, e := range edges[:min(8, len(edges))] {
				f.Places = append(f.Places, rules.Place{Span: e.Span, Message: "`" + e.To.Name + "` reads `" + e.From.Name + "`"})
			}
			continue
		}
		for _, e := range edges {
			layerEdge(pass, e, "`%s` (%s) reads `%s` (%s) past the transformation layer", e.To.Name, layerOf(e.To), e.From.Name, layerOf(e.From))
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

// maxSkipping is how many datasets of a project may read raw data before the project has no layers rather than a hole in one.
const maxSkipping = 10

func within(project string) string {
	if project == "" {
		return ""
	}
	return " of `" + project + "`"
}

// vagueWords are schemas and folders that some projects call their last layer by, and some their first.
var vagueWords = map[string]bool{"core": true, "base": true, "raw": true, "curated": true, "enriched": true, "ods": true, "int": true}

// vague reports whether a model has its layer from a word that means this or that, and from nothing else: what it reads says more
// than the word does.
func vague(d *graph.Dataset) bool {
	if d.Tool != "dbt" && d.Tool != "sqlmesh" {
		return false
	}
	name := d.Parts[len(d.Parts)-1]
	if strings.HasPrefix(name, "stg_") || strings.HasPrefix(name, "int_") || strings.HasPrefix(name, "base_") {
		return false
	}
	if len(d.Parts) > 1 && vagueWords[d.Parts[len(d.Parts)-2]] {
		return true
	}
	folders := strings.Split(path.Dir(d.Span().Path), "/")
	for i := len(folders) - 1; i >= 0; i-- {
		if graph.WordLayer(folders[i]) != graph.Unknown {
			return vagueWords[folders[i]]
		}
	}
	return false
}

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
	if isSource(e.From) && modelled.MatchString(e.From.Parts[len(e.From.Parts)-1]) {
		return false // another project's model
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

// modelled knows the names of what a project has modelled.
var modelled = regexp.MustCompile(`^(?:dim|fct|fact|int|stg|agg|rpt|mart|edw|itg)_|_(?:gold|silver)$`)

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
