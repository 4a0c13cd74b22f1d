package dbt

import (
	"strings"

	"delint/graph"
	"delint/graph/read/plain"
)

func (r *reader) columns(v *plain.Value, target graph.Ref) (out []graph.ColumnFact) {
	for _, c := range v.List("columns") {
		n := c.String("name")
		if n == "" {
			continue
		}
		column := graph.ColumnFact{
			Name: n, Type: c.String("data_type"), Description: c.String("description"), Span: c.Get("name").Span,
			Label: label(c), Masked: masked(c),
		}
		for _, t := range testsOf(c) {
			column.Tests = append(column.Tests, t.name)
			column.NotNull = column.NotNull || plainName(t.name) == "not_null" && !t.body.Has("where") && !t.body.Get("config").Has("where")
		}
		for _, k := range c.List("constraints") {
			column.NotNull = column.NotNull || k.String("type") == "not_null" || k.String("type") == "primary_key"
		}
		out = append(out, column)
		r.tests(c, target, []string{n})
	}
	return out
}

// plainName is a test's name without its package.
func plainName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// labelKeys are the keys of meta under which people classify a column.
var labelKeys = []string{"pii", "contains_pii", "is_pii", "pii_type", "classification", "data_classification", "sensitivity", "sensitive", "privacy", "gdpr", "phi",
	"confidentiality", "data_sensitivity", "security_classification", "data_category"}

// label is the classification of a column as written, in its meta or its tags.
func label(c *plain.Value) string {
	for _, meta := range []*plain.Value{c.Get("config", "meta"), c.Get("meta")} {
		for _, p := range meta.Entries() {
			for _, key := range labelKeys {
				if !strings.EqualFold(p.Key, key) || p.Value.Kind == plain.Null {
					continue
				}
				switch text := strings.ToLower(first(p.Value.Text, strings.Join(p.Value.Strings(), ","), p.Value.String("type"), p.Value.String("category"))); text {
				case "true", "yes":
					return plainLabel(key)
				case "false", "no":
					return "none"
				case "":
				default:
					return text
				}
			}
		}
	}
	for _, tags := range [][]string{c.Strings("config", "tags"), c.Strings("tags")} {
		for _, t := range tags {
			head, rest, ok := strings.Cut(strings.NewReplacer("=", ":", "-", "_").Replace(strings.ToLower(t)), ":")
			for _, key := range labelKeys {
				if head == key || head == "not_"+key || head == "no_"+key {
					switch {
					case head != key:
						return "none"
					case ok && rest != "" && rest != "true":
						return rest
					}
					return plainLabel(key)
				}
			}
			switch head {
			case "personal_data", "pci", "restricted", "confidential", "pii_direct", "personal":
				return head
			}
		}
	}
	return ""
}

func plainLabel(key string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(key, "contains_"), "is_"), "_type")
}

// masked reports whether a masking policy, a column mask or a policy tag is attached to a column.
func masked(c *plain.Value) bool {
	if c.Has("column_mask") || len(c.Strings("policy_tags")) > 0 || len(c.Strings("config", "policy_tags")) > 0 || c.Get("config").Has("column_mask") {
		return true
	}
	for _, meta := range []*plain.Value{c.Get("config", "meta"), c.Get("meta")} {
		for _, key := range []string{"masking_policy", "masking", "mask", "masked", "column_mask", "masking_policies"} {
			if v := meta.Get(key); v != nil && v.Kind != plain.Null && !meta.False(key) {
				return true
			}
		}
	}
	return false
}

// grain is the columns that an entry promises to make one row.
func grain(v *plain.Value) []string {
	for _, k := range v.List("constraints") {
		if k.String("type") == "primary_key" && len(k.Strings("columns")) > 0 {
			return k.Strings("columns")
		}
	}
	for _, t := range testsOf(v) {
		switch plainName(t.name) {
		case "unique_combination_of_columns", "expect_compound_columns_to_be_unique":
			for _, key := range []string{"combination_of_columns", "column_list"} {
				for _, b := range []*plain.Value{t.body, t.body.Get("arguments")} {
					if c := b.Strings(key); len(c) > 0 {
						return c
					}
				}
			}
		case "primary_key": // dbt_constraints
			for _, b := range []*plain.Value{t.body, t.body.Get("arguments")} {
				if c := append(b.Strings("column_names"), b.Strings("column_name")...); len(c) > 0 {
					return c
				}
			}
		}
	}
	var unique []string
	for _, c := range v.List("columns") {
		for _, k := range c.List("constraints") {
			if k.String("type") == "primary_key" {
				return []string{c.String("name")}
			}
		}
		isUnique, isNotNull := false, false
		for _, t := range testsOf(c) {
			name := plainName(t.name)
			filtered := t.body.Has("where") || t.body.Get("config").Has("where")
			isUnique = isUnique || (name == "unique" || name == "primary_key") && !filtered
			isNotNull = isNotNull || (name == "not_null" || name == "primary_key") && !filtered
		}
		for _, k := range c.List("constraints") {
			isUnique = isUnique || k.String("type") == "unique"
			isNotNull = isNotNull || k.String("type") == "not_null"
		}
		if isUnique && isNotNull {
			unique = append(unique, c.String("name"))
		}
	}
	if len(unique) > 0 {
		return unique[:1]
	}
	return nil
}
