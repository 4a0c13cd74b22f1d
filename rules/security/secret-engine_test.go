package security

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"delint/rules/security/sample"
)

// found is what Detect says of a text, one string a secret.
func found(path, text string) []string {
	var out []string
	for _, x := range Detect(Input{Path: path, Text: []byte(text)}).Secrets {
		out = append(out, x.Message())
	}
	return out
}

func TestProviders(t *testing.T) {
	for name, want := range map[string]string{
		"github": "GitHub token (40 chars)", "github-fine-grained": "GitHub fine-grained", "npm": "npm token", "gitlab": "GitLab token",
		"pypi": "PyPI token", "aws-id": "access key id (20 chars)", "databricks": "Databricks token (36 chars)", "dbt": "dbt Cloud token",
		"prefect": "Prefect API key", "slack": "Slack token", "slack-webhook": "Slack webhook", "openai": "OpenAI key",
		"anthropic": "Anthropic key", "huggingface": "Hugging Face token", "stripe": "Stripe secret key", "grafana": "Grafana service",
		"sendgrid": "SendGrid key", "vault": "Vault service token", "terraform": "Terraform Cloud", "docker": "Docker Hub",
		"entra": "Entra client secret", "age": "age secret key", "gcp-api": "GCP API key", "digitalocean": "DigitalOcean", "jwt": "JWT",
		"pem": "private key",
	} {
		for range 50 {
			token := sample.Makers[name]()
			text := "client = connect(\n    " + token + "\n)\n"
			got := found("notes.txt", text)
			if len(got) != 1 || !strings.Contains(got[0], want) {
				t.Errorf("%s: %q, not one %q", name, got, want)
				break
			}
			for _, h := range Detect(Input{Path: "notes.txt", Text: []byte(text)}).Hidden {
				text = strings.ReplaceAll(text, text[h.Start:h.End], strings.Repeat("\x00", h.End-h.Start))
			}
			if tail := token[max(0, len(token)-12):]; name != "pem" && strings.Contains(text, tail[:6]) {
				t.Errorf("%s: a part of the token is not hidden", name)
				break
			}
		}
	}
}

func TestNoProvider(t *testing.T) {
	broken := func(token string) string { // the last character of the checksum is another
		last := byte('0')
		if token[len(token)-1] == last {
			last = '1'
		}
		return token[:len(token)-1] + string(last)
	}
	for name, text := range map[string]string{
		"broken checksum":     broken(sample.Checksummed("gh" + "p_")),
		"broken npm checksum": broken(sample.Checksummed("np" + "m_")),
		"placeholder":         "gh" + "p_" + strings.Repeat("x", 36),
		"sequence":            "da" + "pi" + "1234567890abcdef1234567890abcdef",
		"Amazon's example":    "AK" + "IAIOSFODNN7EXAMPLE",
		"inside a word":       "x" + sample.Makers["databricks"](),
		"PEM without a body":  "-----BEGIN " + "PRIVATE KEY-----\\n...\\n-----END " + "PRIVATE KEY-----",
		"expired JWT":         jwtWith(`{"sub":"a","exp":1500000000}`),
		"anonymous JWT":       jwtWith(`{"role":"anon","exp":4102444800}`),
		"no JSON":             "ey" + "J" + strings.Repeat("aB3", 9) + ".ey" + "J" + strings.Repeat("cD5", 9) + "." + strings.Repeat("eF7", 14),
	} {
		if got := found("notes.txt", "value: "+text+"\n"); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestDeclined holds that what a provider's own check rejects does not come back as a generic secret under a token's name.
func TestDeclined(t *testing.T) {
	token := sample.Checksummed("gh" + "p_")
	token = token[:len(token)-6] + "000000"
	for _, text := range []string{token, jwtWith(`{"sub":"a","exp":1500000000}`), "pk_" + "live_" + sample.Text("abcdefgh23456789", 24)} {
		for _, path := range []string{".env", "config.yml", "a.js", "a.tf"} {
			operator := map[string]string{"config.yml": ": "}[path]
			if operator == "" {
				operator = "="
			}
			if got := found(path, "API_TOKEN"+operator+"\""+text+"\"\n"); len(got) > 0 {
				t.Errorf("%s: %q", path, got)
			}
		}
	}
}

func jwtWith(claims string) string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return part(`{"alg":"HS256"}`) + "." + part(claims) + "." + sample.Text("abcdefgh0123456789", 43)
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		key, value string
		want       Reject
	}{
		{"password", "Tr0ub4dor3", Accepted},
		{"password", "hunter2", Short},
		{"password", "Summer2024", Words},
		{"password", "changeme", Short},
		{"password", "${DB_PASSWORD}", Indirection},
		{"password", "{{ env_var('PW') }}", Indirection},
		{"password", "<your-password>", Indirection},
		{"password", "password", OwnKey},
		{"api_key", "api_key", OwnKey},
		{"token", "cloud", Short},
		{"secret", "airflow-gke-secrets-v2", Words},
		{"secret", "airflow-gke-secrets", Structure},
		{"token", "550e8400-e29b-41d4-a716-446655440000", Structure},
		{"token", "2024-01-01T00:00:00", Structure},
		{"token", "https://login.corp/oauth2/token", Structure},
		{"secret", "/run/secrets/db_password", Structure},
		{"secret", "oqKWVxMZ" + "lys87v.t", Accepted},
		{"secret", "com.corp.warehouse2.LoadToken", Structure},
		{"secret", "orders.silver.customer_token", Structure},
		{"api_key", "abcd1q2w3e4r5t6y7u8i9o", Sequence},
		{"api_key", "12345678901234567890a", Sequence},
		{"api_key", "myTestApiKey12345678", Placeholder},
		{"password", "ThisIsMySuperSecretPassword1", Placeholder},
	} {
		if got := Judge(c.key, c.value, classOf(c.key) == passwordKey); got != c.want {
			t.Errorf("Judge(%s, %s) = %q, not %q", c.key, c.value, got, c.want)
		}
	}
	for range 500 {
		if r := Judge("token", sample.Random(24), false); r != Accepted {
			t.Fatalf("a random value of 24 characters is %q", r)
		}
	}
}

