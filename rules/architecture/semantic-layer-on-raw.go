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
	for _, u := range g.Uses {
		if f := g.File(u.Span.Path); f != nil && (f.Role == graph.RoleTest || f.Role == graph.RoleVendored || f.Role == graph.RoleGenerated) {
			continue
		}
		if u.Kind == "chart" || u.Kind == "dashboard" {
			continue // what they draw is reported
		}
		name, layer := usedLayer(u)
		key := u.Tool + " " + u.By + " " + name
		if layer != graph.Ingestion && layer != graph.Transformation || seen[u.Span.Path+key] {
			continue
		}
		seen[u.Span.Path+key] = true
		f := pass.ReportAt(u.Span, "%s `%s` reads `%s` of the %s layer", kindName(u), u.By, name, layer)
		f.Key = key
		if layer == graph.Transformation {
			f.Severity = rules.Low
		}
		if u.Dataset != nil {
			f.Dataset = u.Dataset.Name
			f.Places = append(f.Places, rules.Place{Span: u.Dataset.Span(), Message: "declared here"})
		}
	}
})

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
