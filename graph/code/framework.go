package code

import (
	"slices"
	"strings"

	"delint/graph"
)

// webClients is the names by which tests drive a web application; webLibraries what such an application is made of.
var (
	webClients   = set("TestClient AsyncTestClient test_client AsyncClient ASGITransport FlaskClient TestServer create_test_client aiohttp_client")
	webLibraries = set("fastapi flask starlette quart sanic aiohttp litestar bottle falcon ninja connexion flask_restx flask_restful flask_smorest")
	routes       = set(`get post put delete patch head options route api_route websocket websocket_route middleware exception_handler errorhandler
	before_request after_request teardown_request on_event`)
	views    = set("MethodView Resource HTTPEndpoint APIView View ViewSet RequestHandler WebSocketEndpoint")
	cliMarks = set("command group callback result_callback")
)

// framework notes how a function that tests reach drives a web application, a command line or DAGs.
func (e *evidence) framework(p string) {
	name := strings.TrimSuffix(p, "()")
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case webClients[last]:
		e.web = true
	case strings.HasSuffix(last, "CliRunner"):
		e.cli = true
	case last == "run_dag" || last == "run_dags" || last == "test" && name != p && strings.Contains(p, "dag"):
		e.dags = true
	}
}

// dispatched is why a framework that a test drives may call a function; empty if none does.
func (l *linker) dispatched(e *evidence, f *graph.Function) string {
	switch {
	case e.web && serves(f):
		return "a test sends requests to an application"
	case e.cli && (e.loaded[f.Module.Path] || e.loaded[l.top(f.Module)]) && slices.ContainsFunc(f.Decorators, func(d graph.DecoratorFact) bool { return cliMarks[d.Path[strings.LastIndexByte(d.Path, '.')+1:]] }):
		return "a test runs a command line"
	case strings.HasPrefix(f.Kind, "sqlmesh-") && slices.ContainsFunc(e.folders, func(d string) bool { return strings.HasPrefix(f.Module.Path, d) }):
		return "a test loads the project that it belongs to"
	case e.dags && e.dagbag && e.dagFile(f.Module):
		return "a test runs the DAGs of a folder"
	}
	return ""
}

// serves reports whether a function answers requests to a web application.
func serves(f *graph.Function) bool {
	if f.Class != nil && slices.ContainsFunc(f.Class.External, func(b string) bool { return views[b[strings.LastIndexByte(b, '.')+1:]] }) {
		return true
	}
	return slices.ContainsFunc(f.Decorators, func(d graph.DecoratorFact) bool {
		i := strings.LastIndexByte(d.Path, '.')
		return i > 0 && routes[d.Path[i+1:]]
	}) && slices.ContainsFunc(f.Module.Imports, func(x graph.ImportFact) bool {
		root, _, _ := strings.Cut(x.Module, ".")
		return webLibraries[root]
	})
}

// dagFile reports whether a module makes a DAG.
func (e *evidence) dagFile(m *graph.Module) bool {
	is, known := e.dagFiles[m]
	if !known {
		is = slices.ContainsFunc(m.Functions, func(f *graph.Function) bool {
			return f.Kind == "airflow-dag" || slices.ContainsFunc(f.FunctionFact.Uses, func(p string) bool { return p == "DAG()" || strings.HasSuffix(p, ".DAG()") })
		})
		e.dagFiles[m] = is
	}
	return is
}

// marimo reports whether a module is a notebook of marimo.
func marimo(m *graph.ModuleFact) bool {
	for _, b := range m.Functions[0].Binds {
		if b.Name == "app" && strings.HasSuffix(b.Value, ".App()") {
			return slices.ContainsFunc(m.Imports, func(x graph.ImportFact) bool { return x.Module == "marimo" })
		}
	}
	return false
}
