package airflow

import (
	"strings"

	"delint/graph/read/pycall"
	"delint/parsers"
	"delint/parsers/python"
)

// block walks statements in order and returns what the last return gives.
func (w *walker) block(block parsers.Node, names env) thing {
	result := thing{job: -1}
	for s := range block.NamedChildren() {
		if r, ok := w.statement(s, names); ok {
			result = r
		}
	}
	return result
}

func (w *walker) statement(s parsers.Node, names env) (result thing, returned bool) {
	switch s.Kind() {
	case python.ExpressionStatement:
		w.expression(s.FirstNamed(), names)
	case python.ReturnStatement:
		return w.eval(s.FirstNamed(), names), true
	case python.WithStatement:
		return w.with(s, names)
	case python.IfStatement:
		outer := w.branch
		for c := range s.Children() {
			switch c.Kind() {
			case python.Block:
				w.branch = c.Index()
				if r, ok := w.nested(c, names); ok {
					result, returned = r, true
				}
			case python.ElifClause, python.ElseClause:
				for b := range c.NamedChildren() {
					if b.Is(python.Block) {
						w.branch = b.Index()
						if r, ok := w.nested(b, names); ok {
							result, returned = r, true
						}
					}
				}
			}
		}
		w.branch = outer
		return result, returned
	case python.ForStatement, python.WhileStatement:
		w.loops++
		if s.Is(python.ForStatement) {
			if each := w.eval(s.Field(python.Right), names); each.job >= 0 {
				names[s.Field(python.Left).Text()] = each
			}
		}
		defer func() { w.loops-- }()
		return w.nested(s.Field(python.Body), names)
	case python.TryStatement:
		for c := range s.Children() {
			b := c
			if c.Is(python.ExceptClause, python.FinallyClause, python.ElseClause) {
				b = c.Child(python.Block)
			}
			if b.Is(python.Block) {
				if r, ok := w.nested(b, names); ok {
					result, returned = r, true
				}
			}
		}
		return result, returned
	}
	return thing{job: -1}, false
}

func (w *walker) nested(block parsers.Node, names env) (result thing, returned bool) {
	for s := range block.NamedChildren() {
		if r, ok := w.statement(s, names); ok {
			result, returned = r, true
		}
	}
	return result, returned
}

// with enters DAGs and task groups.
func (w *walker) with(s parsers.Node, names env) (thing, bool) {
	current, prefix, context := w.current, w.prefix, w.context
	defer func() { w.current, w.prefix, w.context = current, prefix, context }()
	group, bound := "", ""
	for item := range s.Child(python.WithClause).NamedChildren() {
		value, alias := item.Field(python.Value), ""
		if value.Is(python.AsPattern) {
			alias = value.Field(python.Alias).Text()
			value = value.FirstNamed()
		}
		if value.Is(python.Call) && groupClass(w.names.Resolve(value.Field(python.Function))) {
			id, ok := w.text(pycall.Argument(value, "group_id", 0))
			if !ok {
				id = ""
			}
			if pycall.Argument(value, "prefix_group_id", -1).Is(python.False) {
				group = w.prefix
			} else {
				group = w.groupName(id)
				if id == "" {
					group = "\x00"
				}
			}
			w.prefix, bound = group, alias
			w.context = &groupContext{}
			continue
		}
		t := w.eval(value, names)
		if t.dag {
			w.current, w.prefix = t.job, ""
			if alias != "" {
				names[alias] = t
			}
		} else if t.grp {
			w.prefix = t.group
			w.context = &groupContext{}
			bound = value.Text()
		}
	}
	if bound != "" {
		names[bound] = thing{job: w.current, group: w.prefix, grp: true}
	}
	r, ok := w.nested(s.Field(python.Body), names)
	if bound != "" && w.context != nil {
		names[bound] = thing{job: w.current, group: w.prefix, grp: true, tasks: w.context.tasks}
	}
	if context != nil && w.context != nil && w.context != context {
		context.tasks = append(context.tasks, w.context.tasks...)
	}
	return r, ok
}

