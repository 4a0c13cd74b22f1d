package airflow

import (
	"fmt"
	"strings"
	"testing"

	"delint/graph"

	"github.com/google/go-cmp/cmp"
)

// brief writes jobs so: name(tasks with what they wait for){defaults}.
func brief(list []graph.JobFact) []string {
	var out []string
	for _, j := range list {
		var tasks []string
		for i, t := range j.Tasks {
			s := strings.ReplaceAll(t.Name, graph.Hole, "*")
			if t.Mapped {
				s += "[]"
			}
			for _, e := range j.Edges {
				if e.To == i {
					s += "<" + strings.ReplaceAll(j.Tasks[e.From].Name, graph.Hole, "*")
				}
			}
			tasks = append(tasks, s)
		}
		s := fmt.Sprintf("%s(%s)", strings.ReplaceAll(j.Name, graph.Hole, "*"), strings.Join(tasks, " "))
		for _, a := range j.Defaults.List {
			s += fmt.Sprintf(" %s=%s", a.Name, a.Value)
		}
		if len(j.Defaults.From) > 0 {
			s += " from " + strings.Join(j.Defaults.From, ",")
		}
		if j.Defaults.Open {
			s += " open"
		}
		out = append(out, s)
	}
	return out
}

func TestDags(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"classic, in a with block", `
from airflow import DAG
from airflow.operators.bash import BashOperator
from datetime import timedelta
default_args = {"retries": 2, "retry_delay": timedelta(minutes=5)}
default_args["owner"] = "data"
with DAG("daily", default_args=default_args) as dag:
    a = BashOperator(task_id="a", bash_command="x")
    b = BashOperator(task_id="b", bash_command="x")
    c = BashOperator(task_id="c", bash_command="x")
    a >> [b, c]
    d = BashOperator(task_id="d", bash_command="x")
    d << b
`, []string{`daily(a b<a c<a d<b) retries=2 retry_delay=datetime.timedelta() owner="data"`}},
		{"classic, with dag=", `
from airflow.models import DAG
from airflow.operators.python import PythonOperator
from common import defaults, make_defaults
dag = DAG(dag_id="x", default_args={**defaults, "retries": 1})
a = PythonOperator(task_id="a", python_callable=f, dag=dag)
b = PythonOperator(task_id="b", python_callable=f, dag=dag)
b.set_upstream(a)
with DAG("y", default_args=make_defaults()):
    for t in tables:
        PythonOperator(task_id=f"load_{t}", python_callable=f)
`, []string{"x(a b<a) retries=1 from common.defaults", "y(load_*) from common.make_defaults"}},
		{"TaskFlow", `
from airflow.sdk import dag, task, task_group, chain
@task
def extract(): ...
@task(retries=3)
def load(rows, table): ...
@task_group
def both(rows):
    load(rows, "a")
    load(rows, "b")
@dag(schedule="@daily")
def nightly():
    rows = extract()
    both(rows)
    load.override(task_id="late")(rows["x"], "c")
    load.partial(table="d").expand(rows=rows)
    first, last = extract(), extract()
    chain(first, last)
nightly()
`, []string{"nightly(extract both.load<extract both.load__1<extract late<extract load[]<extract extract__1 extract__2<extract__1)"}},
		{"groups", `
from airflow.sdk import DAG, TaskGroup
from airflow.providers.standard.operators.empty import EmptyOperator
with DAG("g"):
    start = EmptyOperator(task_id="start")
    with TaskGroup("outer") as outer:
        a = EmptyOperator(task_id="a")
        with TaskGroup("inner", prefix_group_id=False):
            b = EmptyOperator(task_id="b")
        a >> b
    end = EmptyOperator(task_id="end")
    start >> outer >> end
`, []string{"g(start outer.a<start outer.b<outer.a end<outer.b)"}},
		{"a factory", `
from airflow import DAG
from airflow.operators.empty import EmptyOperator
def make(name):
    dag = DAG(f"load_{name}", default_args=dict(retries=1))
    with dag:
        EmptyOperator(task_id="start") >> EmptyOperator(task_id="end")
    return dag
for n in NAMES:
    globals()[n] = make(n)
`, []string{"load_*(start end<start) retries=1"}},
		{"mapped operators, conditions", `
from airflow import DAG
from airflow.operators.bash import BashOperator
with DAG("m") as dag:
    BashOperator.partial(task_id="each").expand(bash_command=["a", "b"])
    if FULL:
        t = BashOperator(task_id="t", bash_command="a")
    else:
        t = BashOperator(task_id="t", bash_command="b")
`, []string{"m(each[] t t)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, brief(facts(t, c.text).Jobs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
