package python

import (
	"bytes"
	"regexp"
	"strings"

	"delint/parsers"
)

type dagFileKey struct{}

var airflowDag = regexp.MustCompile(`^airflow(\..*)?\.(DAG|dag)$`)

// IsDagFile reports whether Airflow parses the file for DAGs: it imports DAG or dag, or it stands under a dags folder
// (not under plugins) and holds the words "dag" and "airflow", Airflow's own heuristic.
func IsDagFile(f *parsers.File) bool {
	return parsers.Memo(f, dagFileKey{}, func() bool {
		for _, i := range Imports(f).Imports {
			if airflowDag.MatchString(i.Target()) && !i.TypeChecking {
				return true
			}
		}
		folder := "/" + f.Path
		if !strings.Contains(folder, "/dags/") || strings.Contains(folder, "/plugins/") {
			return false
		}
		text := bytes.ToLower(f.Text)
		return bytes.Contains(text, []byte("dag")) && bytes.Contains(text, []byte("airflow"))
	})
}
