package security

import (
	"fmt"
	"strings"

	"delint/parsers"
	"delint/parsers/notebook"
	"delint/parsers/python"
	"delint/parsers/sql"
	"delint/parsers/yaml"
	"delint/rules"
)

// HardcodedSecret reports credentials that stand in a file: keys that a provider's form gives away, passwords in connection
// strings, published default secrets, literals under the name of a secret, and committed secret files.
var HardcodedSecret = rules.Files(rules.Rule{
	Name:     "hardcoded-secret",
	Severity: rules.Critical, // the kind and the environment decide
	Class:    rules.Fixed,
	Topic:    "security/secrets-management",
	Sentence: "Never hardcode credentials; use environment variables and secret management",
	Tags:     []string{"external/cwe/cwe-798"},
}, func(pass *rules.Pass, f *parsers.File) {
	result := Search(f)
	lines := map[int]bool{}
	for _, x := range result.Secrets {
		span := f.RawSpan(x.Key.Start, x.Key.End)
		if lines[span.Start.Line] {
			continue // an id and its secret on one line are one
		}
		lines[span.Start.Line] = true
		finding := pass.ReportAt(span, "%s", x.Message())
		finding.Severities = x.Severity.byEnvironment()
		finding.Key = x.KeyName
	}
	if what := secretFile(f, result.Weak); what != "" && len(result.Secrets) == 0 {
		finding := pass.ReportAt(f.RawSpan(0, 0), "committed secret file: %s", what)
		finding.Severities = secretFileTable.byEnvironment()
	}
})

var _ = rules.FindSecretsWith(func(f *parsers.File) []rules.SecretSpan {
	var spans []rules.SecretSpan
	for _, h := range Search(f).Hidden {
		spans = append(spans, rules.SecretSpan{Start: h.Start, End: h.End, Label: h.Label})
	}
	return spans
})

// Message says what the secret is, in no character of it.
func (x Secret) Message() string {
	in := ""
	if x.KeyName != "" {
		in = " in `" + x.KeyName + "`"
	}
	switch x.Kind {
	case ConnectionString:
		return fmt.Sprintf("%s holds a credential (%d chars)%s", x.Provider, x.Length, in)
	case DefaultSecret:
		return fmt.Sprintf("%s, known to everybody%s", x.Provider, in)
	}
	return fmt.Sprintf("hardcoded %s (%d chars)%s", x.Provider, x.Length, in)
}

type resultKey struct{}

// Search searches a file once, whoever asks first.
func Search(f *parsers.File) Result {
	return parsers.Memo(f, resultKey{}, func() Result {
		if f.Limits.SecretBytes > 0 && len(f.Raw) > f.Limits.SecretBytes {
			return Result{}
		}
		return Detect(inputOf(f))
	})
}

// inputOf says how a file's pairs are read: from its syntax tree, where it has one.
func inputOf(f *parsers.File) Input {
	in := Input{Path: f.Path, Text: f.Raw}
	p := placeOf(f.Path)
	small := f.Limits.ParseBytes == 0 || len(f.Raw) <= f.Limits.ParseBytes
	in.Inner = notebookTexts(f, notebook.Texts(f))
	switch {
	case f.Tree != nil && f.Tree.Grammar == python.Grammar:
		in.Pairs, in.Structured = pythonPairs(f), true
		if len(f.Text) == len(f.Raw) {
			in.Within = func(at int) bool { return f.Tree.Enclosing(at, at+1).Is(python.StringContent, python.String) }
		}
	case f.Tree != nil && f.Tree.Grammar == yaml.Grammar:
		in.Read = func() (Reading, bool) { return yamlReading(f) }
		in.Sparse = true
	case f.Tree != nil && f.Tree.Grammar == sql.Grammar:
		in.Read = func() (Reading, bool) { return sqlReading(f) }
	case isJSON(p) && small:
		in.Read = func() (Reading, bool) { return jsonReading(f.Raw) }
		in.Sparse = true
	case p.ext == "toml" && small:
		in.Read = func() (Reading, bool) { return tomlReading(f.Raw, f.Limits.ParseTime) }
		in.Sparse = true
	}
	return in
}

// secretFile says what kind of secret file a path is that should not be in a repository; empty if none.
// weak is the name of a password in it that is too weak to be a finding of its own.
func secretFile(f *parsers.File, weak string) string {
	p := placeOf(f.Path)
	switch {
	case p.example || p.test:
		return ""
	case strings.HasSuffix(p.base, ".tfstate"), strings.HasSuffix(p.base, ".tfstate.backup"):
		return "Terraform state"
	case p.base == ".pgpass", p.base == ".netrc":
		return "stored logins"
	case p.dotenv && weak != "":
		return "settings with a literal `" + weak + "`"
	}
	return ""
}
