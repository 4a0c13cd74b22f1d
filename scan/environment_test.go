package scan

import (
	"testing"

	"delint/rules"
)

func TestEnvironment(t *testing.T) {
	r := &run{config: &Config{Environments: []EnvironmentPaths{{Name: rules.SelfHosted, Paths: []string{"homelab/**"}}}}}
	for p, want := range map[string]rules.Environment{
		"deploy/prod/values.yaml": rules.Production, "k8s/uat/job.yaml": rules.Staging, "docker-compose.dev.yml": rules.Local,
		"models/staging/stg_orders.sql": rules.UnknownEnv, "dbt/models/stg/orders.yml": rules.UnknownEnv, "sql/stg_orders.sql": rules.UnknownEnv,
		"prod/models/stg_orders.sql": rules.Production, "homelab/dags/a.py": rules.SelfHosted, "dags/produce.py": rules.UnknownEnv,
		"dags/devices.py": rules.UnknownEnv,
	} {
		if got, why := r.environment(p); got != want {
			t.Errorf("%s: %s (%s), want %s", p, got, why, want)
		}
	}
	r.config.Env, r.config.Environments = rules.Production, nil
	if got, _ := r.environment("sandbox/a.py"); got != rules.Production {
		t.Errorf("--env is overruled: %s", got)
	}
}
