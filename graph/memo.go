package graph

import "sync"

// memo keeps what rules work out of a graph, so that each thing is worked out once.
type memo struct {
	mu     sync.Mutex
	values map[any]any
}

// Memo computes a value once for a graph and a key, whoever asks first. It is for after Link: what is computed before the
// graph is whole is not kept. Keys are unexported types of the package that computes; nobody changes the value.
func Memo[T any](g *Graph, key any, compute func() T) T {
	if g.memo == nil {
		return compute()
	}
	g.memo.mu.Lock()
	defer g.memo.mu.Unlock()
	if v, ok := g.memo.values[key]; ok {
		return v.(T)
	}
	v := compute()
	g.memo.values[key] = v
	return v
}
