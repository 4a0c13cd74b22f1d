package soda

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"delint/graph/read/plain"
)

// interval is a set of numbers between two ends; outside says that it is everything else.
type interval struct {
	low, high         float64
	lowOpen, highOpen bool
	outside           bool
}

var (
	comparison = regexp.MustCompile(`^(<=|>=|!=|<>|<|>|=)\s*(-?[\d.]+)\s*%?$`)
	between    = regexp.MustCompile(`^(not )?between\s+([\[(]?)\s*(-?[\d.]+)\s*%?\s+and\s+(-?[\d.]+)\s*%?\s*([\])]?)$`)
)

// pass reads a threshold into the values that pass it; ok is false for anything but plain numbers.
func pass(text string) (interval, bool) {
	text = strings.TrimSpace(text)
	if m := comparison.FindStringSubmatch(text); m != nil {
		v, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return interval{}, false
		}
		return compare(m[1], v), true
	}
	if m := between.FindStringSubmatch(text); m != nil {
		low, err1 := strconv.ParseFloat(m[3], 64)
		high, err2 := strconv.ParseFloat(m[4], 64)
		return interval{low, high, m[2] == "(", m[5] == ")", m[1] != ""}, err1 == nil && err2 == nil
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

// neverFails says why a check of version 3 can't fail: by its threshold, and by the alerts under it.
func neverFails(metric, threshold string, body *plain.Value) string {
	threshold = strings.TrimSpace(threshold)
	if strings.ContainsAny(threshold, "$⟨{") {
		return "" // the threshold is a variable
	}
	if metric == "freshness" {
		if strings.HasPrefix(threshold, ">") {
			return "freshness above an age keeps no fail threshold"
		}
		return ""
	}
	low, high, known := metricRange(metric)
	if threshold != "" {
		if p, ok := pass(threshold); ok && known && p.holds(low, high) {
			return "every value of " + metric + " passes " + threshold
		}
		return ""
	}
	alerts, dead := 0, 0
	for _, level := range []string{"warn", "fail"} {
		for _, v := range body.List(level) {
			when := strings.TrimSpace(strings.TrimPrefix(v.Text, "when"))
			if when == "" && v.Kind == plain.Scalar {
				continue
			}
			alerts++
			if p, ok := pass(when); ok && known && p.disjoint(low, high) {
				dead++
			}
		}
	}
	switch {
	case alerts == 0 && builtin(metric):
		return "it has no threshold"
	case alerts > 0 && alerts == dead:
		return "no value of " + metric + " meets its warn or fail"
	}
	return ""
}

func builtin(metric string) bool { return capability(metric) != "custom" }

var constantFalse = regexp.MustCompile(`(?i)^\(?\s*(?:1\s*=\s*0|0\s*=\s*1|1\s*=\s*2|1\s*<>\s*1|1\s*!=\s*1|false)\s*\)?$|\blimit\s+0\s*$`)

func alwaysFalse(condition string) bool {
	return constantFalse.MatchString(strings.TrimSpace(condition))
}
