// Words: which of them begin a clause. Included by scanner.c.

static bool is_join_word(enum Word w) {
  switch (w) {
    case W_LEFT: case W_RIGHT: case W_FULL: case W_INNER: case W_CROSS: case W_OUTER: case W_NATURAL: case W_SEMI: case W_ANTI:
    case W_ASOF: case W_ANY: case W_ALL: case W_GLOBAL: case W_ARRAY: case W_POSITIONAL: return true;
    default: return false;
  }
}

// What CREATE, ALTER and DROP are about.
static bool is_object(enum Word w) {
  switch (w) {
    case W_AGGREGATE: case W_ALERT: case W_CATALOG: case W_COLUMN: case W_CONNECTION: case W_CONSTRAINT: case W_DATABASE:
    case W_DICTIONARY: case W_DOMAIN: case W_EXTENSION: case W_FORMAT: case W_FUNCTION: case W_INDEX: case W_INTEGRATION:
    case W_MACRO: case W_MODEL: case W_PIPE: case W_PIPELINE: case W_POLICY: case W_PROCEDURE: case W_ROLE: case W_ROUTINE:
    case W_RULE: case W_SCHEMA: case W_SECRET: case W_SEQUENCE: case W_SERVER: case W_SESSION: case W_SHARE: case W_STAGE:
    case W_STATISTICS: case W_STREAM: case W_SYNONYM: case W_SYSTEM: case W_TABLE: case W_TABLESPACE: case W_TAG: case W_TASK:
    case W_TRIGGER: case W_TYPE: case W_USER: case W_VIEW: case W_WAREHOUSE: return true;
    default: return false;
  }
}

// Between a verb and its table: INSERT OVERWRITE INTO TABLE, DROP TABLE IF EXISTS.
static bool is_modifier(enum Word w) {
  switch (w) {
    case W_ABORT: case W_ALL: case W_CONCURRENTLY: case W_DELAYED: case W_DIRECTORY: case W_EXISTS: case W_FAIL: case W_FIRST:
    case W_HIGH_PRIORITY: case W_IF: case W_IGNORE: case W_INTO: case W_LOCAL: case W_LOW_PRIORITY: case W_NOT: case W_ONLY:
    case W_OR: case W_OVERWRITE: case W_REPLACE: case W_ROLLBACK: case W_TABLE: return true;
    default: return false;
  }
}

// Words that no dialect lets stand bare as a name in an expression.
static bool is_keyword(enum Word w) {
  switch (w) {
    case W_AND: case W_AS: case W_ASC: case W_BETWEEN: case W_DESC: case W_DISTINCT: case W_ELSE: case W_EXCEPT: case W_EXISTS:
    case W_FOR: case W_FROM: case W_GROUP: case W_HAVING: case W_ILIKE: case W_IN: case W_INTERSECT: case W_INTO: case W_IS:
    case W_JOIN: case W_LATERAL: case W_LIKE: case W_NOT: case W_ON: case W_OR: case W_ORDER: case W_OVER: case W_PIVOT:
    case W_REGEXP: case W_RLIKE: case W_SELECT: case W_SIMILAR: case W_TABLESAMPLE: case W_THEN: case W_UNION: case W_UNPIVOT:
    case W_USING: case W_WHEN: case W_WHERE: case W_WITH: case W_XOR: return true;
    default: return false;
  }
}

static enum TokenType verb_of(enum Word w) {
  switch (w) {
    case W_INSERT: case W_REPLACE: return INSERT;
    case W_UPDATE: return UPDATE;
    case W_DELETE: case W_DEL: return DELETE;
    case W_MERGE: return MERGE;
    case W_CREATE: return CREATE;
    case W_ALTER: return ALTER;
    case W_DROP: return DROP;
    case W_TRUNCATE: return TRUNCATE;
    case W_COPY: return COPY;
    case W_GRANT: case W_REVOKE: case W_DENY: return GRANT;
    default: return RECOVERY;
  }
}

