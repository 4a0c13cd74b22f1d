// Templates: {{ … }}, {% … %}, {# … #}, and the braces of SQL. Included by scanner.c.

// After an opening brace has been seen as C.
static bool scan_brace(Scan *s) {
  next(s);
  if (C == '%') return scan_tag(s);
  mark(s);
  if (C == '{') {
    bool glued = s->glued && is(s, TEMPLATE_GLUED);
    next(s);
    if (C == '-' || C == '+') next(s);
    mark(s);
    return take(s, glued ? TEMPLATE_GLUED : TEMPLATE_OPEN);
  }
  if (C == '#') {
    int32_t last = 0;
    for (next(s); !at_end(s); next(s)) {
      if (last == '#' && C == '}') { next(s); break; }
      last = C;
    }
    mark(s);
    return take(s, TEMPLATE_COMMENT);
  }
  if (is_letter(C) || is_digit(C)) { // {x}, a hole of str.format
    int n = 0;
    while ((is_word(C) || C == '.' || C == '[' || C == ']') && n++ < 200) next(s);
    if (C == '!') { next(s); while (is_word(C)) next(s); }
    if (C == ':' ) { next(s); while (is_word(C) || C == '%' || C == '-' || C == ',') { if (n++ > 200) break; next(s); } }
    if (C == '}') {
      next(s);
      mark(s);
      if (s->glued && is(s, NAME_PART)) return take_name(s, NAME_PART);
      return take(s, PARAMETER);
    }
  }
  return take(s, LBRACE);
}

// The rest of a template, after {{ or {%.

static bool scan_template_string(Scan *s) {
  int32_t quote = C;
  next(s);
  mark(s);
  while (!at_end(s)) {
    int32_t c = C;
    next(s);
    if (c == quote) { mark(s); return take(s, TEMPLATE_STRING); }
    if (c == '\\' && !at_end(s)) next(s);
  }
  return take(s, TEMPLATE_OPERATOR); // it never ends: the quote alone is the token
}

// A bracket or the end that is not valid here ends what is open.
static bool scan_template_close(Scan *s, enum TokenType close) {
  if (!s->valid[close] && is(s, UNCLOSED) && close != RPAREN && close != RBRACKET && close != RBRACE) return take(s, UNCLOSED);
  mark(s);
  return take(s, s->valid[close] ? close : TEMPLATE_OPERATOR);
}

static bool scan_template(Scan *s) {
  int32_t c = C;
  if (is_letter(c)) {
    while (is_word(C)) next(s);
    mark(s);
    while (C == '.') {
      next(s);
      if (!is_letter(C)) break;
      while (is_word(C)) next(s);
      mark(s);
    }
    return take(s, TEMPLATE_NAME);
  }
  if (is_digit(c)) {
    while (is_word(C) || C == '.') next(s);
    mark(s);
    return take(s, NUMBER);
  }
  switch (c) {
    case '\'': case '"': return scan_template_string(s);
    case '(': next(s); mark(s); return take(s, LPAREN);
    case '[': next(s); mark(s); return take(s, LBRACKET);
    case '{': next(s); mark(s); return take(s, LBRACE);
    case ',': next(s); mark(s); return take(s, COMMA);
    case ')': next(s); return scan_template_close(s, RPAREN);
    case ']': next(s); return scan_template_close(s, RBRACKET);
    case '}':
      next(s);
      if (s->valid[RBRACE] || C != '}') return scan_template_close(s, RBRACE);
      next(s);
      return scan_template_close(s, s->valid[TAG_CLOSE] ? TAG_CLOSE : TEMPLATE_CLOSE);
    case '-': case '+': case '%':
      next(s);
      if (c != '%' && C == '}' && !s->valid[RBRACE]) {
        next(s);
        if (C == '}') { next(s); return scan_template_close(s, s->valid[TAG_CLOSE] ? TAG_CLOSE : TEMPLATE_CLOSE); }
      } else if (c == '%' && C == '}') {
        next(s);
        return scan_template_close(s, s->valid[TEMPLATE_CLOSE] ? TEMPLATE_CLOSE : TAG_CLOSE);
      } else if (c != '%' && C == '%') {
        next(s);
        if (C == '}') { next(s); return scan_template_close(s, s->valid[TEMPLATE_CLOSE] ? TEMPLATE_CLOSE : TAG_CLOSE); }
      }
      mark(s);
      return take(s, TEMPLATE_OPERATOR);
  }
  next(s);
  if (C == '=' || (C == c && (c == '*' || c == '/'))) next(s);
  mark(s);
  return take(s, TEMPLATE_OPERATOR);
}
