package lineage

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// D2 writes a diagram for the D2 compiler, with one container a layer.
func D2(w io.Writer, d *Document, s Style) error {
	picture := draw(d, s)
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\ndirection: right\n\n%s\n", picture.note(), d2Classes)
	place := map[string]string{}
	for _, layer := range append(layers, "consumers") {
		var in []node
		taken := map[string]bool{}
		for _, n := range picture.nodes {
			if n.layer != layer {
				continue
			}
			k := d2Key(n.name, taken)
			place[n.name] = layer + "." + k
			in = append(in, n)
			if len(in) == 1 {
				fmt.Fprintf(&b, "%s: {\n  class: layer\n", layer)
			}
			fmt.Fprintf(&b, "  %s: %s {\n    class: %s\n", k, d2Text(n.text()), n.class)
			if len(n.fields) > 0 {
				b.WriteString("    shape: sql_table\n")
				for _, f := range n.fields {
					fmt.Fprintf(&b, "    %s: %s\n", d2Text(visible(f.name)), d2Text(visible(f.kind)))
				}
			}
			b.WriteString("  }\n")
		}
		if len(in) > 0 {
			b.WriteString("}\n")
		}
	}
	b.WriteString("\n")
	for _, l := range picture.links {
		from, to := place[l.from], place[l.to]
		if l.fromField != "" {
			from, to = from+"."+d2Text(visible(l.fromField)), to+"."+d2Text(visible(l.toField))
		}
		fmt.Fprintf(&b, "%s -> %s", from, to)
		if l.count > 1 {
			fmt.Fprintf(&b, ": %d", l.count)
		}
		if l.dashed {
			b.WriteString(" {class: inferred}")
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const d2Classes = `classes: {
  layer: {style: {fill: "#fafafa"; stroke: "#999999"}}
  source: {shape: cylinder; style: {fill: "#e8eef7"; stroke: "#3b5b8c"}}
  table: {style: {fill: "#eef6ec"; stroke: "#3f7a3a"}}
  view: {style: {fill: "#ffffff"; stroke: "#3f7a3a"; stroke-dash: 3}}
  path: {shape: page; style: {fill: "#f6f1e4"; stroke: "#8a6d1f"}}
  group: {style: {fill: "#f2f2f2"; stroke: "#555555"; multiple: true}}
  consumer: {shape: oval; style: {fill: "#f7e9f2"; stroke: "#8c3b6e"}}
  inferred: {style: {stroke-dash: 4}}
}
`

var d2Plain = regexp.MustCompile(`^[a-z0-9][a-z0-9 ._/:-]*$`)

// d2Key is a key for a name: the name itself where it means nothing else to D2, else a short id. Keys have no case.
func d2Key(name string, taken map[string]bool) string {
	k := "'" + name + "'"
	if !d2Plain.MatchString(name) || !strings.ContainsAny(name, "._/") || taken[name] {
		k = id("d", name)
	}
	taken[name] = true
	return k
}

// d2Text is a string in single quotes, in which D2 knows no escapes and no substitutions.
func d2Text(s string) string {
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