func TestKeys(t *testing.T) {
	for key, want := range map[string]keyClass{
		"password": passwordKey, "SNOWFLAKE_PASSWORD": passwordKey, "dbPassword": passwordKey, "db_pass": passwordKey, "PGPASSWORD": passwordKey,
		"api_key": secretKey, "apiKey": secretKey, "client_secret": secretKey, "github_token": secretKey, "token_v2": secretKey,
		"private_key": secretKey, "hmac_key": secretKey, "private_key_passphrase": passwordKey,
		"secret_name": plainKey, "SECRET_PATH": plainKey, "token_url": plainKey, "password_hash": plainKey, "secret_arn": plainKey,
		"primary_key": plainKey, "next_page_token": plainKey, "pad_token": plainKey, "mysql_clear_password": plainKey, "tokens_count": plainKey,
		"access_key_id": plainKey, "key": plainKey, "bypass": plainKey, "compass": plainKey,
	} {
		if got := classOf(key); got != want {
			t.Errorf("classOf(%s) = %d, not %d", key, got, want)
		}
	}
}

func TestStructures(t *testing.T) {
	pw := sample.Random(12)
	for _, c := range []struct{ path, text, want string }{
		{"a.py", `engine = create_engine("postgresql://etl:` + pw + `@dwh.corp.io/core")`, "connection string"},
		{"a.txt", `url: postgres://etl:${PW}@dwh.corp.io/core`, ""},
		{"a.txt", `url: postgres://user:password@dwh.corp.io/core`, ""},
		{"a.txt", `url: postgres://etl:***@dwh.corp.io/core`, ""},
		{"a.txt", `https://etl@dwh.corp.io/core http://host:8080/@scope`, ""},
		{"a.txt", `Server=dwh.corp.io;Uid=etl;Pwd=` + pw + `;Encrypt=yes`, "connection string"},
		{"a.properties", `url=jdbc:postgresql://dwh.corp.io/core?user=etl&password=` + pw, "connection string"},
		{"a.txt", `primary_conninfo = 'host=dwh.corp.io user=etl password=''` + pw + `'' port=5432'`, "connection string"},
		{".lakectl.yaml", "credentials:\n  access_key_id: AK" + "IAJT36CB2OP6MPOEKQ\n", "lakeFS access key id"},
		{"a.yaml", "access_key_id: AK" + "IAJT36CB2OP6MPOEKQ\n", "AWS access key id"},
		{"a.txt", `jdbc:oracle:thin:etl/` + pw + `@//dwh.corp.io:1521/core`, "connection string"},
		{"a.txt", `PlainLoginModule required username="etl" password="` + pw + `";`, "Kafka login"},
		{"run.sh", `curl -u etl:` + pw + ` https://api.corp.io/run`, "curl command"},
		{"a.js", `headers: {"Authorization": "Bearer ` + sample.Random(30) + `"}`, "bearer token"},
		{"a.js", `headers: {"Authorization": "Bearer ${token}"}`, ""},
		{"a.js", " *   http.headers.Authorization = 'Ba" + "sic YmVlcDpXbjdxTHg5UnQ='", ""},
		{"a.js", "http.headers.Authorization = 'Ba" + "sic YmVlcDpXbjdxTHg5UnQ='", "basic credentials"},
		{"docker-compose.yml", "environment:\n  - POSTGRES_PASSWORD=postgres\n", "Postgres default"},
		{".github/workflows/ci.yml", "env:\n  POSTGRES_PASSWORD: postgres\n", ""},
		{".env", "DB_PASSWORD=" + pw, "password (12 chars)"},
		{".env.example", "DB_PASSWORD=" + pw, ""},
		{"main.tf", "variable \"db_password\" {\n  type = string\n  default = \"" + pw + "\"\n}\n", "`db_password`"},
		{"Dockerfile", "ENV API_TOKEN " + sample.Random(24), "`API_TOKEN`"},
		{".netrc", "machine dwh.corp.io login etl password " + pw, "password"},
		{"core-site.xml", "<name>fs.s3a.secret.key</name><value>" + sample.Text("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789/+", 40) + "</value>", "fs.s3a.secret.key"},
		{"k8s.yml", "kind: Secret\ndata:\n  password: " + base64.StdEncoding.EncodeToString([]byte(pw)) + "\n", "password (12 chars)"},
		{"k8s.yml", "kind: Secret\ndata:\n  password: " + base64.StdEncoding.EncodeToString([]byte("changeme")) + "\n", ""},
		{"users.sql", "CREATE USER etl PASSWORD '" + pw + "';", "password (12 chars)"},
		{"users.sql", "CREATE USER etl IDENTIFIED BY '" + pw + "';", "password (12 chars)"},
		{"README.md", "text password = \"" + pw + "\"\n\n```bash\nexport DB_PASSWORD=" + pw + "\n```\n", "`DB_PASSWORD`"},
		{"a.yml", "name: DB_PASSWORD\nvalue: " + pw + "\n", "`DB_PASSWORD`"},
		{"soda.yml", "data_source wh: {type: snowflake, username: etl, password: " + pw + "}", "`password`"},
		{"a.ini", "password = " + pw + " # pragma: allowlist secret", ""},
	} {
		got := found(c.path, c.text)
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)) {
			t.Errorf("%s: %s: %q, not %q", c.path, strings.ReplaceAll(c.text, pw, "PW"), got, c.want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	for name, make := range sample.Makers {
		f.Add("x.yml", "password: "+make()+"\n"+name)
	}
	for _, p := range []string{".env", "Dockerfile", "a.tf", "a.xml", "a.sql", "a.md", ".pgpass", ".netrc", "a.ipynb"} {
		f.Add(p, "kind: Secret\ndata:\n  password: \"x\\\"\n```sh\nexport A_TOKEN='a\n<name>password</name><value>postgres://a:b@c;Pwd=x'-----BEGIN PRIVATE KEY-----\n-----END")
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		r := Detect(Input{Path: path, Text: []byte(text)})
		end := 0
		for _, h := range r.Hidden {
			if h.Start < end || h.End <= h.Start || h.End > len(text) {
				t.Fatalf("span %d-%d after %d of %d", h.Start, h.End, end, len(text))
			}
			end = h.End
		}
		for _, x := range r.Secrets {
			if x.Key.Start < 0 || x.Key.End < x.Key.Start || x.Key.End > len(text) {
				t.Fatalf("key %d-%d of %d", x.Key.Start, x.Key.End, len(text))
			}
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	var text strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&text, "select order_id, amount from silver.orders where load_id = %d -- step\n", i)
		if i%50 == 0 {
			text.WriteString("api_token = os.environ['API_TOKEN']  # https://example.com/path\n")
		}
	}
	in := Input{Path: "models/orders.py", Text: []byte(text.String())}
	b.SetBytes(int64(len(in.Text)))
	for b.Loop() {
		Detect(in)
	}
}
