package lineage

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// ERD writes a Mermaid entity-relationship diagram of the datasets that have keys: what a foreign key, a test or a contract
// says of them. A relationship that is inferred is dashed.
func ERD(w io.Writer, d *Document, s Style) error {
	keys := map[string]map[string]string{} // dataset, column in lower case: PK, FK or both
	mark := func(set, column, key string) {
		if keys[set] == nil {
			keys[set] = map[string]string{}
		}
		if c := strings.ToLower(column); !strings.Contains(keys[set][c], key) {
			keys[set][c] = strings.Trim(keys[set][c]+", "+key, ", ")
		}
	}
	linked := map[string]bool{}
	for _, r := range d.References {
		linked[r.From], linked[r.To] = true, true
		for _, c := range r.Columns {
			mark(r.From, c, "FK")
		}
	}
	for _, set := range d.Datasets {
		for _, c := range set.Grain {
			mark(set.Name, c, "PK")
		}
	}
	for _, r := range d.References {
		if set := d.Dataset(r.To); set != nil && len(set.Grain) == 0 {
			for _, c := range r.ToColumns {
				mark(r.To, c, "PK")
			}
		}
	}
	var b strings.Builder
	b.WriteString("erDiagram\n")
	entities := 0
	for _, set := range d.Datasets {
		if linked[set.Name] || len(linked) == 0 && len(set.Grain) > 0 || s.Expand && len(set.Columns) > 0 {
			entities++
			entity(&b, set, keys[set.Name], s.Columns)
		}
	}
	for _, r := range d.References {
		fmt.Fprintf(&b, "  %s %s %s : \"%s\"\n", id("d", r.From), cardinality(r), id("d", r.To), mermaidLabel(visible(strings.Join(r.Columns, ", "))))
	}
	fmt.Fprintf(&b, "  %%%% %s\n", count2(entities, len(d.References)))
	if b.Len() > mermaidText {
		fmt.Fprintf(&b, "  %%%% larger than Mermaid draws by default: set maxTextSize to %d where it is drawn\n", b.Len()+100)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func count2(entities, references int) string {
	if entities == 0 {
		return "no dataset has a key that the repository declares"
	}
	e := "1 entity"
	if entities > 1 {
		e = fmt.Sprintf("%d entities", entities)
	}
	return e + ", " + count(references, "reference")
}

// entity writes a dataset with its keys, and with all of its columns where those are wanted.
func entity(b *strings.Builder, d *Dataset, keys map[string]string, columns bool) {
	fmt.Fprintf(b, "  %s[\"%s\"]", id("d", d.Name), mermaidLabel(visible(d.Name)))
	var rows []string
	seen := map[string]bool{}
	row := func(name, kind string) {
		key := keys[strings.ToLower(name)]
		if seen[strings.ToLower(name)] || key == "" && !columns {
			return
		}
		seen[strings.ToLower(name)] = true
		line := "    " + word(kind, "unknown") + " " + word(name, "column")
		if key != "" {
			line += " " + key
		}
		if plain := word(name, "column"); plain != name {
			line += ` "` + mermaidLabel(visible(name)) + `"`
		}
		rows = append(rows, line)
	}
	for _, c := range d.Columns {
		row(c.Name, c.Type)
	}
	var rest []string
	for c := range keys {
		rest = append(rest, c)
	}
	slices.Sort(rest)
	for _, c := range rest {
		row(c, "")
	}
	if len(rows) == 0 {
		b.WriteString("\n")
		return
	}
	fmt.Fprintf(b, " {\n%s\n  }\n", strings.Join(rows, "\n"))
}

// word is a text as Mermaid wants types and names of attributes: a letter, then letters, digits and underscores.
func word(s, fallback string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && (r == '_' || 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' && b.Len() > 0) {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "_") {
			b.WriteByte('_')
		}
	}
	out := strings.Trim(b.String(), "_")
	if out == "" {
		return fallback
	}
	return out
}

func cardinality(r Reference) string {
	line := "--"
	if r.Confidence != "exact" {
		line = ".."
	}
	switch r.Cardinality {
	case "one_to_one":
		return "|o" + line + "||"
	case "one_to_many":
		return "||" + line + "o{"
	case "many_to_many":
		return "}o" + line + "o{"
	}
	return "}o" + line + "||"
}
