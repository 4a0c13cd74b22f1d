package yaml

import (
	"testing"

	"delint/parsers/parsertest"
)

func TestKinds(t *testing.T) { parsertest.Kinds(t, "yaml", Grammar) }
