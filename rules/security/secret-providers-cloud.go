package security

import "strings"

// cloudProviders are the clouds and what runs infrastructure on them.
var cloudProviders = []provider{
	{name: "AWS access key id", words: []string{"akia", "asia", "abia", "acca"}, pattern: `(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}`, public: 4, check: awsKeyID},
	{name: "AWS Bedrock key", words: []string{"absk"}, pattern: `ABSK[A-Za-z0-9+/]{109,269}={0,2}`, public: 4, check: decodesAfter(4)},
	{name: "AWS session token", words: []string{"fwogzx", "iqojb3jpz2lux2vj"}, pattern: `(?:FwoGZX|IQoJb3JpZ2luX2Vj)[A-Za-z0-9+/%]{180,}={0,2}`, size: 2100, public: 6},
	{name: encodedKey, words: []string{"ls0tls1crudjti"}, pattern: `LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,}={0,2}`, size: 16384, public: 14, check: encodedPEM},
	{name: "GCP API key", words: []string{"aiza"}, pattern: `AIza[\w-]{35}`, public: 4},
	{name: "GCP OAuth client secret", words: []string{"gocspx-"}, pattern: `GOCSPX-[\w-]{28}`, public: 7},
	{name: "GCP refresh token", words: []string{"1//0"}, pattern: `1//0[\w-]{50,150}`, public: 4},
	{name: "GCP access token", words: []string{"ya29."}, pattern: `ya29\.[\w-]{60,}`, size: 1100, public: 5},
	{name: "Azure storage key", words: []string{"accountkey="}, pattern: `(?i:accountkey=)([A-Za-z0-9+/]{86}==)`, floor: 4, check: azureKey, loose: true},
	{name: "Azure Cosmos DB key", words: []string{"documents.azure.com"}, pattern: `(?i:documents\.azure\.com(?::443)?/?;\s*AccountKey=)([A-Za-z0-9+/]{86}==)`, floor: 4, check: azureKey, loose: true},
	{name: "Azure shared access key", words: []string{"sharedaccesskey="}, pattern: `(?i:sharedaccesskey=)([A-Za-z0-9+/]{43}=)`, floor: 3.5, check: decodesTo(32), loose: true},
	{name: "Azure SAS", words: []string{"sig="}, pattern: `(?:s[vrpetsi]|srt|ss|spr|skoid|sktid|skt|ske|sks|skv)=[^"'\s&]{1,64}(?:&amp;|&)[^"'\s<>]{10,400}`, lead: 300, public: 0, floor: 3, check: azureSAS, loose: true},
	{name: "Entra client secret", words: []string{"q~"}, pattern: `[a-zA-Z0-9_~.]{3}\dQ~[a-zA-Z0-9_~.-]{31,34}`, lead: 4, floor: 3.5},
	{name: "Azure container registry key", words: []string{"+acr"}, pattern: `[A-Za-z0-9/+]{42}\+ACR[A-D][A-Za-z0-9]{5}`, lead: 42, floor: 4, loose: true},
	{name: "Azure App Configuration secret", words: []string{".azconfig.io;id="}, pattern: `(?i:\.azconfig\.io;Id=[^;]{4,100};Secret=)([A-Za-z0-9+/]{43,86}={0,2})`, floor: 3.5, loose: true},
	{name: "Terraform Cloud token", words: []string{".atlasv1."}, pattern: `[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}`, lead: 14, floor: 3.5},
	{name: "Vault service token", words: []string{"hvs."}, pattern: `hvs\.[\w-]{24,120}`, public: 4},
	{name: "Vault batch token", words: []string{"hvb."}, pattern: `hvb\.[\w-]{138,300}`, public: 4},
	{name: "Pulumi token", words: []string{"pul-"}, pattern: `pul-[a-f0-9]{40}`, public: 4},
	{name: "Doppler token", words: []string{"dp.pt.", "dp.st.", "dp.sa."}, pattern: `dp\.(?:pt|st|sa)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}`, public: 6},
	{name: "1Password service account token", words: []string{"ops_ey"}, pattern: `ops_eyJ[A-Za-z0-9+/]{250,}={0,3}`, size: 2000, public: 4, check: jsonInside(4)},
	{name: "1Password secret key", words: []string{"a3-"}, pattern: `A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}`, public: 3},
	{name: "DigitalOcean token", words: []string{"dop_v1_", "doo_v1_", "dor_v1_"}, pattern: `do[opr]_v1_[a-f0-9]{64}`, public: 7},
	{name: "Alibaba access key id", words: []string{"ltai"}, pattern: `LTAI[A-Za-z0-9]{20}`, public: 4},
	{name: "Yandex Cloud key", words: []string{"aqvn"}, pattern: `AQVN[A-Za-z0-9_-]{35,38}`, public: 4},
	{name: "age secret key", words: []string{"age-secret-key-1"}, pattern: `AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}`, public: 16},
	{name: "fly.io token", words: []string{"fm1r_", "fm1a_", "fm2_", "fo1_"}, pattern: `fo1_[\w-]{43}|fm1[ar]_[a-zA-Z0-9+/]{100,}={0,3}|fm2_[a-zA-Z0-9+/]{100,}={0,3}`, size: 1500, public: 4},
	{name: "Heroku API key", words: []string{"hrku-aa"}, pattern: `HRKU-AA[0-9a-zA-Z_-]{58}`, public: 7},
	{name: "Cloudflare origin CA key", words: []string{"v1.0-"}, pattern: `v1\.0-[a-f0-9]{24}-[a-f0-9]{146}`, public: 5},
	{name: "OpenShift token", words: []string{"sha256~"}, pattern: `sha256~[\w-]{43}`, public: 7},
}

// encodedKey is a private key in base64, as kubeconfig files and variables hold it; encodedPEM decodes it.
const encodedKey = "private key in base64"

func encodedPEM(text string) verdict {
	raw, ok := decoded(text)
	begin := strings.Index(raw, "-----BEGIN")
	if end := strings.Index(raw, "-----END"); !ok || end < 0 || begin < 0 || !strings.Contains(raw[:min(len(raw), 64)], "PRIVATE KEY") {
		return none
	}
	return privateKey(raw[begin:])
}

// azureKey checks a 64-byte key. The emulator's key is published: a default, not a secret of its own.
func azureKey(key string) verdict {
	if isPublished(key) {
		return none
	}
	return decodesTo(64)(key)
}
