package soda

import (
	"math"
	"regexp"
	"strings"

	"delint/graph/read/plain"
)

// interval is a set of numbers between two ends; outside says that it is everything else.
type interval struct {
	low, high         float64
	lowOpen, highOpen bool
	outside           bool
}

// pass is the values that meet a threshold; ok is false for anything but plain numbers.
func (t *threshold) pass() (interval, bool) {
	for _, b := range t.bounds {
		if b.kind != "number" {
			return interval{}, false
		}
	}
	switch {
	case len(t.bounds) == 1:
		return compare(t.operator, t.bounds[0].number), true
	case len(t.bounds) == 2:
		return interval{t.bounds[0].number, t.bounds[1].number, t.lowOpen, t.highOpen, t.operator == "not between"}, true
	}
	return interval{}, false
}

func compare(operator string, v float64) interval {
	inf := math.Inf(1)
	switch operator {
	case "<":
		return interval{low: -inf, high: v, highOpen: true}
	case "<=":
		return interval{low: -inf, high: v}
	case ">":
		return interval{low: v, high: inf, lowOpen: true}
	case ">=":
		return interval{low: v, high: inf}
	case "=":
		return interval{low: v, high: v}
	}
	return interval{low: v, high: v, outside: true}
}

// holds reports whether the interval holds all of [low, high].
func (i interval) holds(low, high float64) bool {
	if i.outside {
		return i.high < low || i.low > high
	}
	return (i.low < low || i.low == low && !i.lowOpen) && (i.high > high || i.high == high && (!i.highOpen || math.IsInf(high, 1)))
}

// disjoint reports whether the interval and [low, high] share nothing.
func (i interval) disjoint(low, high float64) bool {
	if i.outside {
		return i.low <= low && i.high >= high
	}
	return i.high < low || i.low > high || i.high == low && i.highOpen || i.low == high && i.lowOpen
}

// metricRange is the values that a metric can take; ok is false where nothing is known.
func metricRange(metric string) (low, high float64, ok bool) {
	switch {
	case strings.HasSuffix(metric, "_percent"):
		return 0, 100, true
	case metric == "row_count", strings.HasSuffix(metric, "_count") && capability(metric) != "custom", strings.HasSuffix(metric, "_length"):
		return 0, math.Inf(1), true
	}
	return 0, 0, false
}

// never says why a metric check can't fail: by its threshold, or by the alerts under it.
func (d *document) never(l line, body *plain.Value) string {
	if l.metric == "freshness" {
		return d.neverStale(l, body)
	}
	if l.threshold == nil {
		return d.alerts(l.metric, body)
	}
	low, high, known := metricRange(l.metric)
	if p, ok := l.threshold.pass(); ok && known && p.holds(low, high) {
		return "every value of " + l.metric + " passes " + l.threshold.text
	}
	return ""
}

// neverStale says why a freshness check can't fail: Soda keeps only a limit that an age must stay below.
func (d *document) neverStale(l line, body *plain.Value) string {
	keeps := func(t *threshold, inline bool) string {
		if t == nil || len(t.bounds) == 0 {
			return "it has no threshold"
		}
		for _, b := range t.bounds {
			if b.kind == identifier {
				return ""
			}
			if b.kind == "number" {
				return "its threshold has no unit, so Soda keeps none: write " + b.text + "d, " + b.text + "h or " + b.text + "m"
			}
		}
		wrong := strings.HasPrefix(t.operator, "<")
		if inline {
			wrong = strings.HasPrefix(t.operator, ">")
		}
		if wrong {
			return "freshness must be below an age, so Soda keeps no threshold of " + t.text
		}
		return ""
	}
	if l.threshold != nil {
		return keeps(l.threshold, true)
	}
	why, alerts := "it has no threshold", 0
	for _, level := range []string{"warn", "fail"} {
		if t, ok := parseThreshold(strings.TrimPrefix(body.String(level), "when ")); body.Has(level) {
			alerts++
			if !ok {
				return ""
			}
			if why = keeps(t, false); why == "" {
				return ""
			}
		}
	}
	if alerts == 0 {
		return "it has no threshold"
	}
	return why
}

// alerts says why no warn or fail under a check is ever met.
func (d *document) alerts(metric string, body *plain.Value) string {
	low, high, known := metricRange(metric)
	all, dead := 0, 0
	for _, level := range []string{"warn", "fail"} {
		v := body.Get(level)
		if v == nil || v.Kind != plain.Scalar {
			continue
		}
		all++
		if t, ok := parseThreshold(strings.TrimPrefix(v.Text, "when ")); ok && known {
			if p, ok := t.pass(); ok && p.disjoint(low, high) {
				dead++
			}
		}
	}
	switch {
	case all == 0 && capability(metric) != "custom":
		return "it has no threshold"
	case all > 0 && all == dead:
		return "no value of " + metric + " meets its warn or fail"
	}
	return ""
}

var (
	constantFalse = regexp.MustCompile(`(?i)^\(?\s*(?:1\s*=\s*0|0\s*=\s*1|1\s*=\s*2|1\s*<>\s*1|1\s*!=\s*1|false)\s*\)?$`)
	falseWhere    = regexp.MustCompile(`(?i)\bwhere\s+\(?\s*(?:1\s*=\s*0|0\s*=\s*1|1\s*=\s*2|1\s*<>\s*1|1\s*!=\s*1|false)\s*\)?\s*;?\s*$`)
	limitZero     = regexp.MustCompile(`(?i)\blimit\s+0\s*;?\s*$`)
)

// alwaysFalse reports whether a condition is false whatever the row.
func alwaysFalse(condition string) bool {
	return constantFalse.MatchString(strings.TrimSpace(condition))
}

// noRows reports whether a query returns no row whatever the data.
func noRows(query string) bool {
	query = strings.TrimSpace(query)
	return alwaysFalse(query) || limitZero.MatchString(query) || falseWhere.MatchString(query)
}