// Whether a verb begins a statement here. At the start of a statement or of a bracket a name after it is enough; in the
// middle of a statement (the ";" before it was forgotten) the words must leave no doubt.
static bool look_verb(Scan *s, enum Word w) {
  bool start = is(s, GRANT) || !is(s, SPLIT);
  if (w == W_REPLACE) return look_word(s) == W_INTO;
  if (w == W_GRANT || w == W_REVOKE || w == W_DENY) return look_word(s) != W_COUNT || C == '{';
  if (start) {
    look_past_blanks(s);
    if (w == W_DELETE || w == W_DEL || w == W_COPY) return look_target(s) || (w == W_COPY && C == '(');
    return look_target(s);
  }
  enum Word after = look_word(s);
  switch (w) {
    case W_INSERT: return after == W_INTO || after == W_OVERWRITE;
    case W_MERGE: return after == W_INTO;
    case W_DELETE: return after == W_FROM;
    case W_COPY: return s->first && after == W_INTO;
    case W_TRUNCATE: case W_ALTER: return s->first && after == W_TABLE;
    case W_DROP: return s->first && (after == W_TABLE || after == W_VIEW || after == W_FUNCTION || after == W_SCHEMA || after == W_PROCEDURE);
    case W_CREATE: return s->first && after != W_COUNT && after != W_ON;
    case W_UPDATE:
      if (!s->first || after == W_SET || after == W_COUNT) return false;
      while (is_word(C) || C == '.' || C == '"' || C == '`' || C == '[' || C == ']') next(s);
      return look_word(s) == W_SET;
    default: return false;
  }
}

// Whether a query may begin here: at the start of a statement or of a bracket.
static bool at_statement_start(Scan *s) { return is(s, GRANT) && !is(s, SPLIT); }
static bool at_query_start(Scan *s) { return at_statement_start(s) || (is(s, INSERT) && s->valid[RPAREN]); }

static bool look_join(Scan *s, enum Word w) {
  enum Word first = w;
  if (w == W_JOIN) return true;
  for (int i = 0; i < 4; i++) {
    w = look_word(s);
    if (w == W_JOIN || (w == W_APPLY && (first == W_CROSS || first == W_OUTER))) { mark(s); return true; }
    if (!is_join_word(w) && w != W_HASH && w != W_LOOP && w != W_MERGE && w != W_REMOTE && w != W_BROADCAST) return false;
  }
  return false;
}

// After UNION, EXCEPT, INTERSECT, MINUS; takes ALL, DISTINCT, BY NAME along.
static bool look_set_operator(Scan *s, enum Word w) {
  look_past_blanks(s);
  if (C == '(') return look_query_bracket(s);
  if (!is_letter(C)) return w == W_UNION || C == '{';
  for (bool any = false;; any = true) {
    enum Word after = is_letter(C) ? read_word(s, NULL) : W_COUNT;
    switch (after) {
      case W_ALL: case W_DISTINCT: case W_BY: case W_NAME: case W_CORRESPONDING:
        mark(s);
        look_past_blanks(s);
        continue;
      case W_SELECT: case W_FROM: case W_WITH: case W_VALUES: case W_TABLE: return !(after == W_FROM && !any && w != W_UNION && w != W_EXCEPT);
      default: return any || w == W_UNION;
    }
  }
}

static bool look_with(Scan *s) {
  look_past_blanks(s);
  if (C == '{' || C == '"' || C == '`' || C == '@' || C == '[') return true;
  enum Word w = look_word(s);
  if (w == W_COUNT) return false;
  if (w == W_RECURSIVE) { mark(s); return true; }
  if (w == W_OFFSET) { mark(s); return false; } // UNNEST(x) WITH OFFSET: one keyword
  if (w == W_ALL || w == W_ONLY) return false;
  if (C == '{' || C == '@' || C == '$') return true;
  look_past_blanks(s);
  if (C == '(') {
    int depth = 0;
    do { // name (columns) AS
      if (C == '(') depth++;
      if (C == ')') depth--;
      next(s);
    } while (depth > 0 && s->budget-- > 0 && !at_end(s));
  }
  return C == '{' || look_word(s) == W_AS;
}

