// Template statements: {% … %}. Included by scanner.c.

static bool tag_is(const char *text, const char *word) { return strcmp(text, word) == 0; }

// Reads up to the end of {% endraw %}; the tag {% raw is read.
static void read_raw(Scan *s) {
  while (!at_end(s)) {
    if (C != '{') { next(s); continue; }
    next(s);
    if (C != '%') continue;
    next(s);
    while (C == '-' || C == '+' || is_blank(C)) next(s);
    const char *want = "endraw";
    while (*want && C == *want) { next(s); want++; }
    if (*want) continue;
    while (C != '}' && !at_end(s)) next(s);
    if (!at_end(s)) next(s);
    return;
  }
}

// After {%, with % as C. A tag that begins or ends a body of its own (a macro, a snapshot) also ends the statement before it,
// so that the macros of a file are not one statement.
static bool scan_tag(Scan *s) {
  // The mark stands before the brace: an empty SPLIT or UNCLOSED ends there, everything else marks anew.
  next(s);
  if (C == '-' || C == '+') next(s);
  for (int i = 0; is_blank(C) && i < LOOK_AHEAD; i++) next(s);
  char word[24];
  int n = 0;
  while (is_word(C)) { if (n < 23) word[n++] = C < 0x80 ? C : '?'; next(s); }
  word[n] = 0;
  if (tag_is(word, "raw")) {
    read_raw(s);
    mark(s);
    return take(s, RAW_BLOCK);
  }
  bool body = tag_is(word, "macro") || tag_is(word, "endmacro") || tag_is(word, "snapshot") || tag_is(word, "endsnapshot") ||
              tag_is(word, "materialization") || tag_is(word, "endmaterialization") || tag_is(word, "test") ||
              tag_is(word, "endtest");
  if (body && is(s, UNCLOSED)) return take(s, UNCLOSED);
  if ((body || tag_is(word, "endset") || tag_is(word, "call") || tag_is(word, "endcall")) && is(s, SPLIT)) return take(s, SPLIT);
  mark(s);
  return take(s, TAG_OPEN);
}
