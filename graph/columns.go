package graph

import (
	"slices"
	"strings"
)

// linkColumns gives every dataset the columns that it is known to have, and every column its sources: what is declared, and what
// the queries project, with stars expanded through datasets whose columns are known. Datasets are taken after those that they
// read; where they read in a circle, the columns of the one that is met again are not known.
func (g *Graph) linkColumns() {
	l := &columnLinker{g: g, state: make(map[*Dataset]uint8, len(g.Datasets)), columns: make(map[*Dataset]map[string]*Column, len(g.Datasets)), altered: map[string]bool{}}
	for _, f := range g.Files {
		alters := f.Alters
		if inexact, ok := g.pending.replayed[f.Path]; ok {
			alters = inexact
		}
		for _, name := range alters {
			l.altered[name] = true
		}
	}
	for _, d := range g.Datasets {
		l.dataset(d)
	}
}

type columnLinker struct {
	g       *Graph
	state   map[*Dataset]uint8 // 1 while its columns are being linked, 2 after
	columns map[*Dataset]map[string]*Column
	altered map[string]bool
	edges   []ColumnEdge // made together
}

// columnSet is the columns of one dataset while they are collected.
type columnSet struct {
	d      *Dataset
	byName map[string]*Column
	// closed says that the declarations hold every column.
	closed bool
	// pool holds columns that were made together.
	pool []Column
}

func (s *columnSet) column(name string) (c *Column, added bool) {
	key := strings.ToLower(name)
	if c := s.byName[key]; c != nil {
		return c, false
	}
	if len(s.pool) == 0 {
		s.pool = make([]Column, 8)
	}
	c, s.pool = &s.pool[0], s.pool[1:]
	c.Name, c.Confidence = name, Exact
	s.byName[key] = c
	s.d.Columns = append(s.d.Columns, c)
	return c, true
}

// dataset links the columns of a dataset after those of what it reads. It walks with a stack of its own: chains may be long.
func (l *columnLinker) dataset(d *Dataset) {
	open := []*Dataset{d}
	for len(open) > 0 {
		next := open[len(open)-1]
		if l.state[next] == 2 {
			open = open[:len(open)-1]
			continue
		}
		l.state[next] = 1
		waits := false
		for _, r := range next.Reads {
			if l.state[r] == 0 {
				open = append(open, r)
				waits = true
			}
		}
		if !waits {
			l.link(next)
			l.state[next] = 2
			open = open[:len(open)-1]
		}
	}
}

// known reports whether the columns of a dataset are linked.
func (l *columnLinker) known(d *Dataset) bool { return l.state[d] == 2 }

func (l *columnLinker) link(d *Dataset) {
	size := 0
	for _, p := range d.Producers {
		size = max(size, len(p.Columns), l.size(p))
	}
	if size == 0 && len(d.Contracts) == 0 {
		return
	}
	s := &columnSet{d: d, byName: make(map[string]*Column, size), pool: make([]Column, size)}
	d.Columns = make([]*Column, 0, size)
	l.columns[d] = s.byName
	for _, p := range d.Producers { // those that are whole say the order
		if p.ColumnsAll && !l.altered[d.Parts[len(d.Parts)-1]] {
			s.closed = true
			s.declare(p.Columns)
			break
		}
	}
	queries, complete := 0, true
	for _, p := range d.Producers {
		if len(p.Outputs) > 0 {
			queries++
			complete = l.project(s, p) && complete
		}
	}
	d.Projected = queries > 0 && complete && !l.unread(d)
	exact := s.closed || d.Projected
	for _, p := range d.Producers {
		s.describe(p.Columns, exact)
	}
	for _, c := range d.Contracts {
		s.describe(c.Columns, exact || c.Extra)
	}
	d.ColumnsExact = exact && len(d.Columns) > 0
}

// size guesses how many columns a query projects.
func (l *columnLinker) size(p *DatasetFact) int {
	n := len(p.Outputs)
	for _, o := range p.Outputs {
		if o.Star && o.StarOf >= 0 && o.StarOf < len(p.Reads) {
			if of := l.g.pending.names.find(p.Reads[o.StarOf], p.Span.Path); len(of) == 1 {
				n += len(of[0].Columns)
			}
		}
	}
	return n
}

// unread reports whether something else may give the dataset columns: a producer whose query was not read, an ALTER TABLE.
func (l *columnLinker) unread(d *Dataset) bool {
	for _, p := range d.Producers {
		switch {
		case p.Kind == "source" || p.Kind == "external":
		case len(p.Outputs) == 0, p.Confidence == Partial, p.Kind == "snapshot", strings.HasPrefix(p.Settings["kind"], "SCD_TYPE_2"): // a history adds columns of its own
			return true
		}
	}
	return l.altered[d.Parts[len(d.Parts)-1]]
}

func (s *columnSet) declare(columns []ColumnFact) {
	for i := range columns {
		f := &columns[i]
		if c, added := s.column(f.Name); added {
			c.Type, c.Span = f.Type, f.Span
		}
	}
}

// describe files what is declared of columns. A declared column that nothing projects is one of the dataset only where the
// list is not known to be whole.
func (s *columnSet) describe(columns []ColumnFact, whole bool) {
	for i := range columns {
		f := &columns[i]
		if f.Name == "" {
			continue
		}
		c := s.byName[strings.ToLower(f.Name)]
		if c == nil {
			if whole {
				continue
			}
			c, _ = s.column(f.Name)
			c.Confidence, c.Span = Inferred, f.Span
		}
		if len(c.Declared) == 0 {
			c.Span = f.Span
		}
		c.Declared = append(c.Declared, f)
		if f.Type != "" {
			c.Type = f.Type
		}
	}
}

