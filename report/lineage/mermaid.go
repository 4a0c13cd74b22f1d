package lineage

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Mermaid's own limits, unless the site that draws it says otherwise; a diagram can't raise them itself.
const (
	mermaidText  = 50_000
	mermaidEdges = 500
)

// Mermaid writes a flowchart, with one frame a layer.
func Mermaid(w io.Writer, d *Document, s Style) error {
	picture := draw(d, s)
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for _, layer := range append(layers, "consumers") {
		first := true
		for _, n := range picture.nodes {
			if n.layer != layer {
				continue
			}
			if first {
				fmt.Fprintf(&b, "  subgraph layer_%s[\"%s\"]\n", layer, layer)
				first = false
			}
			n.mermaid(&b)
		}
		if !first {
			b.WriteString("  end\n")
		}
	}
	for _, l := range picture.links {
		arrow := "-->"
		if l.dashed {
			arrow = "-.->"
		}
		if l.count > 1 {
			arrow += fmt.Sprintf("|%d|", l.count)
		}
		fmt.Fprintf(&b, "  %s %s %s\n", end(l.from, l.fromField), arrow, end(l.to, l.toField))
	}
	b.WriteString(mermaidClasses)
	fmt.Fprintf(&b, "  %%%% %s\n", picture.note())
	if n := len(picture.links); b.Len() > mermaidText || n > mermaidEdges {
		fmt.Fprintf(&b, "  %%%% larger than Mermaid draws by default: set maxTextSize to %d and maxEdges to %d where it is drawn\n", b.Len()+200, n)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (n node) mermaid(b *strings.Builder) {
	label := mermaidLabel(n.text())
	if len(n.fields) > 0 {
		fmt.Fprintf(b, "    subgraph %s[\"%s\"]\n", id("d", n.name), label)
		for _, f := range n.fields {
			fmt.Fprintf(b, "      %s[\"%s\"]:::column\n", end(n.name, f.name), mermaidLabel(visible(f.name)))
		}
		b.WriteString("    end\n")
		return
	}
	open, closing := `["`, `"]`
	switch n.class {
	case "source":
		open, closing = `[("`, `")]`
	case "consumer":
		open, closing = `(["`, `"])`
	case "group":
		open, closing = `[["`, `"]]`
	}
	fmt.Fprintf(b, "    %s%s%s%s:::%s\n", id("d", n.name), open, label, closing, n.class)
}

// end is the id of a box, or of a column in it.
func end(name, field string) string {
	if field == "" {
		return id("d", name)
	}
	return id("c", name, strings.ToLower(field))
}

const mermaidClasses = `  classDef source fill:#e8eef7,stroke:#3b5b8c,color:#111
  classDef table fill:#eef6ec,stroke:#3f7a3a,color:#111
  classDef view fill:#ffffff,stroke:#3f7a3a,color:#111,stroke-dasharray:4 2
  classDef path fill:#f6f1e4,stroke:#8a6d1f,color:#111
  classDef group fill:#f2f2f2,stroke:#555,color:#111
  classDef consumer fill:#f7e9f2,stroke:#8c3b6e,color:#111
  classDef column fill:#ffffff,stroke:#999,color:#111
`

// mermaidLabel is a text that means nothing to Mermaid: what is neither a letter nor plain becomes an entity code.
func mermaidLabel(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r > 0x7f && unicode.IsOneOf([]*unicode.RangeTable{unicode.M, unicode.S, unicode.P}, r) ||
			r < 0x7f && strings.ContainsRune("_ ./-(),", r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	if b.Len() == 0 {
		return " "
	}
	return b.String()
}
