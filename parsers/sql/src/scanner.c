// The scanner of delint_sql reads every token. It keeps no state: what it may return is what the grammar says is valid at
// this place, and whether a word begins a clause it decides from the words that follow.
//
// tree-sitter gives one mark (the token's end) and no way back, so every decision has this shape: read the word, mark its
// end, look ahead as far as needed, mark again only where the token grows.

#include "tree_sitter/parser.h"
#include "words.h"

#include <string.h>

// In the order of `externals` in grammar.js.
enum TokenType {
  SELECT, FROM, JOIN_OPERATOR, ON, USING, USING_COLUMNS, WHERE, GROUP_BY, HAVING, QUALIFY,
  WINDOW, ORDER_BY, OTHER_BY, LIMIT, SET_OPERATOR, WITH, VALUES, SET, RETURNING, INTO, WHEN,
  INSERT, UPDATE, DELETE, MERGE, CREATE, ALTER, DROP, TRUNCATE, COPY, GRANT,
  MODEL, CASE, THEN, ELSE, END, BLOCK,
  QUANTIFIER, MODIFIER, OBJECT, ALIAS,
  NAME, NAME_PART, DOUBLE_QUOTED, TABLE_NAME, STRING, NUMBER, NULL_, BOOLEAN, PARAMETER, MACRO_, STAR,
  KEYWORD, OPERATOR, CAST, TYPE_OPEN, TYPE_CLOSE, RAW_BLOCK, COMMENT, TEMPLATE_COMMENT,
  LPAREN, RPAREN, LBRACKET, RBRACKET, LBRACE, RBRACE, COMMA, SEMICOLON, STRAY, UNCLOSED, SPLIT,
  TEMPLATE_OPEN, TEMPLATE_GLUED, TEMPLATE_CLOSE, TAG_OPEN, TAG_CLOSE,
  TEMPLATE_NAME, TEMPLATE_STRING, TEMPLATE_OPERATOR,
  RECOVERY,
};

// How far a look ahead may read through blanks and comments: a bound, so that no input makes the scan quadratic.
#define LOOK_AHEAD 4096

typedef struct {
  TSLexer *lexer;
  const bool *valid;
  bool recovering; // tree-sitter asks for anything: be plain
  bool glued;      // no blank stands before the token
  bool first;      // the token is the first on its line
  int budget;      // characters that looking ahead may still read
} Scan;

#define C (s->lexer->lookahead)

static inline void next(Scan *s) { s->lexer->advance(s->lexer, false); }
static inline void mark(Scan *s) { s->lexer->mark_end(s->lexer); }
static inline bool at_end(Scan *s) { return C == 0 && s->lexer->eof(s->lexer); }
static inline bool is(Scan *s, enum TokenType t) { return s->valid[t] && !s->recovering; }
static inline bool take(Scan *s, enum TokenType t) { s->lexer->result_symbol = t; return true; }

static inline bool is_blank(int32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0xA0 || c == 0xFEFF || c == 0x3000 || (c >= 0x2000 && c <= 0x200B);
}
static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static inline bool is_letter(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 0x80 && !is_blank(c));
}
static inline bool is_word(int32_t c) { return is_letter(c) || is_digit(c); }

// Looking ahead.

static void look_past_blanks(Scan *s) {
  while (s->budget > 0) {
    if (is_blank(C)) { next(s); s->budget--; continue; }
    if (C != '-' && C != '/') return;
    int32_t c = C;
    next(s);
    if (c == '-' && C == '-') {
      while (C != '\n' && !at_end(s) && s->budget-- > 0) next(s);
    } else if (c == '/' && C == '*') {
      next(s);
      for (int32_t last = 0; !at_end(s) && s->budget-- > 0; next(s)) {
        if (last == '*' && C == '/') { next(s); break; }
        last = C;
      }
    } else {
      return; // an operator; its second character stands in C, which is good enough for every caller
    }
  }
}

static enum Word find_word(const char *text) {
  int low = 1, high = W_COUNT - 1;
  while (low <= high) {
    int middle = (low + high) / 2;
    int order = strcmp(text, word_text[middle]);
    if (order == 0) return middle;
    if (order < 0) high = middle - 1; else low = middle + 1;
  }
  return W_NONE;
}

