package security

import (
	"bytes"

	"delint/rules"
)

// credential adds the password of a connection string, judged as one.
func (s *search) credential(what, user, password, host string, secret Span) {
	local := localHost(host)
	if isDefaultAccount(user, password) {
		if s.place.ci || s.place.example || s.place.markdown || s.commented(secret.Start) {
			return
		}
		table := defaultTable
		if local || s.place.compose || s.place.test {
			table = everywhereLow
		}
		s.add(Secret{Provider: "default password in a " + what, Kind: DefaultSecret, Value: secret, Length: secret.End - secret.Start,
			Precision: rules.HighPrecision, Severity: table})
		return
	}
	if credentialPassword(user, password, host) != Accepted {
		return
	}
	table := connectionTable
	if local && (s.place.test || s.place.markdown) || s.place.test && host == "" {
		return // a login of a container that lives as long as the test
	}
	switch {
	case local && (s.place.ci || s.place.compose || s.place.test || s.place.example || s.place.markdown):
		table = everywhereLow
	case local:
		table = localTable
	}
	s.add(Secret{Provider: what, Kind: ConnectionString, Value: secret, Length: secret.End - secret.Start, Precision: rules.HighPrecision, Severity: table})
}

func (s *search) uri(at int) {
	if user, password, host, secret, ok := credentialURI(s.in.Text, at); ok {
		s.credential("connection string", user, password, host, secret)
	}
}

func (s *search) parameter(at int) {
	if user, password, host, secret, ok := credentialParameter(s.in.Text, at); ok {
		s.credential("connection string", user, password, host, secret)
	}
}

func (s *search) jaas(at int) {
	if m := jaas.FindSubmatchIndex(s.in.Text[at:min(len(s.in.Text), at+600)]); m != nil {
		secret := Span{at + m[2], at + m[3]}
		s.credential("Kafka login", "", string(s.in.Text[secret.Start:secret.End]), unknownHost, secret)
	}
}

func (s *search) oracle(at int) {
	window := s.in.Text[at:min(len(s.in.Text), at+300)]
	if m := oracleThin.FindSubmatchIndex(window); m != nil {
		s.credential("connection string", string(window[m[2]:m[3]]), string(window[m[4]:m[5]]), string(window[m[6]:m[7]]), Span{at + m[4], at + m[5]})
	}
}

func (s *search) header(at int) {
	if s.commented(at) {
		return // documentation of how a client sets one
	}
	if what, secret, ok := headerCredential(s.in.Text, at); ok {
		s.add(Secret{Provider: what + " in a header", Kind: ConnectionString, Value: secret, Length: secret.End - secret.Start,
			Precision: rules.MediumPrec, Severity: connectionTable, Key: Span{at, at + len("authorization")}, KeyName: "Authorization"})
	}
}

func (s *search) curl(at int) {
	if at > 0 && isWord(s.in.Text[at-1]) {
		return
	}
	if user, password, secret, ok := curlCredential(s.in.Text, at); ok {
		host := unknownHost
		if command := s.in.Text[at:commandEnd(s.in.Text, secret.End)]; bytes.Contains(command, []byte("localhost")) || bytes.Contains(command, []byte("127.0.0.1")) {
			host = "localhost"
		}
		s.credential("curl command", user, password, host, secret)
	}
}

// commandEnd is where the shell command around an offset ends: its line, and the next ones after a backslash.
func commandEnd(text []byte, at int) int {
	end := lineEnd(text, at)
	for end < len(text) && end > 0 && bytes.HasSuffix(bytes.TrimRight(text[:end], "\r"), []byte("\\")) {
		end = lineEnd(text, end+1)
	}
	return end
}

// pem adds a private key. Its whole body is hidden.
func (s *search) pem(at int) {
	text := s.in.Text[at:min(len(s.in.Text), at+16384)]
	head := text[:min(len(text), 64)]
	mark := bytes.Index(head, []byte("PRIVATE KEY"))
	if mark < 0 {
		return
	}
	begin := bytes.Index(text[mark:], []byte("-----"))
	if begin < 0 || begin > 12 {
		return
	}
	begin += mark + 5
	end := bytes.Index(text[begin:], []byte("-----END"))
	if end < 0 {
		return
	}
	end += begin
	v := privateKey(string(text[:end]) + "-----")
	if v == none {
		return
	}
	around := bytes.ToLower(s.in.Text[max(0, at-600):min(len(s.in.Text), at+end+400)])
	if bytes.Contains(around, []byte("service_account")) && (bytes.Contains(around, []byte("dummy")) || bytes.Contains(around, []byte("@example"))) {
		return // a throw-away account that opens nothing
	}
	name, table, precision := "private key", everywhereCritical, rules.HighPrecision
	switch {
	case v == genuine && bytes.Contains(s.in.Text[max(0, at-600):at], []byte(`service_account`)):
		name, precision = "GCP service account key", rules.VeryHigh
	case v == weak:
		name, table = "encrypted private key", SeverityTable{rules.High, rules.High, rules.Medium, rules.High}
		if s.place.test {
			table = everywhereLow
		}
	case s.place.test:
		table = localTable
	case v == genuine:
		precision = rules.VeryHigh
	}
	s.add(Secret{Provider: name, Kind: ProviderKey, Value: Span{at + begin, at + end}, Length: end - begin, Precision: precision, Severity: table})
}
