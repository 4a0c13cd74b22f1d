package migrations_test

import (
	"testing"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/all"
)

// FuzzExtract reads any text as migrations of several tools: nothing may panic, and places stay inside the file.
func FuzzExtract(f *testing.F) {
	for _, seed := range []string{
		"-- +goose Up\nALTER TABLE a ADD COLUMN b int NOT NULL, DROP c;\n-- +goose Down\nDROP TABLE a;",
		"-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON a (b);",
		"-- atlas:nolint\nALTER TABLE a RENAME TO b; TRUNCATE c; DO $$ begin end $$",
		"revision = 'a'\ndown_revision = None\nfrom alembic import op\ndef upgrade():\n    op.add_column('t', sa.Column('c', nullable=False))\n    op.execute('DROP INDEX x')",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"pg/migrations/V1__a.sql", "pg/migrations/1_a.up.sql", "alembic/versions/a.py"} {
			file := &parsers.File{Source: parsers.NewSource(name, []byte(text)), Language: all.ByPath(name), Limits: parsers.DefaultLimits}
			if file.Language.Parse(file) != nil {
				continue
			}
			facts := graph.Extract(file, graph.RoleOf(name, []byte(text)))
			for _, m := range facts.Migrations {
				for _, h := range m.Hazards {
					if h.Start < 0 || h.End < h.Start || h.End > len(text) {
						t.Fatalf("%s: an edit of [%d,%d) in %d bytes", h.Kind, h.Start, h.End, len(text))
					}
				}
			}
			graph.Link([]*graph.Facts{facts}, []string{name}, graph.Options{})
		}
	})
}
