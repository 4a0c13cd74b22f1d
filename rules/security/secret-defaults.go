package security

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// publishedDefault is a value that a service's own documentation or images ship with, under the service's own keys.
type publishedDefault struct {
	service string
	key     []string // parts of the key, lower-case, signs as _
	values  []string // lower-case
	forge   bool     // signs sessions: forgeable over the network
}

var publishedDefaults = []publishedDefault{
	{service: "Superset", key: []string{"superset_secret_key"}, values: words(`change_me_to_a_complex_random_secret test_non_dev_secret thisismyscretkey your_own_random_generated_secret_key your_own_random_generated_string mysecretkey supersetsecretkey`), forge: true},
	{service: "Superset", key: []string{"superset_admin_password", "superset_password"}, values: words(`admin superset`)},
	{service: "Cube", key: []string{"cubejs_api_secret", "cube_api_secret"}, values: words(`secret cube changeme`), forge: true},
	{service: "Airflow", key: []string{"airflow_www_user_password", "airflow_password", "airflow_admin_password", "airflow_db_password", "airflow_user_password"}, values: words(`airflow admin`)},
	{service: "Airflow", key: []string{"webserver__secret_key", "webserver_secret_key"}, values: words(`temporary_key secret airflow secret_key changeme`), forge: true},
	{service: "MinIO", key: []string{"minio_root_password", "minio_secret_key", "minio_password", "minio_secret", "aws_secret_access_key", "s3_secret_key", "fs_s3a_secret_key"}, values: words(`minioadmin minio123 miniosecret minio`)},
	{service: "Grafana", key: []string{"gf_security_admin_password", "grafana_password", "grafana_admin_password", "grafana_adminpassword"}, values: words(`admin grafana prom-operator`)},
	{service: "Postgres", key: []string{"postgres_password", "postgresql_password", "pgpassword", "postgres_pass", "pg_password", "postgresql_postgres_password"}, values: words(`postgres password mysecretpassword example airflow dagster prefect superset hive metabase root admin`)},
	{service: "MySQL", key: []string{"mysql_root_password", "mysql_password", "mariadb_root_password", "mariadb_password"}, values: words(`root mysql password my-secret-pw example airflow admin`)},
	{service: "MongoDB", key: []string{"mongo_initdb_root_password"}, values: words(`root example mongo mongodb password admin`)},
	{service: "RabbitMQ", key: []string{"rabbitmq_default_pass", "rabbitmq_password"}, values: words(`guest rabbitmq admin`)},
	{service: "Metabase", key: []string{"mb_db_pass"}, values: words(`metabase mysecretpassword postgres`)},
	{service: "pgAdmin", key: []string{"pgadmin_default_password"}, values: words(`root admin pgadmin password postgres pgadmin4`)},
	{service: "ClickHouse", key: []string{"clickhouse_password"}, values: words(`clickhouse default password`)},
	{service: "SQL Server", key: []string{"sa_password", "mssql_sa_password"}, values: words(`yourstrong!passw0rd yourstrong(!)password yourstrong@passw0rd p@ssw0rd`)},
	{service: "Neo4j", key: []string{"neo4j_password"}, values: words(`neo4j password`)},
}

func words(list string) []string { return strings.Fields(list) }

// publishedKeys are keys that look like secrets and stand in public documentation, by the first 16 bytes of their SHA-256:
// Azurite's account key, the Fernet keys of Airflow's documentation and of well-known images, the sample keys of lakeFS.
var publishedKeys = map[string]string{
	"0011cc25eb4320717494d2703e8cba85": "Azurite",
	"70b741e6abcf4d1f82b175e5360d2c04": "Airflow",
	"81886cc4d79074f6e946934d4e9e9d6a": "Airflow",
	"da5250aa56bd5ee9e00b00c1f9853018": "Airflow",
}

// isPublished reports whether a value is one of publishedKeys.
func isPublished(value string) bool {
	return len(value) >= 40 && publishedKeys[digest(value)] != ""
}

func digest(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:16])
}

// defaultOf is the published default that a pair holds; nil if it holds none.
func defaultOf(key, value string) *publishedDefault {
	if value == "" || len(value) > 100 {
		return nil
	}
	k := strings.ToLower(strings.Map(func(r rune) rune {
		if r < 0x80 && isWord(byte(r)) {
			return r
		}
		return '_'
	}, key))
	v := strings.ToLower(strings.Trim(value, "\x01\x02"))
	if isPublished(value) {
		return &publishedDefault{service: publishedKeys[digest(value)], forge: true}
	}
	for i := range publishedDefaults {
		d := &publishedDefaults[i]
		for _, part := range d.key {
			if !strings.Contains(k, part) {
				continue
			}
			for _, known := range d.values {
				if v == known {
					return d
				}
			}
		}
	}
	return nil
}

// defaultAccounts are user and password pairs that services ship with, as a connection string has them.
var defaultAccounts = wordSet(`postgres:postgres airflow:airflow minioadmin:minioadmin minio:minio123 admin:admin root:root mysql:mysql guest:guest
	dagster:dagster superset:superset metabase:metabase hive:hive prefect:prefect postgres:password postgres:example root:password root:example root:mysql
	mongo:mongo neo4j:neo4j neo4j:password default:default clickhouse:clickhouse marquez:marquez openlineage:openlineage
	datahub:datahub amundsen:amundsen kestra:k3str4 sa:yourstrong!passw0rd rabbitmq:rabbitmq mage:mage metastore:metastore grafana:grafana admin:password`)

func isDefaultAccount(user, password string) bool {
	return defaultAccounts[strings.ToLower(user)+":"+strings.ToLower(password)]
}
