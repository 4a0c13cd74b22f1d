package python

import (
	"testing"

	"delint/parsers/parsertest"
)

func TestKinds(t *testing.T) { parsertest.Kinds(t, "python", Grammar) }