// Reads a bracket that belongs to the token: TOP (10), DISTINCT ON (a, b).
static void read_bracket(Scan *s) {
  int depth = 0;
  do {
    if (C == '(') depth++;
    if (C == ')') depth--;
    next(s);
  } while (depth > 0 && C != ';' && s->budget-- > 0 && !at_end(s));
  if (depth == 0) mark(s);
}

static bool look_quantifier(Scan *s, enum Word w) {
  look_past_blanks(s);
  switch (w) {
    case W_DISTINCT:
      if (is_letter(C) && look_word(s) == W_ON) {
        look_past_blanks(s);
        if (C == '(') read_bracket(s);
      }
      return true;
    case W_ALL:
      return C != ',' && C != '.' && C != ')' && C != '=' && look_word(s) != W_FROM;
    case W_TOP:
      if (C == '(') { read_bracket(s); return true; }
      if (!is_digit(C) && C != '@') return false;
      while (is_word(C) || C == '@') next(s);
      mark(s);
      if (look_word(s) == W_PERCENT) mark(s);
      return true;
    case W_AS: {
      enum Word after = look_word(s);
      if (after != W_STRUCT && after != W_VALUE) return false;
      mark(s);
      return true;
    }
    default: return false;
  }
}

// r'…', b"…", N'…', E'…': a string whose prefix is the word just read.
static bool is_string_prefix(int32_t a, int32_t b, int length) {
  a |= 32;
  b |= 32;
  if (length == 1) return a == 'r' || a == 'b' || a == 'e' || a == 'n' || a == 'x' || a == 'f';
  return length == 2 && ((a == 'r' && b == 'b') || (a == 'b' && b == 'r'));
}

static bool scan_clause_word(Scan *s, enum Word w);

static bool scan_word(Scan *s) {
  int32_t a = C, b = 0;
  char text[LONGEST_WORD + 1];
  int n = 0;
  while (is_word(C)) {
    if (n == 1) b = C;
    if (n < LONGEST_WORD && C < 0x80) text[n] = (C >= 'a' && C <= 'z') ? C - 32 : C;
    if (C >= 0x80) n = LONGEST_WORD;
    n++;
    next(s);
  }
  if ((C == '\'' || C == '"') && is_string_prefix(a, b, n) && s->valid[STRING]) {
    read_quoted(s, (a | 32) == 'r' || (b | 32) == 'r');
    return take(s, STRING);
  }
  if (s->glued && is(s, NAME_PART)) {
    read_part(s);
    return take_name(s, NAME_PART);
  }
  mark(s);
  if (C == '$' || C == '@' || C == '#') {
    read_part(s);
    return take_name(s, NAME);
  }
  if (C == '.' && !(n == 3 && is(s, END) && memcmp(text, "END", 3) == 0)) return take_name(s, NAME);
  if (C == '-' && is(s, TABLE_NAME)) { // my-project.set.table
    while (C == '-') {
      next(s);
      if (!is_word(C)) return take(s, NAME);
      while (is_word(C)) next(s);
      mark(s);
    }
    return take_name(s, NAME);
  }
  if (n < 2 || n > LONGEST_WORD) return take(s, NAME);
  text[n] = 0;
  enum Word w = find_word(text);
  if (w == W_NONE) return take(s, is(s, OBJECT) ? MODIFIER : NAME);
  if (!s->valid[KEYWORD] && !is(s, MODIFIER)) return take(s, NAME); // only a name can stand here: AS order
  return scan_clause_word(s, w);
}

