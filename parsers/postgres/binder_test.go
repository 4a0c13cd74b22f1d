package postgres

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"delint/parsers/sql"
)

// names is the set of tables of the binder, written as PostgreSQL sees them.
func names(relations []*sql.Relation) []string {
	set := map[string]bool{}
	for _, r := range relations {
		if r.Kind != sql.RelationTable {
			continue
		}
		var parts []string
		for _, p := range r.Parts {
			text := p.Text
			if !p.Quoted {
				text = strings.ToLower(text)
			}
			parts = append(parts, text)
		}
		set[strings.Join(parts, ".")] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func strs(list []Name) []string {
	set := map[string]bool{}
	for _, n := range list {
		set[n.String()] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// compareText holds delint's binder against PostgreSQL's parser on every statement that the latter accepts. It gives how
// many there were and, for those that differ, the two readings.
func compareText(t testing.TB, text []byte) (compared int, different []string) {
	tree, err := sql.Grammar.Parse(text, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Release()
	for _, ours := range sql.Bind(tree).Statements {
		if exceeds(ours.Node) != "" {
			continue
		}
		theirs, err := parse(ours.Node.Text(), 0)
		if err != nil || len(theirs) == 0 {
			continue
		}
		compared++
		var reads, writes []Name
		for _, s := range theirs {
			reads, writes = append(reads, s.Reads...), append(writes, s.Writes...)
		}
		var targets []*sql.Relation
		for _, w := range ours.Writes {
			targets = append(targets, w.Target)
		}
		a := fmt.Sprint(strs(reads), strs(writes))
		if b := fmt.Sprint(names(ours.Reads), names(targets)); a != b {
			different = append(different, fmt.Sprintf("%s: PostgreSQL %s, delint %s", strings.Join(strings.Fields(ours.Node.Text()), " "), a, b))
		}
	}
	return compared, different
}

// TestBinderOnGenerated compares on statements that generate makes.
func TestBinderOnGenerated(t *testing.T) {
	if !Available {
		t.Skip("built without PostgreSQL's parser")
	}
	statements := generate(3_000)
	compared, different := compareText(t, []byte(strings.Join(statements, ";\n")))
	if compared < 2_950 {
		t.Errorf("PostgreSQL accepts %d of %d", compared, len(statements))
	}
	// What differs by intent: a CTE with a set operator may read itself without RECURSIVE, as T-SQL and Snowflake have it.
	for _, d := range different {
		t.Log(d)
	}
	if len(different)*200 > compared {
		t.Errorf("%d of %d statements differ", len(different), compared)
	}
}

// TestBinderOnFiles compares on the .sql files below the folder that DELINT_BENCH_DIR names, and lists what differs.
func TestBinderOnFiles(t *testing.T) {
	dir := os.Getenv("DELINT_BENCH_DIR")
	if dir == "" || !Available {
		t.Skip("DELINT_BENCH_DIR is not set")
	}
	total, unequal := 0, 0
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || filepath.Ext(p) != ".sql" {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil || len(text) > 4<<20 {
			return err
		}
		compared, different := compareText(t, text)
		total += compared
		unequal += len(different)
		for _, x := range different {
			t.Logf("%s: %.400s", p, x)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d statements, %d differ (%.2f %% equal)", total, unequal, 100-100*float64(unequal)/float64(max(1, total)))
	if total >= 2_000 && unequal*200 > total {
		t.Errorf("more than 0.5 %% differ")
	}
}
