package all_test

import "regexp"

var tokenMark = regexp.MustCompile(`\{\{token:([a-z0-9-]+)\}\}`)

// tokens makes, by name, a fresh secret of valid form from the description of its format. Pages write {{token:github}}, so
// that no secret is stored. Filled by the files of this test package.
var tokens = map[string]func() string{}

func expandTokens(text string) string {
	return tokenMark.ReplaceAllStringFunc(text, func(mark string) string {
		if make := tokens[tokenMark.FindStringSubmatch(mark)[1]]; make != nil {
			return make()
		}
		return mark
	})
}
