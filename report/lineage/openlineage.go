package lineage

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// producer is the URI of what makes the events; each facet names it.
const producer = "https://pkg.go.dev/delint"

// The schemas that the events follow, in the versions that they are tested against.
const (
	openLineage  = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"
	facetSchemas = "https://openlineage.io/spec/facets/"
)

type object = map[string]any

// OpenLineage writes one event a line: a JobEvent for every dataset that something builds and a DatasetEvent for the others;
// with Style.Run a completed run of every job, for catalogues that read nothing else.
func OpenLineage(w io.Writer, d *Document, s Style) error {
	e := &events{asked: s.Namespace != "", d: d, s: s, inputs: map[string][]string{}, columns: map[string][]ColumnEdge{}, made: map[string]int{}}
	if e.s.Namespace == "" {
		e.s.Namespace = "delint://" + urlPart(cmp.Or(d.Project, "repository"))
	}
	e.s.EventTime = cmp.Or(e.s.EventTime, "1970-01-01T00:00:00Z")
	for _, set := range d.Datasets {
		for _, p := range set.Producers {
			e.made[p.Path]++
		}
	}
	for _, edge := range d.Edges {
		e.inputs[edge.To] = append(e.inputs[edge.To], edge.From)
	}
	for _, edge := range d.ColumnEdges {
		e.columns[edge.To.Dataset] = append(e.columns[edge.To.Dataset], edge)
	}
	for _, set := range d.Datasets {
		event := e.event(set)
		if event == nil {
			continue
		}
		line, err := json.Marshal(event)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(safeJSON(line), '\n')); err != nil {
			return err
		}
	}
	return nil
}

// place is a dataset's namespace and name by OpenLineage's convention: a path stands in its bucket, a table of BigQuery in
// bigquery. Other warehouses are named by their host, which a repository should not hold: those stand in the namespace of the
// repository, and all do in one that was asked for.
func (e *events) place(d *Dataset) (namespace, name string) {
	if e.asked {
		return e.s.Namespace, d.Name
	}
	if scheme, rest, ok := strings.Cut(d.Name, "://"); ok && d.Kind == "path" {
		if bucket, key, ok := strings.Cut(rest, "/"); ok && bucket != "" && key != "" {
			return urlPart(scheme) + "://" + urlPart(bucket), key
		}
	}
	if len(d.Parts) == 3 && slices.ContainsFunc(d.Producers, func(p Producer) bool { return p.Dialect == "bigquery" }) {
		return "bigquery", d.Name
	}
	return e.s.Namespace, d.Name
}

type events struct {
	asked   bool // for a namespace
	d       *Document
	s       Style
	inputs  map[string][]string
	columns map[string][]ColumnEdge
	made    map[string]int // datasets, by path
}

func (e *events) event(d *Dataset) object {
	event := object{"eventTime": e.s.EventTime, "producer": producer}
	if len(e.inputs[d.Name]) == 0 && !builds(d) {
		if e.s.Run {
			return nil
		}
		event["schemaURL"] = openLineage + "DatasetEvent"
		event["dataset"] = e.dataset(d, false)
		return event
	}
	inputs := []object{}
	for _, name := range e.inputs[d.Name] {
		inputs = append(inputs, e.dataset(e.d.Dataset(name), false))
	}
	event["job"] = object{"namespace": e.s.Namespace, "name": d.Name, "facets": e.job(d)}
	event["inputs"], event["outputs"] = inputs, []object{e.dataset(d, true)}
	event["schemaURL"] = openLineage + "JobEvent"
	if e.s.Run {
		event["schemaURL"] = openLineage + "RunEvent"
		event["eventType"] = "COMPLETE"
		event["run"] = object{"runId": uuid(e.s.Namespace, d.Name)}
	}
	return event
}

// builds reports whether something in the repository makes the dataset, and does not only declare it.
func builds(d *Dataset) bool { return class(d) != "source" }

func facet(schema string, fields object) object {
	name := path.Base(schema)
	fields["_producer"], fields["_schemaURL"] = producer, facetSchemas+schema+".json#/$defs/"+name
	return fields
}

