/* for, while, until, select. */
#include "shell_eval.h"

/* What a round's end means for the loop. Returns 1 when the loop goes on. */
static int goes_on(shell_eval *e, shell_flow *flow) {
    if (*flow == FLOW_BREAK || *flow == FLOW_CONTINUE) {
        const int ends = *flow == FLOW_BREAK;
        if (e->loop_levels > 1) {
            e->loop_levels--;
            return 0; /* an outer loop is meant */
        }
        *flow = FLOW_NEXT;
        return !ends;
    }
    return *flow == FLOW_NEXT;
}

/* Any number of rounds, none among them: what one round changes is not known behind it. */
static shell_flow rounds_unknown(shell_eval *e, const shell_node *body) {
    shell_flow flow = shell_perhaps(e, body);
    e->last_status = STATUS_UNKNOWN;
    (void)goes_on(e, &flow);
    return flow;
}

static shell_flow each_word(shell_eval *e, const shell_node *node, const stella_word *words, uint32_t count) {
    shell_flow flow = FLOW_NEXT;
    for (uint32_t i = 0; i < count && shell_ok(e); i++) {
        if (words[i].flags & STELLA_WORD_MANY) {
            shell_set(e, node->name, shell_unsure(shell_join(e, STELLA_SV("$"), node->name)));
            flow = rounds_unknown(e, node->body);
            if (flow != FLOW_NEXT)
                return flow;
            continue;
        }
        shell_set(e, node->name, words[i]);
        flow = shell_follow(e, node->body);
        if (!goes_on(e, &flow))
            return flow;
    }
    return flow;
}

static shell_flow for_node(shell_eval *e, const shell_node *node) {
    shell_fields fields = {0};
    const shell_value *all = shell_positional(e);
    if (node->flags & SHELL_IMPLICIT)
        for (uint32_t i = 0; i < all->count; i++)
            shell_add_field(e, &fields, all->items[i].word);
    else
        shell_expand_words(e, node->words, &fields);
    e->last_status = 0;
    if (node->kind == SHELL_NODE_SELECT) {
        shell_set(e, node->name, shell_unsure(shell_join(e, STELLA_SV("$"), node->name)));
        return rounds_unknown(e, node->body);
    }
    return each_word(e, node, fields.items, fields.count);
}

/* ---- while, until, for (( )) -------------------------------------------------------------------------------------- */

/* Whether another round begins: 1, 0, STATUS_UNKNOWN. *flow  other than FLOW_NEXT: the condition itself went away */
static int begins(shell_eval *e, const shell_node *node, shell_flow *flow) {
    int64_t value = 0;
    if (node->kind == SHELL_NODE_FOR_ARITHMETIC) {
        const stella_word word = shell_expand(e, node->words->next);
        if (!shell_is_known(&word))
            return STATUS_UNKNOWN;
        if (!word.text.len)
            return 1;
        return shell_calculate(e, word.text, &value) ? value != 0 : STATUS_UNKNOWN;
    }
    e->conditions++;
    *flow = shell_follow(e, node->condition);
    e->conditions--;
    if (e->last_status == STATUS_UNKNOWN)
        return STATUS_UNKNOWN;
    return (e->last_status == 0) == (node->kind == SHELL_NODE_WHILE);
}

static void calculate(shell_eval *e, const shell_word *expression) {
    const stella_word word = shell_expand(e, expression);
    int64_t value = 0;
    if (shell_is_known(&word))
        (void)shell_calculate(e, word.text, &value);
}

/* Nothing has changed, so nothing ever will: the loop is what runs. */
static shell_flow forever(shell_eval *e) {
    e->is_failure = 0;
    if (!e->subshells)
        shell_finish(e);
    return FLOW_EXIT;
}

static shell_flow rounds(shell_eval *e, const shell_node *node) {
    shell_flow flow = FLOW_NEXT;
    for (uint32_t round = 0; shell_ok(e); round++) {
        const uint32_t mark = shell_state_mark(e->state);
        const size_t read = e->in ? e->in->at : 0;
        const int more = begins(e, node, &flow);
        if (flow != FLOW_NEXT || more == 0)
            return flow;
        if (more == STATUS_UNKNOWN || round >= SHELL_ROUNDS_MAX)
            return rounds_unknown(e, node->body);
        flow = shell_follow(e, node->body);
        if (!goes_on(e, &flow))
            return flow;
        if (e->may_have_broken)
            return FLOW_NEXT;
        if (node->kind == SHELL_NODE_FOR_ARITHMETIC)
            calculate(e, node->words->next->next);
        if (!shell_state_changed(e->state, mark) && read == (e->in ? e->in->at : 0))
            return forever(e);
    }
    return FLOW_EXIT;
}

shell_flow shell_loop_follow(shell_eval *e, const shell_node *node) {
    const uint32_t broken = e->may_have_broken;
    shell_flow flow;
    e->loops++;
    if (node->kind == SHELL_NODE_FOR || node->kind == SHELL_NODE_SELECT) {
        flow = for_node(e, node);
    } else {
        if (node->kind == SHELL_NODE_FOR_ARITHMETIC)
            calculate(e, node->words);
        e->may_have_broken = 0;
        flow = rounds(e, node);
        if (flow == FLOW_NEXT && node->kind != SHELL_NODE_FOR_ARITHMETIC)
            e->last_status = 0;
    }
    e->loops--;
    e->may_have_broken = broken;
    return flow;
}
