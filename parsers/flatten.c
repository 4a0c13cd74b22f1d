#include "flatten.h"

#define MISSING 0x8000

// delint_flatten writes the tree below root in preorder and returns how many nodes it wrote, at most cap.
// It walks with a cursor and no recursion, so depth costs no C stack.
uint32_t delint_flatten(TSNode root, delint_node *out, uint32_t cap) {
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	uint32_t n = 0, parent = UINT32_MAX;
	bool done = false;
	while (!done && n < cap) {
		TSNode node = ts_tree_cursor_current_node(&cursor);
		delint_node *o = &out[n];
		o->kind = ts_node_symbol(node);
		o->field = ts_tree_cursor_current_field_id(&cursor);
		if (ts_node_is_missing(node)) o->field |= MISSING;
		o->start = ts_node_start_byte(node);
		o->end = ts_node_end_byte(node);
		o->row = ts_node_start_point(node).row;
		o->parent = parent;
		o->next = n + 1;
		uint32_t self = n++;
		if (ts_tree_cursor_goto_first_child(&cursor)) {
			parent = self;
			continue;
		}
		while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
			if (parent == UINT32_MAX || !ts_tree_cursor_goto_parent(&cursor)) {
				done = true;
				break;
			}
			out[parent].next = n;
			parent = out[parent].parent;
		}
	}
	for (; parent != UINT32_MAX; parent = out[parent].parent) out[parent].next = n;
	ts_tree_cursor_delete(&cursor);
	return n;
}
