package graph

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// layerWords says which layer a schema or folder of that name is.
var layerWords = map[string]Layer{}

// plainWords are the words that mean a layer wherever a folder has them; the others do so below a folder of models only.
var plainWords = map[string]bool{}

var _ = func() bool {
	for layer, words := range map[Layer]string{
		Ingestion:      "bronze raw landing lz ingest source sources ods_raw l0 l1_raw stage0",
		Transformation: "silver staging stg base intermediate int cleansed conformed curated enriched core vault rdv bdv ods",
		Consumption: "gold mart marts datamart reporting rpt analytics presentation serving semantic bi dm publish published " +
			"consumption",
	} {
		for _, w := range strings.Fields(words) {
			layerWords[w] = layer
		}
	}
	for _, w := range strings.Fields("bronze raw landing silver staging gold mart marts datamart") {
		plainWords[w] = true
	}
	return true
}()

var vaultWords = map[string]bool{"dv": true, "vault": true, "datavault": true, "rdv": true, "bdv": true}

var modelPrefixes = []struct {
	prefix string
	layer  Layer
}{
	{"base_", Transformation}, {"stg_", Transformation}, {"int_", Transformation}, {"snap_", Transformation},
	{"fct_", Consumption}, {"fact_", Consumption}, {"dim_", Consumption}, {"rpt_", Consumption}, {"agg_", Consumption},
	{"mart_", Consumption},
}

// WordLayer is the layer that a word names: a schema, a key prefix, a group. A word of several pieces (raw_stripe,
// finance_mart) has the layer of its first or last piece, if that is one of the words that mean nothing else.
func WordLayer(word string) Layer {
	word = strings.ToLower(word)
	if l := layerWords[word]; l != Unknown {
		return l
	}
	pieces := strings.FieldsFunc(word, func(r rune) bool { return r == '_' || r == '-' })
	if slices.ContainsFunc(pieces, func(p string) bool { return vaultWords[p] }) {
		return Transformation // the raw part of a data vault is modelled data too
	}
	for _, p := range []int{0, len(pieces) - 1} {
		if len(pieces) > 1 && plainWords[pieces[p]] {
			return layerWords[pieces[p]]
		}
	}
	return Unknown
}

var modelFolder = regexp.MustCompile(`^(?:models?)$`)

// folderLayer is the layer that the innermost telling folder of a file names. Below a folder of models every word of the
// lists tells; elsewhere (a folder core/ or analytics/ of an application) only those that mean nothing else.
func folderLayer(file string, models bool) Layer {
	folders := strings.Split(path.Dir(strings.ToLower(file)), "/")
	below := len(folders)
	if models {
		below = slices.IndexFunc(folders, modelFolder.MatchString)
	}
	for i := len(folders) - 1; i >= 0; i-- {
		if below >= 0 && i > below {
			if l := WordLayer(folders[i]); l != Unknown {
				return l
			}
		} else if plainWords[folders[i]] {
			return layerWords[folders[i]]
		}
	}
	return Unknown
}

// layerOf decides a dataset's layer; the first that says one wins.
func (g *Graph) layerOf(d *Dataset) Layer {
	if l := g.configuredLayer(d); l != Unknown {
		return l
	}
	for _, p := range d.Producers {
		if p.Layer != Unknown {
			return p.Layer
		}
	}
	if d.Kind == "path" {
		return pathLayer(d.Parts[0])
	}
	if d.Kind == "source" || d.Kind == "external" || d.Kind == "seed" {
		return Ingestion // declared so, whatever its schema is called
	}
	for i := len(d.Parts) - 2; i >= 0; i-- {
		word := strings.ReplaceAll(d.Parts[i], Hole, "")
		if i < len(d.Parts)-2 && !plainWords[strings.ToLower(word)] {
			continue // a database called analytics or core holds all layers
		}
		if l := WordLayer(word); l != Unknown {
			return l
		}
	}
	for _, p := range d.Producers {
		if l := folderLayer(p.Span.Path, p.Tool == "dbt" || p.Tool == "sqlmesh"); l != Unknown {
			return l
		}
	}
	if d.Tool != "dbt" && d.Tool != "sqlmesh" {
		return Unknown
	}
	name := d.Parts[len(d.Parts)-1]
	for _, p := range modelPrefixes {
		if strings.HasPrefix(name, p.prefix) {
			return p.layer
		}
	}
	return Unknown
}

func pathLayer(p string) Layer {
	segments := strings.Split(strings.ToLower(p), "/")
	for i := len(segments) - 1; i >= 0; i-- {
		if l := WordLayer(strings.ReplaceAll(segments[i], Hole, "")); l != Unknown {
			return l
		}
	}
	return Unknown
}

func (g *Graph) configuredLayer(d *Dataset) Layer {
	for _, layer := range []Layer{Ingestion, Transformation, Consumption} {
		for _, pattern := range g.Options.Layers[string(layer)] {
			if g.globbed(d, pattern) {
				return layer
			}
		}
	}
	return Unknown
}

// globbed reports whether a glob of the configuration means the dataset: by name, by schema, or by a producer's path.
func (g *Graph) globbed(d *Dataset, pattern string) bool {
	pattern = strings.ToLower(pattern)
	if ok, _ := path.Match(pattern, d.Name); ok || pattern == d.Name {
		return true
	}
	if len(d.Parts) > 1 {
		if ok, _ := path.Match(pattern, d.Parts[len(d.Parts)-2]); ok {
			return true
		}
	}
	for _, p := range d.Producers {
		if glob(strings.ReplaceAll(pattern, "**", "*"), strings.ToLower(p.Span.Path), "*") && strings.Contains(pattern, "/") {
			return true
		}
	}
	return false
}

// allowedEdges is the key of the configured layers that lists edges a layer rule accepts: "bronze.late_* -> gold.*".
const allowedEdges = "allowed-edges"

// AllowedEdge reports whether the configuration accepts that a dataset reads another, whatever their layers.
func (g *Graph) AllowedEdge(from, to *Dataset) bool {
	for _, e := range g.Options.Layers[allowedEdges] {
		a, b, ok := strings.Cut(e, "->")
		if ok && g.globbed(from, strings.TrimSpace(a)) && g.globbed(to, strings.TrimSpace(b)) {
			return true
		}
	}
	return false
}
