/* Lists, conditions, groups. */
#include "shell_eval.h"

#include "shell_pattern.h"

#include <stella/auto.h>

static void stream_fini(shell_stream *stream) {
    stella_buf_fini(&stream->text);
}

/* ---- ( ), pipelines, & -------------------------------------------------------------------------------------------- */

/* What a shell of its own changes is lost with it, but for the steps, and files. */
static void keep_outside(shell_eval *e, const shell_value *last, const shell_value *jobs) {
    if (last)
        shell_state_set(e->state, SLOT_LAST, STELLA_SV(""), last);
    if (jobs)
        shell_state_set(e->state, SLOT_JOBS, STELLA_SV(""), jobs);
}

shell_flow shell_subshell(shell_eval *e, const shell_node *list) {
    shell_changes lost;
    const uint32_t mark = shell_state_mark(e->state), ended = e->may_have_ended, returned = e->may_have_returned;
    const uint32_t broken = e->may_have_broken, loops = e->loops;
    e->subshells++;
    e->loops = 0;
    const shell_flow flow = shell_follow(e, list);
    e->subshells--;
    e->loops = loops;
    const shell_value *last = shell_state_get(e->state, SLOT_LAST, STELLA_SV(""));
    const shell_value *jobs = shell_state_get(e->state, SLOT_JOBS, STELLA_SV(""));
    if (!shell_state_take(e->state, mark, &lost))
        shell_stop(e, stella_error_set(e->err, STELLA_E_NOMEM, NULL, "no memory to follow a script"));
    else
        keep_outside(e, last, jobs);
    if (flow == FLOW_EXIT || e->may_have_ended != ended)
        e->last_status = e->is_failure && flow == FLOW_EXIT ? 1 : e->last_status;
    e->may_have_ended = ended;
    e->may_have_returned = returned;
    e->may_have_broken = broken;
    return shell_ok(e) ? FLOW_NEXT : FLOW_EXIT;
}

static shell_flow one(shell_eval *e, const shell_node *node) {
    shell_node alone = *node;
    alone.next = NULL;
    alone.flags &= ~SHELL_BACKGROUND;
    return shell_subshell(e, &alone);
}

static shell_flow pipeline(shell_eval *e, const shell_node *node) {
    if (!node->body) {
        e->last_status = node->flags & SHELL_NEGATED ? 1 : 0;
        return FLOW_NEXT;
    }
    if (!node->body->next)
        return shell_node_follow(e, node->body);
    shell_stream *const in = e->in, *const out = e->out;
    shell_stream streams[2] = {{.text = stella_buf_of(SHELL_TEXT_MAX)}, {.text = stella_buf_of(SHELL_TEXT_MAX)}};
    uint32_t turn = 0;
    for (const shell_node *stage = node->body; stage && shell_ok(e); stage = stage->next) {
        shell_stream *to = &streams[turn];
        to->text.len = to->at = 0;
        to->is_unknown = 0;
        e->out = stage->next ? to : out;
        (void)one(e, stage);
        e->in = to;
        turn ^= 1;
    }
    e->in = in;
    e->out = out;
    stream_fini(&streams[0]);
    stream_fini(&streams[1]);
    return shell_ok(e) ? FLOW_NEXT : FLOW_EXIT;
}

static shell_flow negatable(shell_eval *e, const shell_node *node) {
    const uint32_t negated = node->flags & SHELL_NEGATED ? 1 : 0;
    e->conditions += negated;
    const shell_flow flow = pipeline(e, node);
    e->conditions -= negated;
    if (negated && node->body && e->last_status != STATUS_UNKNOWN)
        e->last_status = !e->last_status;
    return flow;
}

static shell_flow in_background(shell_eval *e, const shell_node *node) {
    e->background++;
    (void)one(e, node);
    e->background--;
    e->last_status = 0;
    return shell_ok(e) ? FLOW_NEXT : FLOW_EXIT;
}

/* ---- if && || case ------------------------------------------------------------------------------------------------ */

static shell_flow condition(shell_eval *e, const shell_node *list) {
    e->conditions++;
    const shell_flow flow = shell_follow(e, list);
    e->conditions--;
    return flow;
}