// Reads the letters of a word and says which of the list it is.
static enum Word read_word(Scan *s, int *length) {
  char text[LONGEST_WORD + 1];
  int n = 0;
  while (is_word(C)) {
    if (n < LONGEST_WORD && C < 0x80) text[n] = (C >= 'a' && C <= 'z') ? C - 32 : C;
    if (C >= 0x80) n = LONGEST_WORD;
    n++;
    next(s);
  }
  if (length) *length = n;
  if (n < 2 || n > LONGEST_WORD) return W_NONE;
  text[n] = 0;
  return find_word(text);
}

// The next word after blanks; W_COUNT if what follows is no word.
static enum Word look_word(Scan *s) {
  look_past_blanks(s);
  if (!is_letter(C)) return W_COUNT;
  return read_word(s, NULL);
}

// Whether an opening bracket that comes next opens a query.
static bool look_query_bracket(Scan *s) {
  for (int depth = 0; C == '(' && depth < 16; depth++) {
    next(s);
    look_past_blanks(s);
  }
  if (C == '{') return true;
  switch (is_letter(C) ? read_word(s, NULL) : W_NONE) {
    case W_SELECT: case W_WITH: case W_FROM: case W_VALUES: case W_TABLE: return true;
    default: return false;
  }
}

// After a word that begins a clause but may be a column's name too: does a value follow?
static bool look_value(Scan *s) {
  look_past_blanks(s);
  switch (C) {
    case ',': case '.': case ')': case '=': case ';': case '<': case '>': case ']': case '!': case '|': case '+': case 0: return false;
  }
  if (!is_letter(C)) return true;
  switch (read_word(s, NULL)) {
    case W_FROM: case W_AS: case W_IS: case W_IN: case W_AND: case W_OR: case W_ASC: case W_DESC: case W_THEN: case W_END:
    case W_WHERE: case W_LIKE: case W_BETWEEN: return false;
    default: return true;
  }
}

// After a verb: does something follow that can be written to?
static bool look_target(Scan *s) {
  look_past_blanks(s);
  return is_letter(C) || C == '"' || C == '`' || C == '[' || C == '{' || C == '@' || C == '#' || C == '$' || C == ':' || C == '%' ||
         C == '\'';
}

// Strings.

// Reads to the closing quote. A doubled quote and, except in a raw string, a backslash escape. Where a backslash stands
// before the last quote of a line, the string ends there: in standard SQL it escapes nothing. Templates inside are skipped.
static bool read_string(Scan *s, int32_t quote, bool raw) {
  bool marked = false; // a quote inside a template, or the end of the first line, in case the string does not end
  bool line_marked = false;
  while (!at_end(s)) {
    int32_t c = C;
    if (c == quote) {
      next(s);
      if (C == quote) { next(s); continue; }
      mark(s);
      return true;
    }
    if (c == '\n' && !line_marked && !marked) { mark(s); line_marked = true; }
    next(s);
    if (c == '\\' && !raw && quote != '`') {
      if (C == quote) {
        next(s);
        if (!marked && !line_marked) mark(s);
        // Is a closing quote left on this line?
        if (C == quote) { next(s); continue; }
        if (C == ',' || C == ')' || C == ';' || C == '\n' || C == '|' || C == 0 || C == ' ') {
          bool odd = false, ended = false;
          for (int i = 0; i < LOOK_AHEAD && C != '\n' && !at_end(s); i++) {
            if (C == quote) { odd = !odd; if (odd && !ended) { ended = true; } }
            next(s);
          }
          if (!odd) return true; // marked after the quote
          // An escape after all. Everything up to here is inside; the last quote of the line closed it.
          mark(s);
          return true;
        }
      } else if (C != '\n') {
        next(s);
      }
    } else if (c == '{' && (C == '{' || C == '%')) {
      int32_t end = C == '{' ? '}' : '%';
      next(s);
      int left = LOOK_AHEAD / 8;
      for (int32_t last = 0; C != '\n' && !at_end(s) && left > 0; next(s), left--) {
        if (end == '}' ? (last == '}' && C == '}') : (last == '%' && C == '}')) { next(s); break; }
        last = C;
        if (C == quote && !marked) { next(s); mark(s); marked = true; last = 0; if (C == '\n' || at_end(s)) break; }
      }
      if (marked && (C == '\n' || at_end(s) || left <= 0)) return true;
      marked = false;
    }
  }
  if (!marked && !line_marked) mark(s);
  return false;
}

