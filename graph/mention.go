package graph

// mentioned is, by dataset name, how many files other than its producers' hold the name where it may mean the dataset.
type mentioned map[string]map[string]bool

// indexMentions keeps which files mention which datasets.
func (g *Graph) indexMentions() {
	g.mentioned = mentioned{}
	for _, d := range g.Datasets {
		g.mentioned[d.Parts[len(d.Parts)-1]] = nil
		for _, p := range d.Producers {
			for _, a := range p.Alias {
				g.mentioned[lastWord(a)] = nil
			}
		}
	}
	for _, f := range g.Files {
		for _, word := range f.Mentions {
			if files, known := g.mentioned[word]; known {
				if files == nil {
					files = map[string]bool{}
					g.mentioned[word] = files
				}
				files[f.Path] = true
			}
		}
	}
}

// Mentioned reports whether a file other than those that declare a dataset holds its name in text that may be a query, an
// argument or a setting: the name is then in use, even where nothing says how.
func (g *Graph) Mentioned(d *Dataset) bool {
	own := map[string]bool{}
	names := []string{d.Parts[len(d.Parts)-1]}
	for _, p := range d.Producers {
		own[p.Span.Path] = true
		for _, a := range p.Alias {
			names = append(names, lastWord(a))
		}
	}
	for _, name := range names {
		for file := range g.mentioned[name] {
			if !own[file] {
				return true
			}
		}
	}
	return false
}

// lastWord is the last piece of an alias: orders of "source:raw.orders" and "asset:raw/orders".
func lastWord(alias string) string {
	start := 0
	for i := range len(alias) {
		if alias[i] == ':' || alias[i] == '.' || alias[i] == '/' {
			start = i + 1
		}
	}
	return alias[start:]
}
