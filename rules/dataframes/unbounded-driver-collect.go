package dataframes

import (
	"regexp"
	"strings"

	"delint/graph"
	"delint/parsers"
	"delint/parsers/python"
	"delint/rules"
)

// UnboundedDriverCollect reports Spark frames that are brought whole into the driver's memory.
var UnboundedDriverCollect = rules.Python(rules.Rule{
	Name:     "unbounded-driver-collect",
	Severity: rules.Medium,
	Class:    rules.Reliability,
	Reach:    true,
	Disabled: true,
	Topic:    "best-practices/performance",
	Sentence: "Apache Spark (PySpark) for large-scale distributed workloads",
}, func(pass *rules.Pass, tree *python.Tree) {
	if pass.Role != graph.RoleSource || !importsFrames(pass.File) {
		return
	}
	for call := range tree.All(python.Call) {
		fn := call.Field(python.Function)
		if !fn.Is(python.Attribute) {
			continue
		}
		object, name := fn.Field(python.Object), lastPart(fn)
		switch name {
		case "collect", "toPandas", "toLocalIterator", "count":
		default:
			continue
		}
		frame := python.FrameOf(pass.File, object)
		if frame.Kind != python.SparkFrame || frame.Shape != python.Table && frame.Shape != python.RDD && frame.Shape != python.AnyShape {
			continue
		}
		switch {
		case name == "count":
			if asked(call) && !fewRows(pass.File, object, maxFrameLinks) {
				pass.Report(call, "`count()` counts the whole frame to see whether it has a row; ask `isEmpty()` or `limit(1)`")
			}
		case name == "toLocalIterator" && !listed(call), firstOnly(call), microBatch(call), fewRows(pass.File, object, maxFrameLinks):
		default:
			pass.Report(fn.Field(python.AttributeField), "`%s()` brings the whole frame into the driver's memory", name)
		}
	}
})

// maxFrameLinks is how many calls and assignments are followed back.
const maxFrameLinks = 40

// bounding is the methods after which a frame has few rows.
var bounding = set(`limit head take first groupBy groupby agg distinct describe summary sample crosstab freqItems tail dropDuplicates approxQuantile`)

var (
	smallName = regexp.MustCompile(`(?i)small|lookup|config|param|dim_|mapping|metadata|schema|partition|summary|stats|counts?\b|agg`)
	smallSQL  = regexp.MustCompile(`(?i)^\s*(?:show|describe|desc|explain|set|use|create|drop|alter|insert|merge|delete|optimize|vacuum)\b|\blimit\s+\d|\b(?:max|min|count|sum|avg|distinct|group\s+by)\b`)
	aggregate = regexp.MustCompile(`\b(?:max|min|sum|avg|mean|count|countDistinct|count_distinct|first|last|approx_count_distinct)\(`)
)

// fewRows reports whether a frame is bounded by what made it: a limit, an aggregation, a small query, a literal, a name that says so.
func fewRows(f *parsers.File, n parsers.Node, links int) bool {
	for ; links > 0; links-- {
		switch n.Kind() {
		case python.Call:
			fn := n.Field(python.Function)
			switch name := lastPart(fn); {
			case bounding[name] || name == "createDataFrame" || name == "range":
				return true
			case name == "sql":
				text, _, ok := python.Fold(f, python.PositionalOf(n, 0))
				return !ok || strings.Contains(text, python.Hole) || smallSQL.MatchString(text)
			case name == "select" && aggregate.Match(n.Field(python.Arguments).Bytes()):
				return true
			case name == "join":
				return false
			}
			n = fn
		case python.Attribute:
			n = n.Field(python.Object)
		case python.ParenthesizedExpression:
			n = n.FirstNamed()
		case python.Subscript:
			n = n.Field(python.Value)
		case python.Identifier:
			if smallName.MatchString(n.Text()) {
				return true
			}
			for _, b := range python.Imports(f).Lookup(n) {
				if !b.Value.IsNil() && !b.Value.Contains(n) && fewRows(f, b.Value, links/2) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

// firstOnly reports whether only one row of what is collected is looked at: collect()[0].
func firstOnly(call parsers.Node) bool {
	p := call.Parent()
	return p.Is(python.Subscript) && p.Field(python.SubscriptField).Is(python.Integer)
}

// microBatch reports whether a call stands in a function of foreachBatch: its frame is one batch of a stream.
func microBatch(call parsers.Node) bool {
	list := call.Ancestor(python.FunctionDefinition).Field(python.ParametersField).Text()
	return strings.Contains(list, "batch_id") || strings.Contains(list, "epoch_id") || strings.Contains(list, "batchId")
}

// listed reports whether an iterator is made a list at once.
func listed(call parsers.Node) bool {
	outer := call.Parent().Parent()
	return outer.Is(python.Call) && outer.Field(python.Function).Text() == "list"
}

// asked reports whether a count is only compared with zero or taken for true.
func asked(call parsers.Node) bool {
	p := call.Parent()
	for p.Is(python.ParenthesizedExpression) {
		p = p.Parent()
	}
	switch p.Kind() {
	case python.ComparisonOperator:
		text := strings.ReplaceAll(string(p.Bytes()[call.End()-p.Start():]), " ", "")
		return text == ">0" || text == "==0" || text == "!=0" || text == "<1" || text == ">=1"
	case python.IfStatement, python.NotOperator, python.WhileStatement, python.ElifClause:
		return true
	}
	return false
}