static shell_flow if_node(shell_eval *e, const shell_node *node) {
    const shell_flow flow = condition(e, node->condition);
    if (flow != FLOW_NEXT)
        return flow;
    if (e->last_status == 0)
        return shell_follow(e, node->body);
    if (e->last_status != STATUS_UNKNOWN) {
        e->last_status = 0;
        return shell_follow(e, node->otherwise);
    }
    shell_fork fork;
    shell_fork_begin(e, &fork);
    shell_fork_way(e, &fork, shell_follow(e, node->body));
    e->last_status = 0;
    shell_fork_way(e, &fork, shell_follow(e, node->otherwise));
    return shell_fork_end(e, &fork);
}

static shell_flow and_or(shell_eval *e, const shell_node *node) {
    const uint32_t is_and = node->kind == SHELL_NODE_AND;
    e->conditions += is_and; /* what a script is there for comes after && */
    const shell_flow flow = shell_node_follow(e, node->condition);
    e->conditions -= is_and;
    const int status = e->last_status;
    if (flow != FLOW_NEXT)
        return flow;
    if (status != STATUS_UNKNOWN)
        return (status == 0) == (is_and != 0) ? shell_node_follow(e, node->body) : FLOW_NEXT;
    shell_fork fork;
    shell_fork_begin(e, &fork);
    e->last_status = is_and ? 1 : 0;
    shell_fork_way(e, &fork, FLOW_NEXT);
    e->last_status = is_and ? 0 : STATUS_UNKNOWN;
    shell_fork_way(e, &fork, shell_node_follow(e, node->body));
    return shell_fork_end(e, &fork);
}

/* Whether the arm is taken: 1, 0, STATUS_UNKNOWN. */
static int arm_matches(shell_eval *e, const shell_case *arm, const stella_word *subject) {
    int value = 0;
    for (const shell_word *word = arm->patterns; word && value != 1; word = word->next) {
        const stella_word pattern = shell_expand_pattern(e, word);
        const int all = shell_is_known(&pattern) && stella_sv_eq(pattern.text, STELLA_SV("*"));
        const int known = shell_is_known(subject) && shell_is_known(&pattern);
        const int match = all ? 1 : known ? shell_match(pattern.text, subject->text) : STATUS_UNKNOWN;
        value = match ? match : value;
    }
    return value;
}

/* The arm's commands, and those that ";&" falls into. */
static shell_flow follow_arm(shell_eval *e, const shell_case *arm) {
    shell_flow flow = shell_follow(e, arm->body);
    while (flow == FLOW_NEXT && arm->end == SHELL_CASE_FALL && arm->next) {
        arm = arm->next;
        flow = shell_follow(e, arm->body);
    }
    return flow;
}

/* From that arm on. One that matches for certain ends the question; one that may makes two ways. */
static shell_flow case_arms(shell_eval *e, const shell_case *arm, const stella_word *subject) {
    shell_fork fork;
    uint32_t forked = 0;
    shell_flow flow = FLOW_NEXT;
    for (; arm && shell_ok(e); arm = arm->next) {
        const int match = arm_matches(e, arm, subject);
        if (match == 0)
            continue;
        if (match == 1 && !forked) {
            flow = follow_arm(e, arm);
            if (flow != FLOW_NEXT || arm->end != SHELL_CASE_AGAIN)
                return flow;
            continue;
        }
        if (!forked++)
            shell_fork_begin(e, &fork);
        shell_fork_way(e, &fork, follow_arm(e, arm));
        if (match == 1)
            return shell_fork_end(e, &fork);
    }
    if (!forked)
        return flow;
    e->last_status = 0;
    shell_fork_way(e, &fork, FLOW_NEXT);
    return shell_fork_end(e, &fork);
}

static shell_flow case_node(shell_eval *e, const shell_node *node) {
    const stella_word subject = shell_expand(e, node->words);
    e->last_status = 0;
    return case_arms(e, node->cases, &subject);
}

/* ---- the rest ----------------------------------------------------------------------------------------------------- */

static shell_flow define(shell_eval *e, const shell_node *node) {
    shell_value *value = shell_memory(e, 1, sizeof *value);
    if (value) {
        *value = (shell_value){.function = node->body, .path = e->path, .word = shell_known(shell_script_name(e))};
        if (!shell_state_set(e->state, SLOT_FUNCTION, node->name, value))
            shell_stop(e, STELLA_E_LIMIT);
    }
    e->last_status = 0;
    return FLOW_NEXT;
}

