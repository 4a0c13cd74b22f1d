package security

// codeProviders are forges, package indexes, registries and continuous integration.
var codeProviders = []provider{
	{name: "GitHub token", words: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}, pattern: `gh[pousr]_[0-9a-zA-Z]{36}`, public: 4, check: crcBase62},
	{name: "GitHub fine-grained token", words: []string{"github_pat_"}, pattern: `github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}`, public: 11},
	{name: "GitLab token", words: []string{"glpat-", "gldt-", "glrt-", "glft-", "glsoat-", "glffct-"}, pattern: `gl(?:pat|dt|rt|ft|soat|ffct)-[\w-]{20}(?:[\w-]{7,280}\.[0-9a-z]{2}\.?[0-9a-z]{7})?`, public: 5},
	{name: "GitLab job token", words: []string{"glcbt-"}, pattern: `glcbt-[0-9a-zA-Z]{1,5}_[\w-]{20}`, public: 6},
	{name: "GitLab trigger token", words: []string{"glptt-"}, pattern: `glptt-[0-9a-f]{40}`, public: 6},
	{name: "GitLab agent token", words: []string{"glagent-"}, pattern: `glagent-[\w-]{50}`, public: 8},
	{name: "GitLab OAuth secret", words: []string{"gloas-"}, pattern: `gloas-[\w-]{64}`, public: 6},
	{name: "GitLab runner token", words: []string{"gr1348941"}, pattern: `GR1348941[\w-]{20}`, public: 9},
	{name: "PyPI token", words: []string{"pypi-ageichlwas5vcmc", "pypi-agenzxrlc3quchlwas5vcmc", "pypi-agendgvzdc5wexbplm9yzw"}, pattern: `pypi-AgE[A-Za-z0-9_-]{60,}`, size: 1100, public: 24, check: pypiMacaroon},
	{name: "npm token", words: []string{"npm_"}, pattern: `npm_[0-9A-Za-z]{36}`, public: 4, check: crcBase62},
	{name: "RubyGems key", words: []string{"rubygems_"}, pattern: `rubygems_[a-f0-9]{48}`, public: 9},
	{name: "Docker Hub token", words: []string{"dckr_pat_", "dckr_oat_"}, pattern: `dckr_(?:pat_[\w-]{27}|oat_[\w-]{32})`, public: 9},
	{name: "Artifactory API key", words: []string{"akcp"}, pattern: `AKCp[A-Za-z0-9]{69}`, public: 4},
	{name: "Artifactory reference token", words: []string{"cmvmd"}, pattern: `cmVmd[A-Za-z0-9]{59}`, public: 5, check: decodesAfter(0)},
	{name: "Octopus API key", words: []string{"api-"}, pattern: `API-[A-Z0-9]{26}`, public: 4},
	{name: "Snyk OAuth token", words: []string{"snyk_uat.", "snyk_sat."}, pattern: `snyk_[us]at\.[a-f0-9]{8}\.[A-Za-z0-9_.-]{50,800}`, size: 900, public: 9},
	{name: "SonarQube token", words: []string{"squ_", "sqp_", "sqa_"}, pattern: `sq[upa]_[a-f0-9]{40}`, public: 4},
	{name: "Postman key", words: []string{"pmak-"}, pattern: `PMAK-[a-f0-9]{24}-[a-f0-9]{34}`, public: 5},
	{name: "Atlassian token", words: []string{"atatt3", "atctt3"}, pattern: `AT[AC]TT3[A-Za-z0-9_=-]{150,250}`, public: 6},
	{name: "Linear key", words: []string{"lin_api_"}, pattern: `lin_api_[A-Za-z0-9]{40}`, public: 8},
	{name: "Infracost key", words: []string{"ico-"}, pattern: `ico-[A-Za-z0-9]{32}`, public: 4},
}
