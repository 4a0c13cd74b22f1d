package lineage

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Text writes for a person at a terminal: the datasets by layer, or the trees of what was asked for.
func Text(w io.Writer, d *Document, s Style) error {
	var b strings.Builder
	if sel := d.Selection; sel != nil && len(sel.Upstream)+len(sel.Downstream) > 0 {
		for _, root := range sel.Upstream {
			newTree(&b, d, true).root(root, sel.Depth)
		}
		for _, root := range sel.Downstream {
			newTree(&b, d, false).root(root, sel.Depth)
		}
	} else {
		table(&b, d, s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// maxRows is how many datasets of a layer are listed without --expand.
const maxRows = 200

func table(b *strings.Builder, d *Document, s Style) {
	inScope, covered := 0, 0
	for _, set := range d.Datasets {
		if set.InScope {
			inScope++
			if set.Covered {
				covered++
			}
		}
	}
	fmt.Fprintf(b, "%s, %s", count(len(d.Datasets), "dataset"), count(len(d.Edges), "edge"))
	if inScope > 0 {
		fmt.Fprintf(b, "; %d of %d in scope checked", covered, inScope)
	}
	if n := len(d.Uses); n > 0 {
		fmt.Fprintf(b, "; %s", count(n, "consumer"))
	}
	if n := len(d.Contracts); n > 0 {
		fmt.Fprintf(b, "; %s", count(n, "contract"))
	}
	b.WriteString("\n")
	for _, layer := range layers {
		var rows []*Dataset
		for _, set := range d.Datasets {
			if layerOf(set) == layer {
				rows = append(rows, set)
			}
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%s (%d)\n", layer, len(rows))
		t := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
		fmt.Fprintln(t, "  dataset\tkind\tmade by\treads\tread by\tchecks\towner")
		shown := rows
		if !s.Expand {
			shown = rows[:min(maxRows, len(rows))]
		}
		for _, set := range shown {
			fmt.Fprintf(t, "  %s\t%s\t%s\t%d\t%d\t%s\t%s\n", visible(set.Name), set.Kind, set.Tool, set.Upstream, set.Downstream, checks(set), cmp.Or(visible(set.Owner), "-"))
			if s.Columns && len(set.Columns) > 0 {
				fmt.Fprintf(t, "    %s\n", strings.Join(columnNames(set), ", "))
			}
		}
		t.Flush()
		if n := len(rows) - len(shown); n > 0 {
			fmt.Fprintf(b, "  … %d more; --expand lists all\n", n)
		}
	}
	if len(d.Uses) > 0 {
		b.WriteString("\nconsumers\n")
		t := tabwriter.NewWriter(b, 0, 4, 2, ' ', 0)
		for _, u := range d.Uses {
			fmt.Fprintf(t, "  %s %s %s\treads %s\t%s:%d\n", u.Tool, u.Kind, visible(u.By), visible(cmp.Or(u.Dataset, u.Reference+" (not made here)")), visible(u.Path), u.Line)
		}
		t.Flush()
	}
}

func columnNames(d *Dataset) []string {
	var out []string
	for _, c := range d.Columns {
		out = append(out, visible(c.Name))
	}
	if !d.ColumnsExact {
		out = append(out, "…")
	}
	return out
}

func checks(d *Dataset) string {
	switch {
	case d.Checks > 0 && d.Covered:
		return fmt.Sprint(d.Checks)
	case d.Checks > 0:
		return fmt.Sprintf("%d, none that counts", d.Checks)
	case d.Covered:
		return "of its source"
	case d.Partial:
		return "unknown"
	}
	return "none"
}

// tree prints what is above or below a dataset or column.
type tree struct {
	b    *strings.Builder
	d    *Document
	up   bool
	next map[ColumnName][]step
	uses map[string][]Use
	done map[ColumnName]bool
}

// step is one line below another.
type step struct {
	to   ColumnName
	note string
}

func newTree(b *strings.Builder, d *Document, up bool) *tree {
	t := &tree{b: b, d: d, up: up, next: map[ColumnName][]step{}, uses: map[string][]Use{}, done: map[ColumnName]bool{}}
	add := func(from, to ColumnName, note string) {
		if up {
			from, to = to, from
		}
		t.next[from] = append(t.next[from], step{to, note})
	}
	for _, e := range d.Edges {
		note := fmt.Sprintf("%s:%d", visible(e.Path), e.Line)
		if e.Confidence != "exact" {
			note += ", " + e.Confidence
		}
		add(ColumnName{Dataset: e.From}, ColumnName{Dataset: e.To}, note)
	}
	for _, e := range d.ColumnEdges {
		note := e.Transform
		if e.Masks != "" {
			note += ", masked by " + visible(e.Masks)
		}
		if e.Confidence != "exact" {
			note += ", " + e.Confidence
		}
		add(e.From, e.To, note)
	}
	for _, list := range t.next {
		slices.SortStableFunc(list, func(a, b step) int {
			return cmp.Or(strings.Compare(a.to.Dataset, b.to.Dataset), strings.Compare(a.to.Column, b.to.Column))
		})
	}
	for _, u := range d.Uses {
		t.uses[u.Dataset] = append(t.uses[u.Dataset], u)
	}
	return t
}

func (t *tree) root(root ColumnName, depth int) {
	if t.b.Len() > 0 {
		t.b.WriteString("\n")
	}
	t.b.WriteString(t.label(root))
	if t.up {
		t.b.WriteString(": built from\n")
	} else {
		t.b.WriteString(": read by\n")
	}
	t.done[root] = true
	if t.below(root, "", depth, 1) == 0 {
		t.b.WriteString("  nothing in this repository\n")
	}
}

// maxTreeDepth bounds what is drawn; a chain of that many datasets is no longer read on a terminal.
const maxTreeDepth = 100

// below prints the lines under one and counts them.
func (t *tree) below(at ColumnName, indent string, depth, level int) int {
	if depth > 0 && level > depth || level > maxTreeDepth {
		return 0
	}
	steps := t.next[at]
	var uses []Use
	if !t.up && at.Column == "" {
		uses = t.uses[at.Dataset]
	}
	last := len(steps) + len(uses) - 1
	for i, s := range steps {
		branch, under := "├─ ", "│  "
		if i == last {
			branch, under = "└─ ", "   "
		}
		line := indent + branch + t.label(s.to)
		if s.note != "" {
			line += "  " + s.note
		}
		if t.done[s.to] && len(t.next[s.to]) > 0 {
			t.b.WriteString(line + "  (see above)\n")
			continue
		}
		t.done[s.to] = true
		t.b.WriteString(line + "\n")
		t.below(s.to, indent+under, depth, level+1)
	}
	for i, u := range uses {
		branch := "├─ "
		if len(steps)+i == last {
			branch = "└─ "
		}
		fmt.Fprintf(t.b, "%s%s%s %s %s  %s:%d\n", indent, branch, u.Tool, u.Kind, visible(u.By), visible(u.Path), u.Line)
	}
	return len(steps) + len(uses)
}

func (t *tree) label(n ColumnName) string {
	if n.Column != "" {
		return visible(n.Dataset + "." + n.Column)
	}
	d := t.d.Dataset(n.Dataset)
	if d == nil {
		return visible(n.Dataset)
	}
	about := []string{layerOf(d), d.Kind, checksWord(d)}
	if d.Owner != "" {
		about = append(about, "owner "+visible(d.Owner))
	}
	return fmt.Sprintf("%s (%s)", visible(d.Name), strings.Join(about, ", "))
}

func checksWord(d *Dataset) string {
	switch {
	case d.Checks == 1 && d.Covered:
		return "1 check"
	case d.Checks > 0:
		return checks(d) + " checks"
	case d.Covered:
		return "checked as its source"
	case d.Partial:
		return "checks unknown"
	}
	return "no checks"
}
