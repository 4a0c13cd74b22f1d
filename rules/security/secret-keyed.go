package security

import (
	"regexp"
	"strings"
	"sync"
)

// keyedProvider is a credential without a prefix of its own: the key says whose it is, the value has its shape.
type keyedProvider struct {
	name    string
	key     []string // words that the key, lower-case and without signs, must hold
	pattern string   // RE2 for the whole value
	floor   float64
	check   func(string) verdict
	anyEnd  bool // the key need not end like a secret's
}

var keyedProviders = []keyedProvider{
	{name: "AWS secret key", key: []string{"awssecret", "secretaccesskey", "awssecretaccesskey", "s3secretkey", "awssecretkey", "s3asecretkey"}, pattern: `[A-Za-z0-9/+]{40}`, floor: 4.25, check: notHex, anyEnd: true},
	{name: "Azure storage key", key: []string{"accountkey", "storagekey", "cosmoskey", "cosmosdbkey"}, pattern: `[A-Za-z0-9+/]{86}==`, floor: 4, check: azureKey, anyEnd: true},
	{name: "Azure DevOps token", key: []string{"azuredevops", "adopat", "vststoken"}, pattern: `[a-z2-7]{52}|[A-Za-z0-9]{84}`, floor: 3.8, anyEnd: true},
	{name: "Fernet key", key: []string{"fernetkey", "fernet"}, pattern: `[A-Za-z0-9_-]{43}=`, floor: 4, check: fernet, anyEnd: true},
	{name: "dbt Cloud token", key: []string{"dbtcloud"}, pattern: `[a-f0-9]{40}`, floor: 3.2},
	{name: "Airbyte client secret", key: []string{"airbyte"}, pattern: `[A-Za-z0-9]{32}`, floor: 3.5},
	{name: "Confluent secret", key: []string{"confluent", "schemaregistry", "kafkaapi", "kafkasecret"}, pattern: `[A-Za-z0-9+/]{64}`, floor: 4.5, anyEnd: true},
	{name: "Datadog key", key: []string{"datadog", "ddapikey", "ddappkey"}, pattern: `[a-f0-9]{32}|[a-f0-9]{40}`, floor: 3.1},
	{name: "PagerDuty key", key: []string{"pagerduty", "pdservicekey", "routingkey", "integrationkey"}, pattern: `[a-f0-9]{32}|[A-Za-z0-9+_-]{20}`, floor: 3.0},
	{name: "Opsgenie key", key: []string{"opsgenie", "geniekey"}, pattern: `[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}`, floor: 3, anyEnd: true},
	{name: "Snyk token", key: []string{"snyk"}, pattern: `[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}`, floor: 3},
	{name: "Weights & Biases key", key: []string{"wandb"}, pattern: `[a-f0-9]{40}`, floor: 3.2},
	{name: "Cohere key", key: []string{"cohere"}, pattern: `[A-Za-z0-9]{40}`, floor: 4},
	{name: "DeepSeek key", key: []string{"deepseek"}, pattern: `sk-[a-f0-9]{32}`, floor: 3},
	{name: "Looker client secret", key: []string{"looker"}, pattern: `[A-Za-z0-9]{24}`, floor: 3.5},
	{name: "Tableau token", key: []string{"tableau"}, pattern: `[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32}`, floor: 3.5, anyEnd: true},
	{name: "Stitch token", key: []string{"stitch"}, pattern: `[a-f0-9]{64}|[A-Za-z0-9]{35}`, floor: 3},
	{name: "Fivetran secret", key: []string{"fivetran"}, pattern: `[A-Za-z0-9]{32}|[A-Za-z0-9+/]{60,70}={0,2}`, floor: 3.8},
	{name: "Twilio token", key: []string{"twilio"}, pattern: `[a-f0-9]{32}`, floor: 3.1},
	{name: "Vault token", key: []string{"vault"}, pattern: `s\.[A-Za-z0-9]{24}`, floor: 3.3},
	{name: "Dagster+ token", key: []string{"dagstercloud"}, pattern: `(?:user:|agent:[\w-]*:?)?[a-f0-9]{32}`, floor: 3},
	{name: "Soda Cloud key", key: []string{"sodacloud", "soda"}, pattern: `[\w-]{32,120}`, floor: 3.8},
	{name: "lakeFS secret key", key: []string{"lakefs", "lakectl"}, pattern: `[A-Za-z0-9/+]{40}`, floor: 4.25, check: notHex},
}

var keyedPatterns = sync.OnceValue(func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(keyedProviders))
	for i, p := range keyedProviders {
		out[i] = regexp.MustCompile(`\A(?:` + p.pattern + `)\z`)
	}
	return out
})

// keyedMatch is the provider whose key and shape a pair has; nil if there is none.
func keyedMatch(key, value string, class keyClass) *keyedProvider {
	if len(value) < 20 || len(value) > 200 {
		return nil
	}
	bare := strings.ToLower(strings.Map(func(r rune) rune {
		if r < 0x80 && isWord(byte(r)) && r != '_' {
			return r
		}
		return -1
	}, key))
	for i := range keyedProviders {
		p := &keyedProviders[i]
		if !p.anyEnd && class == plainKey {
			continue
		}
		for _, k := range p.key {
			if !strings.Contains(bare, k) {
				continue
			}
			if !keyedPatterns()[i].MatchString(value) || Entropy(value) < p.floor || isSequence(value) ||
				sampleToken.MatchString(value) || wordShare(value) >= 0.5 || p.check != nil && p.check(value) < shaped {
				break
			}
			return p
		}
	}
	return nil
}

// notHex rejects a commit's hash in the place of a key of forty characters.
func notHex(s string) verdict {
	if alphabetOf(s) == hexadecimal {
		return none
	}
	return shaped
}

// fernet checks 32 bytes in URL-safe base64; published keys are defaults.
func fernet(s string) verdict {
	if isPublished(s) {
		return none
	}
	return decodesTo(32)(strings.NewReplacer("-", "+", "_", "/").Replace(s))
}