// Reads what follows three quotes, up to three quotes. Text that never sees three again was a standard string that begins
// with an escaped quote: it ends where a standard string ends.
static bool read_triple(Scan *s, int32_t quote, bool raw) {
  bool standard = false;
  int run = 0;
  mark(s);
  while (!at_end(s)) {
    int32_t c = C;
    next(s);
    if (c == quote) {
      if (++run == 3) { mark(s); return true; }
      if (run == 1 && C != quote && !standard) { mark(s); standard = true; }
      continue;
    }
    run = 0;
    if (c == '\\' && !raw && !at_end(s)) next(s);
  }
  return standard;
}

// Reads a string whose opening quote is the next character. quote is ' or ".
static bool read_quoted(Scan *s, bool raw) {
  int32_t quote = C;
  int run = 0;
  while (C == quote && run < 6) { next(s); run++; }
  switch (run) {
    case 2: case 4: case 6: mark(s); return true; // '' or '''' or """"""
    case 3: return read_triple(s, quote, raw);
    default: return read_string(s, quote, raw); // 1, and 5 which is a standard string that begins with two quotes
  }
}

// Names.

// Reads {x}, after $ or @ or alone. The brace is the next character; false if no such thing stands here.
static bool read_braced(Scan *s) {
  next(s);
  int n = 0;
  while (is_word(C) || C == '.' || C == '[' || C == ']' || C == ':' || C == '"' || C == '\'' || C == '-' || C == '!' ||
         (C == ' ' && n > 0) || C == '(' || C == ')') {
    if (++n > 200) return false;
    next(s);
  }
  if (C != '}' || n == 0) return false;
  next(s);
  return true;
}

// Reads the rest of an unquoted part: letters, digits, $ and what a macro puts in: a_@{x}, a_${x}.
static void read_part(Scan *s) {
  for (;;) {
    while (is_word(C)) next(s);
    if (C != '$' && C != '@' && C != '#') return;
    int32_t c = C;
    mark(s);
    next(s);
    if (C == '{' && c != '#') {
      if (!read_braced(s)) return;
    } else if (c == '@') { // a_@x of SQLMesh, t@v1 and t@20240101000000000 of Delta
      if (!is_word(C)) return;
    } else if (c == '#' && !is_word(C)) {
      return;
    }
    mark(s);
  }
}

// Reads the parts that follow a first one: .b."c".`d`.[e]. Marks the end of the name. True if it ends in ".*".
static bool read_more_parts(Scan *s) {
  mark(s);
  while (C == '.') {
    next(s);
    if (C == '.') next(s); // database..table
    if (C == '*') { next(s); mark(s); return true; }
    if (C == '"' || C == '`') {
      int32_t quote = C;
      next(s);
      read_string(s, quote, false);
    } else if (C == '[') {
      next(s);
      if (!is_letter(C)) return false;
      while (C != ']' && C != '\n' && !at_end(s)) next(s);
      if (C != ']') return false;
      next(s);
      mark(s);
    } else if (is_word(C) || C == '$' || C == '@' || C == '#') {
      read_part(s);
      // BigQuery: project.my-set.table-2, only where a table stands.
      while (C == '-' && is(s, TABLE_NAME)) {
        mark(s);
        next(s);
        if (!is_word(C)) return false;
        while (is_word(C)) next(s);
      }
    } else {
      return false;
    }
    mark(s);
  }
  return false;
}

static bool take_name(Scan *s, enum TokenType t) {
  bool star = read_more_parts(s);
  return take(s, star ? STAR : t);
}

#include "clauses.h"
#include "tags.h"
#include "templates.h"

