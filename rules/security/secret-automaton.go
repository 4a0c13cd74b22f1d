package security

// automaton finds every keyword of the secret engine in one pass over a text, without regard to ASCII case: Aho and
// Corasick's machine with all failure links resolved into one table, so that a byte costs one look-up.
type automaton struct {
	class [256]uint8 // the column of a byte; 0 for bytes that no keyword has
	width int
	next  []uint16 // state*width + class
	first uint16   // states from here on end at least one keyword
	ends  [][]int  // by state - first: the keywords that end there
	sizes []int    // of the keywords
}

// newAutomaton builds the machine. Keywords are lower-case ASCII.
func newAutomaton(words []string) *automaton {
	a := &automaton{width: 1}
	for _, w := range words {
		a.sizes = append(a.sizes, len(w))
		for i := range len(w) {
			if a.class[w[i]] == 0 {
				a.class[w[i]] = uint8(a.width)
				a.width++
			}
		}
	}
	for c := byte('a'); c <= 'z'; c++ {
		a.class[c-'a'+'A'] = a.class[c]
	}
	trie := [][]int{make([]int, a.width)}
	ends := [][]int{nil}
	for id, w := range words {
		at := 0
		for i := range len(w) {
			c := a.class[w[i]]
			if trie[at][c] == 0 {
				trie[at][c] = len(trie)
				trie = append(trie, make([]int, a.width))
				ends = append(ends, nil)
			}
			at = trie[at][c]
		}
		ends[at] = append(ends[at], id)
	}
	fail := make([]int, len(trie))
	var queue []int
	for _, to := range trie[0] {
		if to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		ends[at] = append(ends[at], ends[fail[at]]...)
		for c, to := range trie[at] {
			if to == 0 {
				trie[at][c] = trie[fail[at]][c]
				continue
			}
			fail[to] = trie[fail[at]][c]
			queue = append(queue, to)
		}
	}
	a.pack(trie, ends)
	return a
}

// pack numbers the states so that those that end a keyword come last: the inner loop then needs one comparison.
func (a *automaton) pack(trie [][]int, ends [][]int) {
	number := make([]uint16, len(trie))
	n := uint16(0)
	for at := range trie {
		if len(ends[at]) == 0 {
			number[at] = n
			n++
		}
	}
	a.first = n
	for at := range trie {
		if len(ends[at]) > 0 {
			number[at] = n
			n++
			a.ends = append(a.ends, ends[at])
		}
	}
	a.next = make([]uint16, len(trie)*a.width)
	for at, row := range trie {
		for c, to := range row {
			a.next[int(number[at])*a.width+c] = number[to]
		}
	}
}

// each calls hit with every keyword of the text and the offset where it begins.
func (a *automaton) each(text []byte, hit func(word, start int)) {
	state := uint16(0)
	for i, b := range text {
		state = a.next[int(state)*a.width+int(a.class[b])]
		if state >= a.first {
			for _, id := range a.ends[state-a.first] {
				hit(id, i+1-a.sizes[id])
			}
		}
	}
}
