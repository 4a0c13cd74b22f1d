package migrations

import "delint/graph"

func replay(g *graph.Graph) {}