// Everything that is no word.

static bool scan_comment_block(Scan *s) { // after the first slash and star
  int depth = 1;
  bool marked = false;
  int after = 0;
  while (!at_end(s)) {
    int32_t c = C;
    next(s);
    if (c == '*' && C == '/') {
      next(s);
      if (!marked) { mark(s); marked = true; }
      if (--depth == 0) { mark(s); return take(s, COMMENT); }
    } else if (c == '/' && C == '*') {
      next(s);
      depth++;
    }
    // Dialects that don't nest comments end at the first closing one; so do we where the second is far or missing.
    if (marked && ++after > LOOK_AHEAD / 4) return take(s, COMMENT);
  }
  if (!marked) mark(s);
  return take(s, COMMENT);
}

static bool scan_line_comment(Scan *s) {
  while (C != '\n' && !at_end(s)) next(s);
  mark(s);
  return take(s, COMMENT);
}

static bool scan_number(Scan *s) {
  while (is_digit(C)) next(s);
  if (C == '.') {
    mark(s);
    next(s);
    if (is_letter(C) && C != 'e' && C != 'E') return take(s, NUMBER); // 1.a: the dot is not the number's
    if (C == '.') return take(s, NUMBER);
    while (is_digit(C)) next(s);
  }
  while (is_word(C)) {
    bool exponent = C == 'e' || C == 'E';
    next(s);
    if (exponent && (C == '-' || C == '+')) { mark(s); next(s); if (!is_digit(C)) return take(s, NUMBER); }
  }
  mark(s);
  return take(s, NUMBER);
}

static bool scan_star(Scan *s) {
  next(s);
  mark(s);
  if (C == '*') { next(s); mark(s); return take(s, OPERATOR); }
  look_past_blanks(s);
  if (C == ',' || C == ')' || C == ';' || at_end(s)) return take(s, STAR);
  if (C == '{') { next(s); return take(s, C == '%' || C == '#' ? STAR : OPERATOR); }
  switch (is_letter(C) ? read_word(s, NULL) : W_NONE) {
    case W_FROM: case W_EXCEPT: case W_EXCLUDE: case W_EXCLUDING: case W_REPLACE: case W_RENAME: case W_INTO: case W_ILIKE:
    case W_LIKE: case W_WHERE: case W_UNION: case W_INTERSECT: case W_MINUS: case W_LIMIT: case W_ORDER: case W_QUALIFY:
    case W_GROUP: case W_HAVING: case W_WINDOW: case W_SELECT: case W_BY: case W_RETURNING: case W_WHEN:
      return take(s, STAR);
    default:
      return take(s, OPERATOR);
  }
}

static bool scan_colon(Scan *s) {
  next(s);
  mark(s);
  if (C == ':') { next(s); mark(s); return take(s, CAST); }
  if (C == '=') { next(s); mark(s); return take(s, OPERATOR); }
  if (s->glued && is(s, NAME_PART) && (is_letter(C) || C == '"')) { // column:path
    if (C == '"') { next(s); read_string(s, '"', false); } else read_part(s);
    return take_name(s, NAME_PART);
  }
  if (is_word(C) || C == '\'') {
    if (C == '\'') { next(s); read_string(s, '\'', false); } else { while (is_word(C)) next(s); mark(s); }
    return take(s, PARAMETER);
  }
  return take(s, OPERATOR);
}

// $1, $name, ${…}, and the dollar quotes $$ … $$ and $tag$ … $tag$.
static bool scan_dollar(Scan *s) {
  next(s);
  mark(s);
  if (C == '{') {
    int depth = 0;
    do {
      if (C == '{') depth++;
      if (C == '}') depth--;
      next(s);
    } while (depth > 0 && !at_end(s));
    mark(s);
    return take(s, PARAMETER);
  }
  int32_t tag[64];
  int n = 0;
  bool number = is_digit(C);
  while (is_word(C) && n < 63) { tag[n++] = C; next(s); }
  if (n > 0) mark(s);
  if (C != '$' || number) return take(s, n > 0 ? PARAMETER : OPERATOR);
  next(s);
  while (!at_end(s)) {
    if (C != '$') { next(s); continue; }
    next(s);
    int i = 0;
    while (i < n && C == tag[i]) { next(s); i++; }
    if (i == n && C == '$') { next(s); break; }
  }
  mark(s);
  return take(s, STRING);
}

