package graph

import (
	"path"
	"strings"
)

// AirflowMajor is the major version of Airflow that runs the DAGs of a file: what the nearest pin says, else how
// the code of the repository looks; 0 where that is unknown or its sources disagree.
func (g *Graph) AirflowMajor(p string) int {
	major, depth := 0, -1
	for _, f := range g.Files {
		for _, s := range f.Settings {
			if s.Tool != "airflow" || s.Key != "version" {
				continue
			}
			folder := path.Dir(f.Path)
			if folder != "." && !strings.HasPrefix(p, folder+"/") && strings.HasPrefix(p, topFolder(folder)+"/") {
				folder = topFolder(folder) // beside the DAGs: docker/Dockerfile of the same project
			}
			if folder != "." && !strings.HasPrefix(p, folder+"/") {
				continue
			}
			at := 0
			if folder != "." {
				at = len(folder)
			}
			v := int(s.Value[0][0] - '0')
			switch {
			case at > depth:
				major, depth = v, at
			case at == depth && v != major:
				major = 0
			}
		}
	}
	if major > 0 {
		return major
	}
	return g.shape(p)
}

// shape tells the version from imports and arguments that only one has.
func (g *Graph) shape(p string) int {
	two, three := false, false
	for _, f := range g.Files {
		if topFolder(f.Path) != topFolder(p) || f.Module == nil {
			continue
		}
		for _, i := range f.Module.Imports {
			three = three || i.Module == "airflow.sdk" || strings.HasPrefix(i.Module, "airflow.sdk.")
			two = two || strings.HasPrefix(i.Module, "airflow.operators.") && strings.HasSuffix(i.Module, "_operator") || i.Module == "airflow.utils.dates"
		}
		for _, j := range f.Jobs {
			two = two || j.Tool == "airflow" && (j.Arguments.Get("schedule_interval") != "" || j.Arguments.Get("concurrency") != "")
		}
	}
	switch {
	case two && !three:
		return 2
	case three && !two:
		return 3
	}
	return 0
}

func topFolder(p string) string {
	before, _, ok := strings.Cut(p, "/")
	if !ok {
		return ""
	}
	return before
}

// AirflowSetting is what the configuration of Airflow in the repository says for a key: its values, without duplicates.
func (g *Graph) AirflowSetting(key string) []string {
	var out []string
	for _, f := range g.Files {
		for _, s := range f.Settings {
			if s.Tool == "airflow" && s.Key == key {
				out = append(out, s.Value...)
			}
		}
	}
	return out
}