// The word is read and marked.
static bool scan_clause_word(Scan *s, enum Word w) {
  if (w == W_GO && s->first && s->valid[SEMICOLON]) {
    while (C == ' ' || C == '\t' || C == '\r') next(s);
    return take(s, C == '\n' || C == 0 ? SEMICOLON : NAME);
  }
  // Heads.
  if (is(s, OBJECT) && is_object(w)) {
    if (w == W_TABLE && look_word(s) == W_FUNCTION) return take(s, MODIFIER);
    return take(s, OBJECT);
  }
  if (is(s, OBJECT) && (w == W_ALGORITHM || w == W_DEFINER)) { // CREATE DEFINER = `a`@`b` VIEW: one modifier
    look_past_blanks(s);
    if (C == '=') {
      next(s);
      look_past_blanks(s);
      while (C != ' ' && C != '\t' && C != '\n' && C != '\r' && s->budget-- > 0 && !at_end(s)) next(s);
      mark(s);
    }
    return take(s, MODIFIER);
  }
  if (is(s, MODIFIER) && is_modifier(w)) {
    if (C == '(') return take(s, NAME);
    if (is(s, OBJECT) || (w != W_LOCAL && w != W_FIRST && w != W_ALL)) return take(s, MODIFIER);
    switch (look_word(s)) { // else a table of that name
      case W_DIRECTORY: case W_INTO: case W_WHEN: return take(s, MODIFIER);
      default: return take(s, NAME);
    }
  }
  if (is(s, QUANTIFIER) && (w == W_DISTINCT || w == W_ALL || w == W_TOP || w == W_AS)) {
    if (look_quantifier(s, w)) return take(s, QUANTIFIER);
    if (w != W_AS) return take(s, NAME);
    return take(s, KEYWORD);
  }
  switch (w) {
    case W_SELECT: if (is(s, SELECT)) return take(s, SELECT); break;
    case W_FROM: if (is(s, FROM)) return take(s, FROM); break;
    case W_SEL: if (is(s, SELECT) && at_statement_start(s) && look_value(s)) return take(s, SELECT); break; // Teradata
    case W_PIVOT: case W_UNPIVOT: { // DuckDB: PIVOT t ON a USING sum(b) is a query
      if (!is(s, FROM) || !(is(s, GRANT) || at_query_start(s))) break;
      look_past_blanks(s);
      if (C == '(') return take(s, look_query_bracket(s) ? FROM : KEYWORD);
      if (C == '"' || C == '{') return take(s, FROM);
      enum Word after = look_word(s);
      return take(s, after == W_COUNT || after == W_INCLUDE || after == W_EXCLUDE ? KEYWORD : FROM);
    }
    case W_FOR: // hints and ranges: their JOIN, ORDER and FROM begin no clause
      switch (look_word(s)) {
        case W_JOIN: case W_ORDER: case W_GROUP: mark(s); break;
        case W_SYSTEM_TIME: if (look_word(s) == W_FROM) mark(s); break;
        case W_PORTION:
          if (look_word(s) != W_OF) break;
          look_word(s);
          if (look_word(s) == W_FROM) mark(s);
          break;
        default: break;
      }
      return take(s, KEYWORD);
    case W_WHERE: if (is(s, WHERE)) return take(s, WHERE); break;
    case W_HAVING: if (is(s, HAVING)) return take(s, HAVING); break;
    case W_WHEN: if (is(s, WHEN)) return take(s, WHEN); break;
    case W_THEN: if (is(s, THEN)) return take(s, THEN); break;
    case W_ELSE: if (is(s, ELSE)) return take(s, ELSE); break;
    case W_ON:
      if (!is(s, ON)) break;
      switch (look_word(s)) { case W_CONFLICT: case W_DUPLICATE: case W_COMMIT: return take(s, KEYWORD); default: return take(s, ON); }
    case W_USING:
      if (!is(s, USING) && !is(s, USING_COLUMNS)) break;
      look_past_blanks(s);
      if (C == '(' && !look_query_bracket(s)) return take(s, is(s, USING_COLUMNS) ? USING_COLUMNS : KEYWORD);
      return take(s, is(s, USING) ? USING : KEYWORD);
    case W_LATERAL:
      if (!is(s, JOIN_OPERATOR) || look_word(s) != W_VIEW) return take(s, KEYWORD);
      mark(s);
      if (look_word(s) == W_OUTER) mark(s);
      return take(s, JOIN_OPERATOR);
    case W_JOIN: case W_LEFT: case W_RIGHT: case W_FULL: case W_INNER: case W_CROSS: case W_OUTER: case W_NATURAL: case W_SEMI:
    case W_ANTI: case W_ASOF: case W_GLOBAL: case W_POSITIONAL:
      if (is(s, JOIN_OPERATOR) && look_join(s, w)) return take(s, JOIN_OPERATOR);
      break;
    case W_ANY: case W_ALL:
      if (is(s, JOIN_OPERATOR) && look_join(s, w)) return take(s, JOIN_OPERATOR);
      break;
    case W_ARRAY: case W_STRUCT: case W_MAP: case W_MULTISET: case W_UNIONTYPE: case W_NULLABLE: case W_RANGE: case W_TABLE:
    case W_LIST: case W_ROW:
      if (w == W_TABLE && is(s, FROM) && at_query_start(s) && is_blank(C)) { // TABLE t, short for SELECT * FROM t
        while (is_blank(C)) next(s);
        if (is_letter(C) || C == '"' || C == '{') return take(s, FROM);
        break;
      }
      if (w == W_ARRAY && is(s, JOIN_OPERATOR) && C != '<' && C != '(' && C != '[') {
        if (look_join(s, w)) return take(s, JOIN_OPERATOR);
        break;
      }
      if (w == W_ARRAY || w == W_STRUCT || w == W_MAP || w == W_TABLE) while (C == ' ') next(s);
      if (C != '<' || !s->valid[TYPE_OPEN]) break;
      next(s);
      if (C == '=' || C == '<' || (C == '>' && w != W_STRUCT)) break;
      if (is_blank(C) || is_letter(C) || C == '>' || C == '`' || C == '{') { mark(s); return take(s, TYPE_OPEN); }
      break;
    case W_GROUP: if (is(s, GROUP_BY) && look_word(s) == W_BY) { mark(s); return take(s, GROUP_BY); } break;
    case W_ORDER: {
      if (!is(s, ORDER_BY)) break;
      enum Word after = look_word(s);
      if (after == W_SIBLINGS) after = look_word(s);
      if (after == W_BY) { mark(s); return take(s, ORDER_BY); }
      break;
    }
    case W_PARTITION: case W_CLUSTER: case W_DISTRIBUTE: case W_SORT: case W_PARTITIONED: case W_CLUSTERED: case W_DISTRIBUTED:
    case W_SORTED:
      if (is(s, OTHER_BY) && look_word(s) == W_BY) { mark(s); return take(s, OTHER_BY); }
      break;
    case W_QUALIFY: if (is(s, QUALIFY) && look_value(s)) return take(s, QUALIFY); break;
    case W_RETURNING: if (is(s, RETURNING) && look_value(s)) return take(s, RETURNING); break;
    case W_LIMIT: case W_OFFSET: if (is(s, LIMIT) && look_value(s)) return take(s, LIMIT); break;
    case W_FETCH: {
      if (!is(s, LIMIT)) break;
      enum Word after = look_word(s);
      if (after == W_FIRST || after == W_NEXT) return take(s, LIMIT);
      break;
    }
    case W_WINDOW:
      if (!is(s, WINDOW)) break;
      if (look_word(s) != W_COUNT && look_word(s) == W_AS) return take(s, WINDOW);
      break;
    case W_UNION: case W_INTERSECT: case W_EXCEPT: case W_MINUS:
      if (is(s, SET_OPERATOR) && look_set_operator(s, w)) return take(s, SET_OPERATOR);
      break;
    case W_WITH:
      if (is(s, WITH)) {
        if (look_with(s)) return take(s, WITH);
      } else if (look_word(s) == W_OFFSET) {
        mark(s);
      }
      return take(s, KEYWORD);
    case W_VALUES: {
      if (!is(s, VALUES)) break;
      look_past_blanks(s);
      if (C == '(' || C == '{' || C == '@' || C == '?' || C == ':' || C == '$' || C == '%' || C == '\'' || is_digit(C)) return take(s, VALUES);
      if (look_word(s) == W_ROW) return take(s, VALUES);
      break;
    }
    case W_SET: if (is(s, SET) && look_value(s)) return take(s, SET); break;
    case W_INTO: if (is(s, INTO)) return take(s, INTO); break;
    case W_INSERT: case W_REPLACE: case W_UPDATE: case W_DELETE: case W_MERGE: case W_CREATE: case W_ALTER: case W_DROP:
    case W_TRUNCATE: case W_COPY: case W_GRANT: case W_REVOKE: case W_DENY: case W_DEL: {
      if (w == W_REPLACE && is(s, CREATE) && is(s, GRANT)) { // Teradata: REPLACE VIEW
        switch (look_word(s)) {
          case W_VIEW: case W_MACRO: case W_PROCEDURE: case W_FUNCTION: return take(s, CREATE);
          case W_INTO: return take(s, INSERT);
          default: return take(s, NAME);
        }
      }
      if (w == W_DEL && !at_statement_start(s)) break;
      enum TokenType verb = verb_of(w);
      if (is(s, verb) && look_verb(s, w)) return take(s, verb);
      break;
    }
    case W_MODEL: case W_AUDIT: case W_METRIC:
      if (!is(s, MODEL) || !is(s, GRANT)) break;
      look_past_blanks(s);
      if (C == '(') return take(s, MODEL);
      break;
    case W_CASE:
      if (!is(s, CASE)) break;
      look_past_blanks(s);
      if (C == ',' || C == ')' || C == '=' || C == ';' || C == '.') break;
      return take(s, CASE);
    case W_END:
      if (is(s, END)) return take(s, END);
      switch (look_word(s)) { case W_CASE: case W_IF: case W_LOOP: case W_FOR: mark(s); break; default: break; }
      return take(s, NAME);
    case W_BEGIN:
      if (!is(s, BLOCK) || !(is(s, GRANT) || s->first)) break;
      look_past_blanks(s);
      if (C == ';' || at_end(s)) break;
      switch (look_word(s)) { case W_TRANSACTION: case W_TRAN: case W_WORK: case W_BEGIN: return take(s, NAME); default: return take(s, BLOCK); }
    case W_DO: case W_LOOP:
      if (!is(s, BLOCK) || !is(s, GRANT)) break;
      look_past_blanks(s);
      return take(s, C == '$' || C == '\'' ? NAME : BLOCK);
    case W_IS:
      // IS [NOT] DISTINCT FROM is one operator, so that its FROM begins no clause.
      {
        enum Word after = look_word(s);
        if (after == W_NOT) after = look_word(s);
        if (after == W_DISTINCT && look_word(s) == W_FROM) mark(s);
        return take(s, KEYWORD);
      }
    case W_AS:
      if (is(s, ALIAS)) {
        look_past_blanks(s);
        if (C == '"' || C == '`' || C == '\'' || C == '{' || C == '@' || C == '[' || C == '$' || C == '%' || C == ':' || C >= 0x80) {
          return take(s, C == '[' ? KEYWORD : ALIAS);
        }
        switch (look_word(s)) {
          case W_COUNT: case W_SELECT: case W_WITH: case W_OF: case W_INSERT: case W_MATERIALIZED: case W_FROM: return take(s, KEYWORD);
          default: return take(s, ALIAS);
        }
      }
      return take(s, KEYWORD);
    case W_NULL: return take(s, NULL_);
    case W_TRUE: case W_FALSE: return take(s, BOOLEAN);
    default: break;
  }
  if ((w == W_THEN || w == W_ELSE) && is(s, BLOCK) && is(s, GRANT)) return take(s, BLOCK);
  if (is_keyword(w) && s->valid[KEYWORD]) return take(s, KEYWORD);
  if (is(s, OBJECT) && !is_keyword(w)) return take(s, MODIFIER);
  return take(s, NAME);
}
