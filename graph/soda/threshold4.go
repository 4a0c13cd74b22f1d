package soda

import (
	"math"
	"strconv"

	"delint/graph"
	"delint/graph/read/plain"
	"delint/parsers"
)

var contractOperators = map[string]string{
	"must_be": "=", "must_not_be": "!=", "must_be_greater_than": ">", "must_be_greater_than_or_equal": ">=",
	"must_be_less_than": "<", "must_be_less_than_or_equal": "<=",
}

// threshold looks at the threshold of a contract's check, and says why it never fails. Without one, a check has its type's
// default, or none at all.
func (d *document) threshold(kind string, t checkType, body *plain.Value, at parsers.Span, c *graph.CheckFact) string {
	v := body.Get("threshold")
	if v == nil || v.Kind != plain.Mapping {
		if t.threshold {
			d.problem(Syntax, at, kind, "a `%s` check needs a `threshold`", kind)
			return "it has no threshold"
		}
		return ""
	}
	d.known(v, "a threshold", "threshold", thresholdKeys)
	d.oneOf(v, "metric", t.metrics)
	d.oneOf(v, "unit", t.units)
	more := v.Get("additional")
	passes, compared, readable := d.comparisons(v)
	level := d.level(v)
	if more != nil && more.Kind == plain.Mapping {
		d.known(more, "an `additional` threshold", "additional", append([]string{"level"}, comparisonKeys4...))
		_, n, _ := d.comparisons(more)
		if n != 1 || compared != 1 {
			d.problem(Syntax, pair(v, "additional").At, "additional", "a threshold and its `additional` one need exactly one comparison each")
		} else if d.level(more) == level {
			d.problem(Syntax, pair(v, "additional").At, "additional", "a threshold and its `additional` one must have different levels")
		}
		return ""
	}
	if level == "warn" {
		c.Blocking = graph.BlockingWarn
	}
	low, high := 0.0, math.Inf(1)
	if v.String("metric") == "percent" {
		high = 100
	}
	switch {
	case compared == 0 && t.threshold:
		d.problem(Syntax, pair(body, "threshold").At, "threshold", "the threshold of a `%s` check compares with nothing", kind)
		return "its threshold compares with nothing"
	case compared > 1:
		return "its threshold has several comparisons, so Soda never evaluates it"
	case kind == "freshness" && (v.Has("must_be_greater_than") || v.Has("must_be_greater_than_or_equal")):
		d.problem(Weak, pair(body, "threshold").At, "freshness", "this `freshness` check asks for data older than its limit").Minor = true
	case readable && compared == 1 && (kind != "aggregate" && kind != "metric" && kind != "freshness") && passes.holds(low, high):
		return "every value passes its threshold"
	}
	return ""
}

func (d *document) oneOf(v *plain.Value, key string, allowed []string) {
	p := pair(v, key)
	switch {
	case p.Value == nil || variable(p.Value) || contains(allowed, p.Value.Text):
	case len(allowed) == 0:
		d.problem(Syntax, p.At, key, "this check's threshold takes no `%s`", key)
	default:
		near := nearest(p.Value.Text, allowed)
		f := d.problem(Syntax, p.Value.Span, p.Value.Text, "`%s: %s` is none of: %s", key, p.Value.Text, join(allowed))
		d.replace(f, p.Value.Span, p.Value.Text, near, true)
	}
}

// level is warn or fail: Soda takes everything that is not warn for fail.
func (d *document) level(v *plain.Value) string {
	p := pair(v, "level")
	switch {
	case p.Value == nil || p.Value.Text == "fail" || p.Value.Text == "FAIL" || variable(p.Value):
		return "fail"
	case p.Value.Text == "warn" || p.Value.Text == "WARN":
		return "warn"
	}
	f := d.problem(Weak, p.Value.Span, "level", "level `%s` is none of warn, fail, so Soda takes it for fail", p.Value.Text)
	f.Minor = true
	d.replace(f, p.Value.Span, p.Value.Text, nearestLevel(p.Value.Text), true)
	return "fail"
}

func nearestLevel(s string) string {
	switch s {
	case "warning", "Warning", "WARNING":
		return "warn"
	case "error", "critical", "failure":
		return "fail"
	}
	return nearest(s, []string{"warn", "fail"})
}

// comparisons is what passes a threshold and how many comparisons it has; readable says that there is one of plain numbers.
func (d *document) comparisons(v *plain.Value) (passes interval, n int, readable bool) {
	for _, p := range v.Entries() {
		if !contains(comparisonKeys4, p.Key) || p.Value.Kind == plain.Null {
			continue
		}
		n++
		if op := contractOperators[p.Key]; op != "" {
			x, err := strconv.ParseFloat(p.Value.String(), 64)
			passes, readable = compare(op, x), err == nil
			continue
		}
		if p.Value.Kind == plain.Mapping {
			passes, readable = d.between4(p)
		}
	}
	return passes, n, readable && n == 1
}

// between4 reads a range of a contract. Soda wants the lower end first in one, and the upper end first in its opposite.
func (d *document) between4(p plain.Pair) (interval, bool) {
	d.known(p.Value, "`"+p.Key+"`", "range", rangeKeys)
	end := func(strict, loose string) (x float64, open, ok bool) {
		s, l := p.Value.Get(strict), p.Value.Get(loose)
		if (s == nil) == (l == nil) {
			if !variable(s) && !variable(l) {
				d.problem(Syntax, p.At, p.Key, "`%s` needs exactly one of `%s` and `%s`", p.Key, strict, loose)
			}
			return 0, false, false
		}
		if s == nil {
			s = l
		} else {
			open = true
		}
		x, err := strconv.ParseFloat(s.Text, 64)
		return x, open, err == nil
	}
	low, lowOpen, ok1 := end("greater_than", "greater_than_or_equal")
	high, highOpen, ok2 := end("less_than", "less_than_or_equal")
	if !ok1 || !ok2 {
		return interval{}, false
	}
	if p.Key == "must_be_between" {
		if low >= high {
			d.problem(Syntax, p.At, p.Key, "`%s` begins with the greater number", p.Key)
			return interval{}, false
		}
		return interval{low, high, lowOpen, highOpen, false}, true
	}
	if low <= high {
		d.problem(Syntax, p.At, p.Key, "`%s` must say more than the upper or less than the lower end", p.Key)
		return interval{}, false
	}
	return interval{high, low, !highOpen, !lowOpen, true}, true
}

func join(list []string) string {
	out := ""
	for i, s := range list {
		if i > 0 {
			out += ", "
		}
		out += s
	}
	return out
}