static bool scan_at(Scan *s) {
  next(s);
  if (C == '@') { while (C == '@' || is_word(C) || C == '.') next(s); mark(s); return take(s, PARAMETER); }
  if (C == '\'') { next(s); read_string(s, '\'', false); return take(s, STRING); }
  if (C == '{') {
    mark(s);
    if (!read_braced(s)) return take(s, OPERATOR);
  } else if (is(s, TABLE_NAME) && (C == '~' || C == '%' || C == '"')) { // a stage
    while (!is_blank(C) && C != ')' && C != ',' && C != ';' && C != '(' && !at_end(s)) next(s);
    mark(s);
    return take(s, NAME);
  } else if (!is_letter(C)) {
    if (C == '>' || C == '?') next(s);
    mark(s);
    return take(s, OPERATOR);
  } else {
    mark(s);
    read_part(s);
  }
  read_more_parts(s);
  if ((C == '/' || C == '%') && is(s, TABLE_NAME)) {
    while (!is_blank(C) && C != ')' && C != ',' && C != ';' && C != '(' && !at_end(s)) next(s);
    mark(s);
    return take(s, NAME);
  }
  return take(s, MACRO_);
}

static bool scan_bracket(Scan *s) {
  bool subscript = s->glued && is(s, NAME_PART);
  next(s);
  mark(s);
  if (!subscript && is_letter(C)) {
    int n = 0;
    while (is_word(C) || C == ' ' || C == '-' || C == '$' || C == '#') { if (++n > 200) break; next(s); }
    if (C == ']') {
      next(s);
      if (C == '.' || is(s, TABLE_NAME)) return take_name(s, NAME);
    }
  }
  return take(s, LBRACKET);
}

static bool scan_close(Scan *s, enum TokenType close) {
  if (close == RPAREN && !s->valid[RPAREN]) {
    if (is(s, UNCLOSED)) { mark(s); return take(s, UNCLOSED); }
    next(s);
    mark(s);
    return take(s, s->valid[STRAY] ? STRAY : OPERATOR);
  }
  next(s);
  mark(s);
  return take(s, s->valid[close] ? close : OPERATOR);
}

static bool scan_percent(Scan *s) {
  next(s);
  mark(s);
  if (C == 's') {
    next(s);
    if (is_word(C)) return take(s, OPERATOR);
    mark(s);
    return take(s, PARAMETER);
  }
  if (C == '(') {
    next(s);
    int n = 0;
    while ((is_word(C) || C == '.') && n++ < 200) next(s);
    if (C != ')') return take(s, OPERATOR);
    next(s);
    if (C != 's' && C != 'd' && C != 'f') return take(s, OPERATOR);
    next(s);
    mark(s);
    return take(s, PARAMETER);
  }
  return take(s, OPERATOR);
}

