/* The tree as JSON, for tests, explanations and whoever wants to look at it. */
#include "shell_parse.h"

/* A level of the tree takes at most this many levels of JSON: what lies deeper is not written. */
#define LEVELS_OF_ONE 8
#define LEVELS_MAX    (STELLA_JSON_DEPTH_MAX - LEVELS_OF_ONE)

static void write_nodes(stella_json_writer *w, const char *key, const shell_node *node);
static void write_words(stella_json_writer *w, const char *key, const shell_word *word);

static int too_deep(stella_json_writer *w) {
    if (w->depth < LEVELS_MAX)
        return 0;
    stella_json_member_str(w, "kind", STELLA_SV("deeper"));
    return 1;
}

static void write_flag(stella_json_writer *w, const char *key, uint32_t is_set) {
    if (is_set)
        stella_json_member_bool(w, key, 1);
}

static void write_range(stella_json_writer *w, const shell_range *range) {
    stella_json_member_array(w, "at");
    stella_json_write_u64(w, range->first_line);
    stella_json_write_u64(w, range->first_column);
    stella_json_write_u64(w, range->last_line);
    stella_json_write_u64(w, range->last_column);
    stella_json_end_array(w);
}

/* ---- words -------------------------------------------------------------------------------------------------------- */

static void write_parameter(stella_json_writer *w, const shell_parameter *p) {
    static const char *const names[] = {"",   "-",  "=",  "?", "+", "#",  "##", "%",  "%%", "/",
                                        "//", "/#", "/%", ":", "^", "^^", ",",  ",,", "@",  "names"};
    stella_json_member_str(w, "name", p->name);
    write_flag(w, "length", p->is_length);
    write_flag(w, "indirect", p->is_indirect);
    if (p->op)
        stella_json_member_str(w, "op", stella_sv_cstr(names[p->op]));
    write_flag(w, "colon", p->has_colon);
    write_words(w, "index", p->index);
    write_words(w, "argument", p->argument);
    write_words(w, "replacement", p->replacement);
}

static void write_parts(stella_json_writer *w, const char *key, const shell_part *part) {
    static const char *const kinds[] = {"",          "literal", "quoted",     "double",
                                        "parameter", "command", "arithmetic", "process"};
    stella_json_member_array(w, key);
    for (; part; part = part->next) {
        stella_json_begin_object(w);
        if (!too_deep(w)) {
            stella_json_member_str(w, "kind", stella_sv_cstr(kinds[part->kind]));
            stella_json_member_str(w, "text", part->text);
            if (part->parameter)
                write_parameter(w, part->parameter);
            if (part->parts)
                write_parts(w, "parts", part->parts);
            write_nodes(w, "body", part->body);
        }
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_assignments(stella_json_writer *w, const char *key, const shell_assignment *a) {
    if (!a)
        return;
    stella_json_member_array(w, key);
    for (; a; a = a->next) {
        stella_json_begin_object(w);
        stella_json_member_opt(w, "name", a->name);
        write_flag(w, "append", a->is_append);
        write_flag(w, "array", a->is_array);
        write_words(w, "index", a->index);
        write_words(w, "value", a->value);
        write_assignments(w, "elements", a->elements);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

/* A word that is nothing but text is that text. */
static void write_word(stella_json_writer *w, const shell_word *word) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "source", word->source);
    write_range(w, &word->range);
    write_assignments(w, "assigns", word->assignment);
    const int is_plain = !word->parts || (word->parts->kind == SHELL_PART_LITERAL && !word->parts->next);
    if (!is_plain && w->depth < LEVELS_MAX)
        write_parts(w, "parts", word->parts);
    stella_json_end_object(w);
}

static void write_words(stella_json_writer *w, const char *key, const shell_word *word) {
    if (!word)
        return;
    stella_json_member_array(w, key);
    for (; word; word = word->next)
        write_word(w, word);
    stella_json_end_array(w);
}

/* ---- commands ----------------------------------------------------------------------------------------------------- */

static void write_redirects(stella_json_writer *w, const shell_redirect *r) {
    static const char *const ops[] = {"", "<", ">", ">>", ">|", "<>", "<&", ">&", "&>", "&>>", "<<", "<<-", "<<<"};
    if (!r)
        return;
    stella_json_member_array(w, "redirects");
    for (; r; r = r->next) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "op", stella_sv_cstr(ops[r->op]));
        if (r->fd != SHELL_FD_NONE)
            stella_json_member_u64(w, "fd", r->fd);
        stella_json_member_opt(w, "fdName", r->fd_name);
        write_words(w, "target", r->target);
        if (r->body != r->target)
            write_words(w, "document", r->body);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_cases(stella_json_writer *w, const shell_case *arm) {
    static const char *const ends[] = {"", ";;", ";&", ";;&"};
    if (!arm)
        return;
    stella_json_member_array(w, "cases");
    for (; arm; arm = arm->next) {
        stella_json_begin_object(w);
        write_words(w, "patterns", arm->patterns);
        write_nodes(w, "body", arm->body);
        stella_json_member_str(w, "end", stella_sv_cstr(ends[arm->end]));
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_test(stella_json_writer *w, const char *key, const shell_test *test) {
    static const char *const kinds[] = {"", "and", "or", "not", "unary", "binary", "word"};
    if (!test)
        return;
    stella_json_member_object(w, key);
    if (!too_deep(w)) {
        stella_json_member_str(w, "kind", stella_sv_cstr(kinds[test->kind]));
        stella_json_member_opt(w, "op", test->op);
        write_test(w, "left", test->left);
        write_test(w, "right", test->right);
        write_words(w, "word", test->word);
        if (test->other)
            write_words(w, "other", test->other);
    }
    stella_json_end_object(w);
}

static void write_node(stella_json_writer *w, const shell_node *node) {
    static const char *const kinds[] = {
        "",    "simple", "pipeline",       "and",  "or",       "subshell", "group",      "if",    "while", "until",
        "for", "select", "for-arithmetic", "case", "function", "test",     "arithmetic", "coproc"};
    if (too_deep(w))
        return;
    stella_json_member_str(w, "kind", stella_sv_cstr(kinds[node->kind]));
    write_range(w, &node->range);
    stella_json_member_opt(w, "name", node->name);
    write_flag(w, "background", node->flags & SHELL_BACKGROUND);
    write_flag(w, "negated", node->flags & SHELL_NEGATED);
    write_flag(w, "timed", node->flags & SHELL_TIMED);
    write_flag(w, "implicit", node->flags & SHELL_IMPLICIT);
    write_assignments(w, "assignments", node->assignments);
    write_words(w, "words", node->words);
    write_nodes(w, "condition", node->condition);
    write_nodes(w, "body", node->body);
    write_nodes(w, "otherwise", node->otherwise);
    write_cases(w, node->cases);
    write_test(w, "test", node->test);
    write_redirects(w, node->redirects);
}

static void write_nodes(stella_json_writer *w, const char *key, const shell_node *node) {
    if (!node)
        return;
    stella_json_member_array(w, key);
    for (; node; node = node->next) {
        stella_json_begin_object(w);
        write_node(w, node);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

void shell_ast_json(const shell_script *script, stella_json_writer *w) {
    stella_json_begin_object(w);
    write_nodes(w, "commands", script->body);
    if (script->has_fault) {
        stella_json_member_object(w, "fault");
        stella_json_member_str(w, "message", stella_sv_cstr(script->fault.message));
        write_range(w, &script->fault_at);
        stella_json_end_object(w);
    }
    stella_json_end_object(w);
}
