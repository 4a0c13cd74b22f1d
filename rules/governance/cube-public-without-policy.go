package governance

import (
	"regexp"
	"slices"
	"strings"

	"delint/graph"
	"delint/graph/pii"
	"delint/rules"
)

// CubePublicWithoutPolicy reports members with personal data that everybody may query, and (Low) cubes that are public beside
// the views which are meant to be.
var CubePublicWithoutPolicy = rules.Repository(rules.Rule{
	Name:     "cube-public-without-policy",
	Severity: rules.High,
	Class:    rules.Security,
	Topic:    "security/access-control",
	Sentence: "Follow principle of least privilege (PoLP) for all access controls",
}, func(pass *rules.Pass, g *graph.Graph) {
	for _, p := range cubeProjects(g) {
		views := slices.ContainsFunc(p.all, func(s *graph.Semantic) bool { return s.Kind == "view" && !s.Hidden })
		for _, s := range p.all {
			if s.Hidden || inTests(g, s.Span.Path) || cubeLimited(s) {
				continue
			}
			open := cubeExposes(p, s)
			switch {
			case len(open) > 0:
				cubeExposed(pass, p, s, open)
			case s.Kind == "cube" && views && len(s.Members) > 0 && len(s.Policies) == 0 && s.Extends == "":
				f := publicFinding(pass, s, "cube `%s` is public beside the views that are meant to be asked", s.Name)
				f.Severity, f.Collapse = rules.Low, "public cube"
			}
		}
	}
})

func publicFinding(pass *rules.Pass, s *graph.Semantic, format string, args ...any) *rules.Finding {
	f := pass.ReportAt(s.Span, format, args...)
	f.Key = s.Name
	f.Unit = rules.Unit{Kind: "block", Name: s.Name, StartLine: s.Span.Start.Line, EndLine: s.Span.Start.Line}
	return f
}

// cubeLimited reports whether an access policy of the definition, or of one that it extends, keeps somebody from something.
func cubeLimited(s *graph.Semantic) bool {
	for n := 0; s != nil && n < 20; s, n = s.Parent, n+1 {
		if s.Extends != "" && s.Parent == nil || s.Partial {
			return true // perhaps
		}
		if len(s.Policies) > 0 && !slices.ContainsFunc(s.Policies, everybody) {
			return true
		}
	}
	return false
}

// everybody reports whether a policy lets everybody see every member and every row.
func everybody(p graph.PolicyFact) bool {
	return slices.Contains(p.Groups, "*") && (p.All || !p.Members) && !p.Rows
}

// shown is one personal member that a definition shows, with the cube that it stands in.
type shown struct {
	member  graph.MemberFact
	verdict pii.Verdict
}

// cubeExposes is the personal members that everybody sees in a cube or view.
func cubeExposes(p *cubes, s *graph.Semantic) []shown {
	if s.Kind == "cube" {
		return cubePersonal(s, func(graph.MemberFact) bool { return true })
	}
	var out []shown
	for _, in := range s.Includes {
		from := p.byName[lastStep(in.Path.Name)]
		if from == nil || cubeLimited(from) {
			continue
		}
		out = append(out, cubePersonal(from, func(m graph.MemberFact) bool {
			named := func(n graph.NameFact) bool { return n.Name == m.Name }
			return (in.All || slices.ContainsFunc(in.Includes, named)) && !slices.ContainsFunc(in.Excludes, named)
		})...)
	}
	return out
}

func lastStep(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[i+1:]
		}
	}
	return path
}

// officeAddress knows addresses of an organisation: invoice_email, fromEmail.
var officeAddress = regexp.MustCompile(`(?i)(?:invoice|billing|from|sender|reply|reply_?to|company|support|office|notification)_?(?:e_?mail|phone)`)

// organisation reports whether a cube is of organisations, whose telephone is nobody's own: Clients, but not ClientContacts.
func organisation(name string) bool {
	is := false
	for _, t := range pii.Tokens(name) {
		switch strings.TrimSuffix(t, "s") {
		case "contact", "person", "people", "user", "employee", "member", "owner":
			return false
		case "client", "companie", "company", "organization", "organisation", "vendor", "supplier", "college", "universitie", "university",
			"school", "store", "shop", "branch", "branche", "warehouse", "office", "hotel", "restaurant":
			is = true
		}
	}
	return is
}

// cubePersonal is the public dimensions of a cube that are a personal column by themselves: what an expression makes of one is not judged.
func cubePersonal(s *graph.Semantic, taken func(graph.MemberFact) bool) []shown {
	members, _ := s.AllMembers()
	var columns []pii.Column
	var kept []graph.MemberFact
	for _, m := range members {
		if m.Kind != "dimension" || m.Type != "string" && m.Type != "time" && m.Type != "number" {
			continue
		}
		column := m.Column()
		if column == "" {
			continue
		}
		columns = append(columns, cubeColumn(s, m, column))
		kept = append(kept, m)
	}
	office := organisation(s.Name)
	var out []shown
	for i, v := range pii.Classify(s.Name, columns) {
		if v.Personal() && v.Direct() && !(v.Category == pii.Contact && (office || officeAddress.MatchString(kept[i].Column()))) && !kept[i].Hidden && taken(kept[i]) && !columns[i].Masked {
			out = append(out, shown{kept[i], v})
		}
	}
	return out
}

// cubeColumn is the column behind a member with what is known of it.
func cubeColumn(s *graph.Semantic, m graph.MemberFact, column string) pii.Column {
	c := pii.Column{Name: column, Description: m.Description, Label: m.Label}
	if m.Type == "string" {
		c.Type = "string"
	}
	if len(s.Datasets) == 1 && s.SQL == nil {
		if known := s.Datasets[0].Column(column); known != nil {
			d := pii.Described(known)
			c.Masked = d.Masked
			if c.Label == "" {
				c.Label = d.Label
			}
		}
	}
	return c
}

func cubeExposed(pass *rules.Pass, p *cubes, s *graph.Semantic, open []shown) {
	first := open[0]
	f := publicFinding(pass, s, "%s `%s` shows `%s` (%s) to everybody: no access policy, not hidden", s.Kind, s.Name, first.member.Name, first.verdict.Category)
	if len(s.Policies) > 0 {
		f.Message = s.Kind + " `" + s.Name + "` shows `" + first.member.Name + "` to everybody: its access policy limits nobody"
	}
	f.Evidence = "`" + first.member.Name + "`: " + first.verdict.String()
	if p.guarded {
		f.Severity = rules.Low
		f.Evidence = "cube.js rewrites queries, which may hide it; " + f.Evidence
	}
	for _, o := range open[:min(len(open), 5)] {
		f.Places = append(f.Places, rules.Place{Span: o.member.Span, Message: string(o.verdict.Category)})
	}
}