static bool scan_symbol(Scan *s) {
  int32_t c = C;
  switch (c) {
    case '(': next(s); mark(s); return take(s, LPAREN);
    case ')': return scan_close(s, RPAREN);
    case ']': return scan_close(s, RBRACKET);
    case '}': return scan_close(s, RBRACE);
    case '[': return scan_bracket(s);
    case ',': next(s); mark(s); return take(s, COMMA);
    case ';':
      if (!s->valid[SEMICOLON] && is(s, UNCLOSED)) { mark(s); return take(s, UNCLOSED); }
      next(s);
      mark(s);
      return take(s, s->valid[SEMICOLON] ? SEMICOLON : OPERATOR);
    case '\'':
      read_quoted(s, false);
      return take(s, STRING);
    case '"':
      read_quoted(s, false);
      if (C == '.' && s->valid[NAME]) {
        return take_name(s, NAME);
      }
      return take(s, DOUBLE_QUOTED);
    case '`':
      next(s);
      read_string(s, '`', true);
      if (C == '.') return take_name(s, NAME);
      return take(s, NAME);
    case '*': return scan_star(s);
    case ':': return scan_colon(s);
    case '$': return scan_dollar(s);
    case '@': return scan_at(s);
    case '%': return scan_percent(s);
    case '{': return scan_brace(s);
  }
  bool first = s->first;
  next(s);
  mark(s);
  switch (c) {
    case '-':
      if (C == '-') return scan_line_comment(s);
      if (C == '>') { next(s); if (C == '>') next(s); mark(s); }
      return take(s, OPERATOR);
    case '/':
      if (C == '*') { next(s); return scan_comment_block(s); }
      if (C == '/') { if (first) return scan_line_comment(s); next(s); mark(s); }
      return take(s, OPERATOR);
    case '#':
      if (is(s, TABLE_NAME) && (is_letter(C) || C == '#') && !first) {
        while (C == '#') next(s);
        read_part(s);
        return take_name(s, NAME);
      }
      if ((C == '>' || C == '=' || C == '-') && !first) { while (C == '>' || C == '=' || C == '-') next(s); mark(s); return take(s, OPERATOR); }
      return scan_line_comment(s);
    case '=':
      if (C == '=' || C == '>') { next(s); mark(s); }
      return take(s, OPERATOR);
    case '<':
      if (C == '=') { next(s); if (C == '>') next(s); mark(s); }
      else if (C == '>' || C == '<' || C == '@') { next(s); mark(s); }
      return take(s, OPERATOR);
    case '>':
      if (is(s, TYPE_CLOSE)) return take(s, TYPE_CLOSE);
      if (C == '=' || C == '>') { next(s); mark(s); }
      return take(s, OPERATOR);
    case '!':
      while (C == '=' || C == '~' || C == '*' || C == '<' || C == '>') next(s);
      mark(s);
      return take(s, OPERATOR);
    case '~':
      while (C == '~' || C == '*') next(s);
      mark(s);
      return take(s, OPERATOR);
    case '|':
      if (C == '|' || C == '>' || C == '/') { next(s); mark(s); }
      return take(s, OPERATOR);
    case '&':
      if (C == '&' || C == '>' || C == '<') { next(s); mark(s); }
      return take(s, OPERATOR);
    case '?':
      if (C == '|' || C == '&') { next(s); mark(s); return take(s, OPERATOR); }
      return take(s, PARAMETER);
    case '.':
      if (is_digit(C)) return scan_number(s);
      if (s->glued && is(s, NAME_PART)) {
        if (C == '*') { next(s); mark(s); return take(s, NAME_PART); }
        if (C == '"' || C == '`') { int32_t q = C; next(s); read_string(s, q, false); return take_name(s, NAME_PART); }
        if (is_word(C) || C == '$' || C == '@') { read_part(s); return take_name(s, NAME_PART); }
        return take(s, NAME_PART);
      }
      return take(s, OPERATOR);
  }
  return take(s, OPERATOR); // any other character: unknown is no error
}

// tree-sitter's five functions.

void *tree_sitter_delint_sql_external_scanner_create(void) { return NULL; }
void tree_sitter_delint_sql_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_delint_sql_external_scanner_serialize(void *payload, char *buffer) { (void)payload; (void)buffer; return 0; }
void tree_sitter_delint_sql_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload; (void)buffer; (void)length;
}

bool tree_sitter_delint_sql_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  Scan scan = {lexer, valid, valid[RECOVERY], true, false, LOOK_AHEAD};
  Scan *s = &scan;
  while (is_blank(C)) {
    if (C == '\n') s->first = true;
    s->glued = false;
    lexer->advance(lexer, true);
  }
  mark(s);
  if (at_end(s)) return is(s, UNCLOSED) ? take(s, UNCLOSED) : false;
  if (valid[TEMPLATE_OPERATOR] && !s->recovering) return scan_template(s);
  if (is_letter(C)) return scan_word(s);
  if (is_digit(C)) {
    if (s->glued && is(s, NAME_PART)) { read_part(s); return take_name(s, NAME_PART); }
    return scan_number(s);
  }
  return scan_symbol(s);
}