func groupClass(p string) bool {
	return p == "airflow.utils.task_group.TaskGroup" || p == "airflow.sdk.TaskGroup" || p == "airflow.sdk.definitions.taskgroup.TaskGroup"
}

// expression walks an expression that stands alone or gives names their values.
func (w *walker) expression(n parsers.Node, names env) {
	if !n.Is(python.Assignment) {
		w.eval(n, names)
		return
	}
	left, right := n.Field(python.Left), n.Field(python.Right)
	if left.Is(python.PatternList, python.TuplePattern, python.ListPattern) && right.Is(python.ExpressionList, python.Tuple, python.List) {
		w.pairs(left, right, names)
		return
	}
	t := w.eval(right, names)
	switch left.Kind() {
	case python.Identifier, python.Subscript, python.Attribute:
		if t.job >= 0 {
			names[left.Text()] = t
		} else if left.Is(python.Identifier) {
			delete(names, left.Text())
		}
	case python.PatternList, python.TuplePattern, python.ListPattern:
		for id := range left.NamedChildren() {
			if t.job >= 0 {
				names[id.Text()] = t
			}
		}
	}
}

// eval finds the tasks and DAGs that an expression makes or names, and records what it joins.
func (w *walker) eval(n parsers.Node, names env) thing {
	none := thing{job: -1}
	switch n.Kind() {
	case python.Identifier:
		if t, ok := names[n.Text()]; ok {
			return t
		}
	case python.Attribute:
		if t, ok := names[n.Text()]; ok {
			return t
		}
		return w.eval(n.Field(python.Object), names)
	case python.Subscript:
		if t, ok := names[n.Text()]; ok {
			return t
		}
		return w.eval(n.Field(python.Value), names)
	case python.ParenthesizedExpression, python.Await, python.ListSplat:
		return w.eval(n.FirstNamed(), names)
	case python.List, python.Tuple, python.Set, python.ExpressionList:
		return w.all(n, names)
	case python.Dictionary:
		out := none
		for p := range n.NamedChildren() {
			out = union(out, w.eval(p.Field(python.Value), names))
		}
		return out
	case python.ListComprehension, python.GeneratorExpression, python.DictionaryComprehension, python.SetComprehension:
		w.loops++
		defer func() { w.loops-- }()
		body := n.Field(python.Body)
		if body.Is(python.Pair) {
			body = body.Field(python.Value)
		}
		return w.eval(body, names)
	case python.ConditionalExpression:
		return w.all(n, names)
	case python.BinaryOperator:
		left, right := w.eval(n.Field(python.Left), names), w.eval(n.Field(python.Right), names)
		switch n.Field(python.Operator).Text() {
		case ">>":
			if left.dag {
				return right
			}
			if w.isLabel(n.Field(python.Right)) {
				return left
			}
			w.edges(left, right)
			return right
		case "<<":
			if w.isLabel(n.Field(python.Right)) {
				return left
			}
			w.edges(right, left)
			return right
		}
		return union(left, right)
	case python.Call:
		return w.call(n, names)
	}
	return none
}

func (w *walker) all(n parsers.Node, names env) thing {
	out := thing{job: -1}
	for item := range n.NamedChildren() {
		out = union(out, w.eval(item, names))
	}
	return out
}

func union(a, b thing) thing {
	switch {
	case a.job < 0:
		return b
	case b.job < 0:
		return a
	}
	a.tasks = append(append([]int(nil), a.tasks...), b.tasks...)
	a.dag = false
	return a
}

// pairs walks a, b = x, y.
func (w *walker) pairs(left, right parsers.Node, names env) {
	var values []thing
	for v := range right.NamedChildren() {
		values = append(values, w.eval(v, names))
	}
	i := 0
	for id := range left.NamedChildren() {
		if i < len(values) && values[i].job >= 0 {
			names[id.Text()] = values[i]
		}
		i++
	}
}

// isLabel reports whether an expression only names the edge that it stands in: a >> Label("yes") >> b.
func (w *walker) isLabel(n parsers.Node) bool {
	return n.Is(python.Call) && strings.HasSuffix(n.Field(python.Function).Text(), "Label")
}