static shell_flow arithmetic(shell_eval *e, const shell_node *node) {
    const stella_word word = shell_expand(e, node->words);
    int64_t value = 0;
    e->last_status = STATUS_UNKNOWN;
    if (shell_is_known(&word) && shell_calculate(e, word.text, &value))
        e->last_status = value == 0;
    return FLOW_NEXT;
}

static shell_flow bracket(shell_eval *e, const shell_node *node) {
    const int value = shell_test_tree(e, node->test);
    e->last_status = value == STATUS_UNKNOWN ? value : !value;
    return FLOW_NEXT;
}

static shell_flow coproc(shell_eval *e, const shell_node *node) {
    shell_unknown(e, STELLA_REASON_UNSUPPORTED_SYNTAX, &node->range, STELLA_SV("coproc"));
    return in_background(e, node->body);
}

static shell_flow dispatch(shell_eval *e, const shell_node *node) {
    shell_flow flow;
    switch (node->kind) {
    case SHELL_NODE_SIMPLE:
        return shell_either_follow(e, node, &flow) ? flow : shell_simple_follow(e, node);
    case SHELL_NODE_PIPELINE:
        return negatable(e, node);
    case SHELL_NODE_AND:
    case SHELL_NODE_OR:
        return and_or(e, node);
    case SHELL_NODE_SUBSHELL:
        return shell_subshell(e, node->body);
    case SHELL_NODE_GROUP:
        return shell_follow(e, node->body);
    case SHELL_NODE_IF:
        return if_node(e, node);
    case SHELL_NODE_CASE:
        return case_node(e, node);
    case SHELL_NODE_FUNCTION:
        return define(e, node);
    case SHELL_NODE_TEST:
        return bracket(e, node);
    case SHELL_NODE_ARITHMETIC:
        return arithmetic(e, node);
    case SHELL_NODE_COPROC:
        return coproc(e, node);
    default:
        return shell_loop_follow(e, node);
    }
}

/* A compound command with redirections. */
static shell_flow redirected(shell_eval *e, const shell_node *node) {
    shell_stream *const old_in = e->in, *const old_out = e->out;
    STELLA_AUTO(stream_fini) shell_stream in = {.text = stella_buf_of(SHELL_TEXT_MAX)};
    shell_flow flow = FLOW_NEXT;
    if (shell_redirect_begin(e, node, &in))
        flow = dispatch(e, node);
    e->in = old_in;
    e->out = old_out;
    return flow;
}

/* Whether one more command may be followed. */
static int within_limits(shell_eval *e, const shell_node *node) {
    if (shell_ok(e) && stella_cancelled(e->hop->view))
        shell_stop(e, stella_error_set(e->err, STELLA_E_CANCELLED, NULL, "no longer wanted"));
    if (!shell_ok(e) || ++e->command_count > SHELL_COMMANDS_MAX)
        return 0;
    if (e->command_count == SHELL_COMMANDS_MAX)
        shell_unknown(e, STELLA_REASON_LIMIT, &node->range, STELLA_SV("more commands than are followed"));
    if (e->level < SHELL_LEVELS_MAX)
        return 1;
    shell_unknown(e, STELLA_REASON_RECURSION_LIMIT, &node->range, STELLA_SV("commands nested deeper than is followed"));
    e->command_count = SHELL_COMMANDS_MAX;
    return 0;
}

shell_flow shell_node_follow(shell_eval *e, const shell_node *node) {
    shell_flow flow;
    if (!within_limits(e, node))
        return FLOW_EXIT;
    e->level++;
    if (node->flags & SHELL_BACKGROUND)
        flow = in_background(e, node);
    else
        flow = node->redirects && node->kind != SHELL_NODE_SIMPLE ? redirected(e, node) : dispatch(e, node);
    e->level--;
    return flow;
}

shell_flow shell_follow(shell_eval *e, const shell_node *list) {
    shell_flow flow = shell_ok(e) ? FLOW_NEXT : FLOW_EXIT;
    for (; list && flow == FLOW_NEXT; list = list->next)
        flow = shell_node_follow(e, list);
    return flow;
}
