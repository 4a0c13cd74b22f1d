//go:build !cgo || !(linux || pg_query)

package postgres

import "errors"

// Available says whether PostgreSQL's parser is linked into this binary. Rules that need it report nothing without it, and
// say so in not_analysed.
const Available = false

func parse(string, int) ([]*Statement, error) {
	return nil, errors.New("built without PostgreSQL's parser")
}