func (e *events) dataset(d *Dataset, output bool) object {
	facets := object{}
	if len(d.Columns) > 0 {
		var fields []object
		for _, c := range d.Columns {
			f := object{"name": c.Name}
			if c.Type != "" {
				f["type"] = c.Type
			}
			if c.Description != "" {
				f["description"] = c.Description
			}
			fields = append(fields, f)
		}
		facets["schema"] = facet("1-2-0/SchemaDatasetFacet", object{"fields": fields})
	}
	if d.Owner != "" {
		facets["ownership"] = facet("1-0-1/OwnershipDatasetFacet", object{"owners": []object{{"name": d.Owner, "type": "OWNER"}}})
	}
	if d.Description != "" {
		facets["documentation"] = facet("1-1-0/DocumentationDatasetFacet", object{"description": d.Description})
	}
	if fields := e.lineage(d); output && len(fields) > 0 {
		facets["columnLineage"] = facet("1-2-0/ColumnLineageDatasetFacet", object{"fields": fields})
	}
	namespace, name := e.place(d)
	return object{"namespace": namespace, "name": name, "facets": facets}
}

// subtypes are OpenLineage's words for our transforms.
var subtypes = map[string]string{
	"identity": "IDENTITY", "rename": "IDENTITY", "cast": "TRANSFORMATION", "expression": "TRANSFORMATION", "aggregate": "AGGREGATION",
}

// lineage is, by column, what it is computed from.
func (e *events) lineage(d *Dataset) object {
	fields := object{}
	for _, c := range e.columns[d.Name] {
		if c.Confidence == "partial" {
			continue
		}
		transformation := object{"type": "DIRECT", "subtype": cmp.Or(subtypes[c.Transform], "TRANSFORMATION"), "masking": c.Masks != ""}
		if c.Masks != "" {
			transformation["description"] = "masked by " + c.Masks
		}
		of, _ := fields[c.To.Column].(object)
		if of == nil {
			of = object{"inputFields": []object{}}
			fields[c.To.Column] = of
		}
		namespace, name := e.place(e.d.Dataset(c.From.Dataset))
		of["inputFields"] = append(of["inputFields"].([]object), object{
			"namespace": namespace, "name": name, "field": c.From.Column, "transformations": []object{transformation},
		})
	}
	return fields
}

func (e *events) job(d *Dataset) object {
	facets := object{"jobType": facet("2-0-4/JobTypeJobFacet", object{"processingType": "BATCH", "integration": strings.ToUpper(d.Tool), "jobType": jobType(d)})}
	made := slices.IndexFunc(d.Producers, func(p Producer) bool { return p.Kind != "source" && p.Kind != "external" })
	if made < 0 {
		return facets
	}
	p := d.Producers[made]
	facets["sourceCodeLocation"] = facet("1-1-0/SourceCodeLocationJobFacet", object{
		"type": "git", "url": fmt.Sprintf("delint:///%s#L%d", urlPath(p.Path), p.Line), "path": p.Path,
	})
	if text := e.sql(p); text != "" {
		sql := object{"query": text}
		if p.Dialect != "" {
			sql["dialect"] = p.Dialect
		}
		facets["sql"] = facet("1-1-0/SQLJobFacet", sql)
	}
	if d.Owner != "" {
		facets["ownership"] = facet("1-0-1/OwnershipJobFacet", object{"owners": []object{{"name": d.Owner, "type": "OWNER"}}})
	}
	return facets
}

func jobType(d *Dataset) string {
	if d.Tool == "dbt" || d.Tool == "sqlmesh" {
		return "MODEL"
	}
	return "QUERY"
}

// sql is the text of a file of SQL that makes one dataset and no other.
func (e *events) sql(p Producer) string {
	if e.d.text == nil || path.Ext(p.Path) != ".sql" {
		return ""
	}
	if e.made[p.Path] != 1 {
		return ""
	}
	return strings.ToValidUTF8(string(e.d.text(p.Path)), "\ufffd")
}

// uuid is a UUID of version 8 (RFC 9562) that depends on nothing but the job: the same run whenever it is written.
func uuid(namespace, name string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d:%s%s", len(namespace), namespace, name))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// urlPath percent-encodes what a path may hold and a URL may not.
func urlPath(p string) string {
	var out []string
	for _, s := range strings.Split(p, "/") {
		out = append(out, urlPart(s))
	}
	return strings.Join(out, "/")
}

func urlPart(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
