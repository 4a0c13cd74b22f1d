// The part of tree-sitter's public API (lib/include/tree_sitter/api.h, MIT) that the walk needs, and the walk.
// The functions are plain externs: the final link finds them in the objects of github.com/smacker/go-tree-sitter.
#ifndef DELINT_FLATTEN_H
#define DELINT_FLATTEN_H

#include <stdbool.h>
#include <stdint.h>

typedef struct { uint32_t context[4]; const void *id; const void *tree; } TSNode;
typedef struct { const void *tree; const void *id; uint32_t context[3]; } TSTreeCursor;
typedef struct { uint32_t row; uint32_t column; } TSPoint;

extern uint32_t ts_node_descendant_count(TSNode);
extern uint16_t ts_node_symbol(TSNode);
extern uint32_t ts_node_start_byte(TSNode);
extern uint32_t ts_node_end_byte(TSNode);
extern TSPoint ts_node_start_point(TSNode);
extern bool ts_node_is_missing(TSNode);
extern TSTreeCursor ts_tree_cursor_new(TSNode);
extern void ts_tree_cursor_delete(TSTreeCursor *);
extern TSNode ts_tree_cursor_current_node(const TSTreeCursor *);
extern uint16_t ts_tree_cursor_current_field_id(const TSTreeCursor *);
extern bool ts_tree_cursor_goto_first_child(TSTreeCursor *);
extern bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *);
extern bool ts_tree_cursor_goto_parent(TSTreeCursor *);

// delint_node is packed in Go, field by field (see packed in flatten.go).
typedef struct {
	uint16_t kind, field;
	uint32_t start, end, row, parent, next;
} delint_node;

uint32_t delint_flatten(TSNode root, delint_node *out, uint32_t cap);

#endif