// project adds what a producer's query projects. It reports whether the names of all columns are known.
func (l *columnLinker) project(s *columnSet, p *DatasetFact) bool {
	found := make([][]*Dataset, len(p.Reads))
	asked := make([]bool, len(p.Reads))
	read := func(i int) []*Dataset {
		if !asked[i] {
			asked[i] = true
			found[i] = l.g.pending.names.find(p.Reads[i], p.Span.Path)
		}
		return found[i]
	}
	complete := true
	for i := range p.Outputs {
		o := &p.Outputs[i]
		switch {
		case o.Star:
			complete = l.star(s, p, o, read) && complete
		case o.Name == "":
			complete = false
		default:
			complete = complete && !o.Optional
			var c *Column
			added := false
			if o.Branch > 0 || s.closed {
				if c = s.byName[strings.ToLower(o.Name)]; c == nil {
					continue
				}
			} else {
				c, added = s.column(o.Name)
			}
			l.fill(c, o, p, read, added || c.Transform == "")
		}
	}
	return complete
}

// star adds the columns that a star stands for. It reports whether they are all known.
func (l *columnLinker) star(s *columnSet, p *DatasetFact, o *OutputFact, read func(int) []*Dataset) bool {
	if o.StarOf < 0 || o.StarOf >= len(p.Reads) {
		return false
	}
	of := read(o.StarOf)
	if len(of) != 1 || !l.known(of[0]) {
		return false
	}
	from := of[0]
	for _, source := range from.Columns {
		if slices.ContainsFunc(o.Except, func(x string) bool { return strings.EqualFold(x, source.Name) }) {
			continue
		}
		name := source.Name
		for old, to := range o.Replaced {
			if strings.EqualFold(old, name) {
				name = to
			}
		}
		var c *Column
		added := false
		if o.Branch > 0 || s.closed {
			if c = s.byName[strings.ToLower(name)]; c == nil {
				continue
			}
		} else {
			c, added = s.column(name)
		}
		if added || c.Transform == "" {
			c.Transform = Identity
			if name != source.Name {
				c.Transform = Rename
			}
			if c.Type == "" {
				c.Type = source.Type
			}
			if c.Span.IsZero() {
				c.Span = o.Span
			}
		}
		c.Confidence = min(c.Confidence, o.Confidence)
		if !from.ColumnsExact {
			c.Confidence = min(c.Confidence, source.Confidence)
		}
		c.from(ColumnEdge{Of: from, Column: source.Name, Transform: Identity}, l)
	}
	return from.ColumnsExact && o.Confidence == Exact && !o.Optional
}

// fill gives a column the sources of an output. first says that the output is the first that says how the column is computed.
func (l *columnLinker) fill(c *Column, o *OutputFact, p *DatasetFact, read func(int) []*Dataset, first bool) {
	if first {
		c.Transform = o.Transform
		if o.Type != "" && c.Type == "" {
			c.Type = o.Type
		}
		if c.Span.IsZero() {
			c.Span = o.Span
		}
	} else if c.Transform == Constant && o.Transform != Constant {
		c.Transform = o.Transform
	}
	c.Confidence = min(c.Confidence, o.Confidence)
	edge := func(of *Dataset, column string, indirect bool) {
		if x := l.columns[of][strings.ToLower(column)]; x != nil {
			column = x.Name
		} else if l.known(of) && of.ColumnsExact {
			c.Confidence = min(c.Confidence, Inferred) // it says that it has no such column
		}
		c.from(ColumnEdge{Of: of, Column: column, Transform: o.Transform, Masks: o.Masks, Indirect: indirect}, l)
	}
	for _, source := range o.Sources {
		switch {
		case source.Read >= 0 && source.Read < len(p.Reads):
			of := read(source.Read)
			if len(of) != 1 {
				c.Confidence = min(c.Confidence, Inferred)
			}
			if len(of) == 0 {
				c.Confidence = Partial // its relation is no dataset that the repository knows
			}
			for _, d := range of {
				edge(d, source.Column, source.Indirect)
			}
		default:
			if d := l.owner(p, source, read); d != nil {
				edge(d, source.Column, source.Indirect)
			} else {
				c.Confidence = Partial
			}
		}
	}
}

// owner is the dataset of several that has a column: the only one that is known to have it, else the only one that is not known
// to lack it. A query that runs names no column that two of its relations have.
func (l *columnLinker) owner(p *DatasetFact, source SourceFact, read func(int) []*Dataset) *Dataset {
	var has, may []*Dataset
	for _, i := range source.Of {
		if i < 0 || i >= len(p.Reads) {
			return nil
		}
		of := read(i)
		if len(of) != 1 {
			return nil
		}
		switch d := of[0]; {
		case !l.known(d):
			may = append(may, d)
		case l.columns[d][strings.ToLower(source.Column)] != nil:
			if !slices.Contains(has, d) {
				has = append(has, d)
			}
		case !d.ColumnsExact:
			may = append(may, d)
		}
	}
	if len(has) == 1 {
		return has[0]
	}
	if len(has) == 0 && len(may) == 1 {
		return may[0]
	}
	return nil
}

// from adds a source once; a direct one makes an indirect one of the same column direct.
func (c *Column) from(e ColumnEdge, l *columnLinker) {
	for _, x := range c.Sources {
		if x.Of == e.Of && strings.EqualFold(x.Column, e.Column) {
			x.Indirect = x.Indirect && e.Indirect
			if e.Masks == "" {
				x.Masks = ""
			}
			return
		}
	}
	if len(l.edges) == 0 {
		l.edges = make([]ColumnEdge, 128)
	}
	l.edges[0] = e
	c.Sources = append(c.Sources, &l.edges[0])
	l.edges = l.edges[1:]
}
