/* A command whose words have one of a few values: followed once for each. */
#include "shell_eval.h"

typedef struct mention {
    shell_eval *e;
    char kind;
    stella_sv name;
    const shell_value *value;
} mention;

static int in_parts(mention *m, const shell_part *part);

static int in_word(mention *m, const shell_word *word) {
    return word && in_parts(m, word->parts);
}

/* "1", "@", "#", ...: what the positional parameters are. */
static int is_positional(stella_sv name) {
    return name.len && strchr("@*#123456789", name.ptr[0]) != NULL;
}

static int in_parameter(mention *m, const shell_parameter *p) {
    const char kind = is_positional(p->name) ? SLOT_POSITIONAL : SLOT_VARIABLE;
    const stella_sv name = kind == SLOT_POSITIONAL ? STELLA_SV("") : p->name;
    const shell_value *value = shell_state_get(m->e->state, kind, name);
    if (value && value->either_count) {
        m->kind = kind;
        m->name = name;
        m->value = value;
        return 1;
    }
    return in_word(m, p->argument) || in_word(m, p->replacement);
}

static int in_parts(mention *m, const shell_part *part) {
    for (; part; part = part->next)
        if ((part->parameter && in_parameter(m, part->parameter)) || in_parts(m, part->parts))
            return 1;
    return 0;
}

/* The first of the command's words that has several values. */
static int finds(mention *m, const shell_node *node) {
    for (const shell_word *word = node->words; word; word = word->next)
        if (in_word(m, word) || (word->assignment && in_word(m, word->assignment->value)))
            return 1;
    for (const shell_assignment *a = node->assignments; a; a = a->next)
        if (in_word(m, a->value))
            return 1;
    return 0;
}

int shell_either_follow(shell_eval *e, const shell_node *node, shell_flow *flow) {
    mention m = {.e = e};
    shell_fork fork;
    if (e->eithers >= SHELL_EITHERS_MAX || !finds(&m, node))
        return 0;
    e->eithers++;
    shell_fork_begin(e, &fork);
    for (uint32_t i = 0; i < m.value->either_count && shell_ok(e); i++) {
        if (!shell_state_set(e->state, m.kind, m.name, m.value->either[i]))
            shell_stop(e, STELLA_E_NOMEM);
        shell_fork_way(e, &fork, shell_simple_follow(e, node));
    }
    e->eithers--;
    *flow = shell_fork_end(e, &fork);
    return 1;
}
