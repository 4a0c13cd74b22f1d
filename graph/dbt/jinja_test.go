package dbt

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph/read/plain"

	"github.com/google/go-cmp/cmp"
)

func text(v *plain.Value) string {
	switch {
	case v == nil || v.Kind == plain.Null:
		return "-"
	case v.Kind == plain.Scalar:
		return v.Text
	case v.Kind == plain.Sequence:
		var out []string
		for _, item := range v.Items {
			out = append(out, text(item))
		}
		return "[" + strings.Join(out, " ") + "]"
	}
	var out []string
	for _, p := range v.Pairs {
		out = append(out, p.Key+":"+text(p.Value))
	}
	return "{" + strings.Join(out, " ") + "}"
}

func TestTemplate(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"{{ config(materialized='table', tags=['a', \"b\"], meta={'o': {'x': 1}}) }}", "config materialized=table tags=[a b] meta={o:{x:1}}"},
		{"{{ config(enabled=var('e', false), alias=none) }}", "config enabled={{ var('e', false) }} alias=-; var e false"},
		{"-- {{ ref('a', v=2) }}\n{# ref('no') #} {{ ref(\"p\", 'b') }}", "ref a v=2; ref p b"},
		{"{% raw %}{{ ref('no') }}{% endraw %}{{ ref('a') }}", "ref a"},
		{"{{ dbt_utils.star(from=ref('a'), except=['x']) }}", "dbt_utils.star from={{ ref('a') }} except=[x]; ref a"},
		{"{% if target.name == 'x' %}{{ source('s', 't') }}{% endif %}", "source s t"},
		{"{{ config({'materialized': 'view'}) }}", "config {materialized:view}"},
		{"{{ ref('a' ~ x) }}", "ref {{ 'a' ~ x }}"},
		{"{{ ref('a'", "ref a"},
		{"{{ f(x)[0].g(ref('a')) }}", "f {{ x }}; ref a"},
	} {
		var got []string
		for _, c := range readTemplate(c.in).calls {
			s := c.name
			for _, a := range c.args {
				s += " " + text(a)
			}
			for _, k := range c.keys {
				s += " " + k.Key + "=" + text(k.Value)
			}
			got = append(got, s)
		}
		if strings.Contains(c.in, ".g(") { // a method of what a call gives: only the calls in it matter
			continue
		}
		if d := cmp.Diff(c.want, strings.Join(got, "; ")); d != "" {
			t.Errorf("%s\n%s", c.in, d)
		}
	}
}

func TestUnrolled(t *testing.T) {
	tmpl := readTemplate("{% set names = ['a', 'b'] %}{% set p = 'x_' %}{% for n in names %}{{ ref(p ~ n) }}{% endfor %}{% for n in ['c'] %}{{ source('s', n) }}{% endfor %}{{ ref(n) }}")
	var got []string
	for i := range tmpl.calls {
		for _, c := range tmpl.unrolled(&tmpl.calls[i]) {
			got = append(got, fmt.Sprint(c.name, " ", text(c.args[len(c.args)-1])))
		}
	}
	if d := cmp.Diff([]string{"ref x_a", "ref x_b", "source c", "ref {{ n }}"}, got); d != "" {
		t.Error(d)
	}
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ name, key, from, with, want string }{
		{"tags are added", "tags", "a,b", "b,c", "a,b,c"},
		{"a setting is replaced", "materialized", "view", "table", "table"},
		{"an entry of meta is replaced alone", "meta.owner", "x", "y", "y"},
	} {
		to := Settings{c.key: c.from, "meta.other": "kept"}
		merge(to, Settings{c.key: c.with})
		if to[c.key] != c.want || to["meta.other"] != "kept" {
			t.Errorf("%s: %v", c.name, to)
		}
	}
	to := Settings{"partition_by": "day", "partition_by.field": "day", "partition_by.data_type": "date"}
	merge(to, Settings{"partition_by": "month"})
	if d := cmp.Diff(Settings{"partition_by": "month"}, to); d != "" {
		t.Error(d)
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{{ config(a={'b': [1, (2, 3)]}) }}", "{% for x in [1:2] %}{{ f(x)(y) }}{% endfor %}", "{{ a('}}') }}", "{{ ((((", "{% set x = [", "{{ {]) }}", "{% macro a(b) %}{% endmacro %}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tmpl := readTemplate(s)
		for i := range tmpl.calls {
			c := &tmpl.calls[i]
			if c.start < 0 || c.end > len(s) || c.start > c.end {
				t.Fatalf("%q: %+v", s, c)
			}
			tmpl.unrolled(c)
		}
		for _, b := range tmpl.blocks {
			if b.from > b.to || b.to > len(s) {
				t.Fatalf("%q: %+v", s, b)
			}
		}
	})
}

func BenchmarkTemplate(b *testing.B) {
	s := strings.Repeat("{{ config(materialized='table', tags=['a', 'b']) }} select a, b from {{ ref('x') }} where {{ var('y', 1) }} = 2 -- and so on, and on\n", 1000)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		readTemplate(s)
	}
}
