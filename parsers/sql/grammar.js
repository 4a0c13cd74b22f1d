// delint_sql: a clause-level SQL grammar made for analysis, not for validation.
//
// Three ideas carry it.
//
// 1. A statement is a sequence of clauses, and the inside of a clause is a flat run of tokens. Only what opens and closes
//    (groups, subqueries, CASE, templates) nests. Whatever a dialect invents is one more token of the run.
// 2. src/scanner.c reads every token and decides with one or two words of context whether a word begins a clause: the
//    grammar says where it may (by what is valid there), the scanner whether it does (LEFT before JOIN, not before "(").
// 3. No input is an error. A closing bracket too many is a `stray`; what ends before its closing bracket ends with an
//    empty `unclosed`. Both are named, so that the reader of the tree knows that this statement is only partly understood.
//
// After a change run `go generate ./parsers/sql` and `go test ./parsers/sql -run TestKinds -update`.

const commaList = (rule) => seq(optional(rule), repeat(seq(',', optional(rule))));

module.exports = grammar({
  name: 'delint_sql',

  // The order is that of enum TokenType in src/scanner.c.
  externals: $ => [
    // Words that begin a clause or a part of one.
    $._select, $._from, $.join_operator, $._on, $._using, $._using_columns, $._where, $._group_by, $._having, $._qualify,
    $._window, $._order_by, $._other_by, $._limit, $._set_operator, $._with, $._values, $._set, $._returning, $._into, $._when,
    $._insert, $._update, $._delete, $._merge, $._create, $._alter, $._drop, $._truncate, $._copy, $._grant,
    $._model, $._case, $._then, $._else, $._end, $.block,
    // Words that belong to the head of a clause.
    $.quantifier, $.modifier, $.object, $._alias,
    // Leaves.
    $.name, $.name_part, $.double_quoted, $._table_name, $.string, $.number, $.null, $.boolean, $.parameter, $.macro, $.star,
    $.keyword, $.operator, $._cast, $._type_open, $._type_close, $.raw_block, $.comment, $.template_comment,
    // Brackets and separators.
    '(', ')', '[', ']', '{', '}', ',', ';', $.stray, $.unclosed, $._split,
    // Templates.
    $._template_open, $._template_glued, $._template_close, $.tag_open, $._tag_close,
    $.template_name, $.template_string, $.template_operator,
    // Never used: valid only while tree-sitter recovers from an error.
    $._recovery,
  ],

  extras: $ => [/\s/, $.comment, $.template_comment, $.template_tag],

  inline: $ => [$._token, $._opaque, $._target, $._close],

  rules: {
    // `block` is BEGIN, THEN, ELSE, DO or LOOP of a script: it ends the statement before it, as ";" does.
    source_file: $ => seq(
      repeat(choice(seq(optional($._statements), choice(';', $.block)), seq($._statements, $._split))),
      optional($._statements),
    ),

    // A verb begins a new statement even where the ";" before it was forgotten; anything else needs the ";".
    _statements: $ => choice(
      seq($.sql_statement, repeat(alias($._verb_statement, $.sql_statement))),
      repeat1(alias($._verb_statement, $.sql_statement)),
    ),
    sql_statement: $ => prec.right(choice(
      $._head,
      seq($._head, choice($._verb, $._clause), repeat($._more)),
      seq($._clause, repeat($._more)),
      seq(optional($._head), $.grant_clause),
    )),
    _verb_statement: $ => seq($._verb, repeat($._more)),
    _more: $ => choice($._clause, $.with_clause, $._stray_run),

    // What stands before the first clause: templates, EXPLAIN, DECLARE x INT64, a WITH.
    _head: $ => prec.right(choice(
      seq(repeat1(choice($._token, ',', $.stray)), repeat($.with_clause)),
      repeat1($.with_clause),
    )),
    _stray_run: $ => seq($.stray, optional($._run)),

    _verb: $ => choice(
      $.insert_clause, $.update_clause, $.delete_clause, $.merge_clause, $.create_clause, $.alter_clause, $.drop_clause,
      $.truncate_clause, $.copy_clause, $.model_block,
    ),
    _clause: $ => choice(
      $.select_clause, $.from_clause, $.join_clause, $.where_clause, $.group_clause, $.having_clause, $.qualify_clause,
      $.window_clause, $.order_clause, $.by_clause, $.limit_clause, $.set_operator, $.values_clause, $.set_clause,
      $.returning_clause, $.into_clause, $.when_clause,
    ),

    with_clause: $ => prec.right(seq($._with, commaList($.cte))),
    cte: $ => prec.right(choice(
      seq(field('name', $._target), optional(field('columns', $.group)), optional(seq($._not_group, repeat($._token)))),
      seq($._opaque, repeat($._token)),
    )),

    select_clause: $ => seq($._select, repeat($.quantifier), commaList($.item)),
    item: $ => prec.right(repeat1(choice($._token, $.alias))),
    alias: $ => prec.right(seq($._alias, field('name', $._target), optional(field('columns', $.group)))),

    from_clause: $ => prec.right(seq($._from, optional($._relations))),
    join_clause: $ => prec.right(seq($.join_operator, optional($._relations))),
    _relations: $ => prec.right(repeat1(choice($.from_item, ',', $.on_clause, $.using_clause))),
    // Where _table_name is valid a name may look as it may nowhere else: #temporary, my-project.set.table, @stage/path.
    // The scanner returns it as a name: the token is only the sign.
    from_item: $ => prec.right(seq(
      choice(alias($._table_name, $.name), $._token, $.alias), repeat(choice($._token, $.alias)),
    )),
    on_clause: $ => prec.right(seq($._on, repeat($._token))),
    using_clause: $ => prec.right(choice(
      seq($._using_columns, field('columns', $.group), repeat(choice($._token, $.alias))),
      seq($._using, optional($.from_item)),
    )),

    where_clause: $ => seq($._where, optional($._run)),
    group_clause: $ => seq($._group_by, commaList($.item)),
    having_clause: $ => seq($._having, optional($._run)),
    qualify_clause: $ => seq($._qualify, optional($._run)),
    window_clause: $ => seq($._window, commaList($.item)),
    order_clause: $ => seq($._order_by, commaList($.item)),
    by_clause: $ => seq($._other_by, commaList($.item)), // PARTITION, CLUSTER, DISTRIBUTE, SORT BY
    limit_clause: $ => seq($._limit, optional($._run)), // LIMIT, OFFSET, FETCH
    returning_clause: $ => seq($._returning, commaList($.item)),
    set_operator: $ => seq($._set_operator, optional($._run)),
    values_clause: $ => seq($._values, commaList($.item)),
    set_clause: $ => seq($._set, commaList($.item)),
    into_clause: $ => seq($._into, optional($._target_run)),
    when_clause: $ => prec.right(seq($._when, optional($._run), optional(seq($._then, optional($._run))))),

    insert_clause: $ => seq($._insert, repeat($.modifier), optional($._target_run)),
    update_clause: $ => seq($._update, repeat($.modifier), optional($._relations)),
    delete_clause: $ => seq($._delete, optional($._run)),
    merge_clause: $ => seq($._merge, repeat($.modifier), optional($._relations)),
    create_clause: $ => seq($._create, optional($._object_run)),
    alter_clause: $ => seq($._alter, optional($._object_run)),
    drop_clause: $ => seq($._drop, optional($._object_run)),
    truncate_clause: $ => seq($._truncate, repeat($.modifier), optional($._target_run)),
    copy_clause: $ => seq($._copy, repeat($.modifier), optional($._target_run)),
    grant_clause: $ => seq($._grant, optional($._run)),

    _object_run: $ => choice(
      repeat1($.modifier),
      seq(repeat($.modifier), $.object, repeat($.modifier), optional($._target_run)),
      seq(repeat($.modifier), $._target_run),
    ),
    // The table that a statement writes, its columns, and whatever follows.
    _target_run: $ => choice(
      seq(field('target', choice($._target, alias($._table_name, $.name))), 
        choice(seq(field('columns', $.group), optional($._run)), optional($._rest))),
      seq(choice($._opaque, ','), optional($._run)),
    ),

    // SQLMesh: MODEL (…), AUDIT (…), METRIC (…).
    model_block: $ => seq($._model, '(', commaList($.property), $._close),
    property: $ => prec.right(choice(
      seq(field('name', $._target), repeat($._token)),
      seq($._opaque, repeat($._token)),
    )),

    // Runs of tokens.
    _run: $ => prec.right(repeat1(choice($._token, ','))),
    _rest: $ => seq(choice($._not_group, ','), optional($._run)),
    _not_group: $ => choice($._target, $.call, $._leaf),

    _token: $ => choice($._target, $.call, $._opaque),
    _target: $ => choice(
      $.name, $.double_quoted, $.string, $.parameter, $.macro, $.template, $.templated_name,
    ),
    _opaque: $ => choice($._leaf, $.group),
    _leaf: $ => choice(
      $.number, $.null, $.boolean, $.star, $.keyword, $.operator, $.raw_block,
      $.type, $.cast, $.case, $.subquery, $.array, $.braces,
    ),

    templated_name: $ => prec.right(seq(
      choice($.name, $.double_quoted, $.template, $.macro, $.parameter),
      repeat1(choice($.name_part, alias($._glued, $.template))),
    )),

    call: $ => prec(1, seq(
      field('function', choice($.name, $.double_quoted, $.templated_name, $.macro, $.type)),
      field('arguments', choice($.group, $.subquery)),
    )),
    cast: $ => prec.right(2, seq($._cast, optional(choice($._target, $.call, $.type)))),
    type: $ => seq($._type_open, commaList($.item), choice($._type_close, $.unclosed)),

    case: $ => seq($._case, optional($._run), repeat(choice($.case_when, $.case_then, $.case_else)), choice($._end, $.unclosed)),
    case_when: $ => seq($._when, optional($._run)),
    case_then: $ => seq($._then, optional($._run)),
    case_else: $ => seq($._else, optional($._run)),

    group: $ => seq('(', choice(
      seq(commaList($.item), repeat(choice($.order_clause, $.by_clause))),
      $.where_clause,
    ), $._close),
    // A bracket is a query from its first SELECT, WITH or set operator on, or from its first word.
    subquery: $ => seq('(', choice(
      seq(commaList($.item), choice($.select_clause, $.with_clause, $.set_operator)),
      choice($.from_clause, $.values_clause, $._verb),
    ), repeat(choice($._clause, $.with_clause)), $._close),
    _close: $ => choice(')', $.unclosed),
    array: $ => seq('[', commaList($.item), choice(']', $.unclosed)),
    braces: $ => seq('{', commaList($.item), choice('}', $.unclosed)),

    // Templates: {{ … }} is a token, {% … %} may stand between any two.
    template: $ => seq($._template_open, optional($._template_run), choice($._template_close, $.unclosed)),
    _glued: $ => seq($._template_glued, optional($._template_run), choice($._template_close, $.unclosed)),
    template_tag: $ => seq($.tag_open, optional($._template_run), choice($._tag_close, $.unclosed)),
    _template_run: $ => repeat1(choice($._template_token, ',')),
    _template_token: $ => choice(
      $.template_name, $.template_string, $.number, $.template_operator, $.template_call, $.template_group,
    ),
    template_call: $ => prec(1, seq(
      field('function', $.template_name), field('arguments', alias($._template_arguments, $.template_group)),
    )),
    template_group: $ => choice(
      $._template_arguments,
      seq('[', commaList($.template_item), choice(']', $.unclosed)),
      seq('{', commaList($.template_item), choice('}', $.unclosed)),
    ),
    _template_arguments: $ => seq('(', commaList($.template_item), $._close),
    template_item: $ => prec.right(repeat1($._template_token)),
  },
});
