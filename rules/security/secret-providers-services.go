package security

// serviceProviders are monitoring, chat, payment and mail.
var serviceProviders = []provider{
	{name: "Slack webhook", words: []string{"hooks.slack.com"}, pattern: `hooks\.slack\.com/(?:services|workflows|triggers)/((?:T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/|T[A-Z0-9]+/A[A-Z0-9]+/\d+/|T[A-Z0-9]+/\d+/)[A-Za-z0-9]{20,34})`, floor: 3, loose: true},
	{name: "Slack token", words: []string{"xoxb-", "xoxp-", "xoxe-", "xoxa-", "xoxr-", "xoxs-", "xoxo-"}, pattern: `xox(?:b-[0-9]{8,14}-[0-9]{8,14}-[a-zA-Z0-9]{18,34}|[pe](?:-[0-9]{10,13}){3}-[a-zA-Z0-9-]{28,34}|[ar]-(?:\d-)?[0-9a-zA-Z]{16,48}|[os]-\d+-\d+-\d+-[a-fA-F\d]{10,}|e-\d-[A-Z0-9]{146})`, public: 5},
	{name: "Slack app token", words: []string{"xapp-"}, pattern: `xapp-\d-[A-Z0-9]{8,14}-\d{10,14}-[a-z0-9]{40,80}`, public: 5},
	{name: "Teams webhook", words: []string{".webhook.office.com"}, pattern: `\.webhook\.office\.com/webhookb2/[a-z0-9-]{36}@[a-z0-9-]{36}/IncomingWebhook/([a-z0-9]{32}/[a-z0-9-]{36})`, floor: 3, loose: true},
	{name: "Discord webhook", words: []string{"discord.com/api/webhooks/", "discordapp.com/api/webhooks/"}, pattern: `discord(?:app)?\.com/api/webhooks/\d{17,20}/([\w-]{60,72})`, floor: 4, loose: true},
	{name: "Telegram bot token", words: []string{":aa"}, pattern: `\d{8,10}:AA[\w-]{33}`, lead: 10, floor: 3.8},
	{name: "Grafana service account token", words: []string{"glsa_"}, pattern: `glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}`, public: 5},
	{name: "Grafana Cloud token", words: []string{"glc_"}, pattern: `glc_[A-Za-z0-9+/]{32,400}={0,3}`, public: 4, check: jsonInside(4)},
	{name: "Grafana API key", words: []string{"eyjrijoi"}, pattern: `eyJrIjoi[A-Za-z0-9+/]{70,400}={0,3}`, public: 8, check: jsonInside(0)},
	{name: "Sentry organisation token", words: []string{"sntrys_"}, pattern: `sntrys_eyJ[A-Za-z0-9+/]{20,400}={0,2}_[A-Za-z0-9+/]{43}`, public: 7, check: jsonInside(7)},
	{name: "Sentry user token", words: []string{"sntryu_"}, pattern: `sntryu_[a-f0-9]{64}`, public: 7},
	{name: "New Relic key", words: []string{"nrak-", "nrii-"}, pattern: `NRAK-[A-Z0-9]{27}|NRII-[A-Za-z0-9_-]{32}`, public: 5},
	{name: "Dynatrace token", words: []string{"dt0c01."}, pattern: `dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}`, public: 7},
	{name: "Stripe secret key", words: []string{"sk_live_", "rk_live_"}, pattern: `[rs]k_live_[A-Za-z0-9]{20,247}`, public: 8},
	{name: "Stripe test key", words: []string{"sk_test_", "rk_test_"}, pattern: `[rs]k_test_[A-Za-z0-9]{20,247}`, public: 8, low: true},
	{name: "SendGrid key", words: []string{"sg."}, pattern: `SG\.[\w-]{22}\.[\w-]{43}`, public: 3},
	{name: "Mailgun key", words: []string{"key-"}, pattern: `key-[a-f0-9]{32}`, public: 4},
	{name: "Mailchimp key", words: []string{"-us"}, pattern: `[a-f0-9]{32}-us\d{1,2}`, lead: 32, floor: 3.1},
	{name: "Sendinblue key", words: []string{"xkeysib-"}, pattern: `xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}`, public: 8},
	{name: "Shopify token", words: []string{"shpat_", "shpca_", "shppa_", "shpss_"}, pattern: `shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}`, public: 6},
	{name: "Square token", words: []string{"sq0atp-", "sq0csp-"}, pattern: `sq0(?:atp|csp)-[\w-]{22,43}`, public: 7},
	{name: "Duffel token", words: []string{"duffel_live_"}, pattern: `duffel_live_[\w=-]{43}`, public: 12},
	{name: "MaxMind licence key", words: []string{"_mmk"}, pattern: `[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk`, lead: 36, floor: 3.6},
	{name: "JWT", words: []string{"eyj"}, pattern: `eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,}`, size: 6000, public: 0, floor: 3, check: jwt},
}
