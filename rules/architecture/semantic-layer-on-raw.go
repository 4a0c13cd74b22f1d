package architecture

import (
	"strings"

	"delint/graph"
	"delint/rules"
)

// SemanticLayerOnRaw reports cubes, dashboards' datasets, exposures and semantic models that read what no model has cleaned.
var SemanticLayerOnRaw = rules.Repository(rules.Rule{
	Name:     "semantic-layer-on-raw",
	Severity: rules.High,
	Class:    rules.Maintainability,
	Topic:    "governance/semantic-layer",
	Sentence: "Build semantic layers using Cube for consistent metrics and business logic",
}, func(pass *rules.Pass, g *graph.Graph) {
	seen := map[string]bool{}
	var low []*graph.Use // those of cleaned data that nothing has been made of for readers
	for _, u := range g.Uses {
		if f := g.File(u.Span.Path); f != nil && (f.Role == graph.RoleTest || f.Role == graph.RoleVendored || f.Role == graph.RoleGenerated) {
			continue
		}
		if u.Kind == "chart" || u.Kind == "dashboard" {
			continue // what they draw is reported
		}
		if u.Dataset != nil && isReference(u.Dataset) {
			continue // a table of constants, which every layer may read
		}
		name, layer := usedLayer(u)
		key := u.Tool + " " + u.By + " " + name
		if layer != graph.Ingestion && layer != graph.Transformation || seen[u.Span.Path+key] {
			continue
		}
		seen[u.Span.Path+key] = true
		if layer == graph.Transformation {
			low = append(low, u)
			continue
		}
		readsLayer(pass, u, name, layer)
	}
	if len(low) > maxLow && !g.Options.Expand {
		f := pass.ReportRepository("%d cubes, dashboards, exposures or semantic models read the transformation layer", len(low))
		f.Severity, f.Key = rules.Low, "transformation"
		for _, u := range low[:min(8, len(low))] {
			f.Places = append(f.Places, rules.Place{Span: u.Span, Message: u.By})
		}
		return
	}
	for _, u := range low {
		name, layer := usedLayer(u)
		readsLayer(pass, u, name, layer).Severity = rules.Low
	}
})

// maxLow is how many readers of the transformation layer are findings of their own.
const maxLow = 10

func readsLayer(pass *rules.Pass, u *graph.Use, name string, layer graph.Layer) *rules.Finding {
	f := pass.ReportAt(u.Span, "%s `%s` reads `%s` of the %s layer", kindName(u), u.By, name, layer)
	f.Key = u.Tool + " " + u.By + " " + name
	if u.Dataset != nil {
		f.Dataset = u.Dataset.Name
		f.Places = append(f.Places, rules.Place{Span: u.Dataset.Span(), Message: "declared here"})
	}
	return f
}

func kindName(u *graph.Use) string {
	switch {
	case u.Tool == "superset":
		return "Superset dataset"
	case u.Tool == "cube" && u.Kind == "view":
		return "view"
	}
	return u.Kind
}

// schemaLayers are the schemas that mean a layer also where nothing in the repository builds their tables.
var schemaLayers = map[string]graph.Layer{
	"bronze": graph.Ingestion, "raw": graph.Ingestion, "landing": graph.Ingestion, "silver": graph.Transformation, "staging": graph.Transformation,
}

// usedLayer is the layer of what is read: that of the dataset, else the one that its schema says by itself.
func usedLayer(u *graph.Use) (name string, layer graph.Layer) {
	if u.Dataset != nil {
		return u.Dataset.Name, u.Dataset.Layer
	}
	parts := graph.Canonical(u.Ref.Parts)
	if len(parts) < 2 || u.Ref.Tool != "sql" {
		return "", graph.Unknown
	}
	return strings.Join(parts, "."), schemaLayers[parts[len(parts)-2]]
}
