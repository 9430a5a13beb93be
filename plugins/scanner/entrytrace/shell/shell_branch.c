/* Ways a script may go when it cannot be known which. */
#include "shell_eval.h"

void shell_fork_begin(shell_eval *e, shell_fork *fork) {
    *fork = (shell_fork){.mark = shell_state_mark(e->state), .all_fail = 1};
    e->branches++;
}

void shell_fork_way(shell_eval *e, shell_fork *fork, shell_flow flow) {
    shell_changes changes;
    if (!shell_state_take(e->state, fork->mark, &changes)) {
        shell_stop(e, stella_error_set(e->err, STELLA_E_NOMEM, NULL, "no memory to follow a script"));
        return;
    }
    const int fails = flow == FLOW_EXIT && e->is_failure;
    fork->all_fail &= (uint32_t)fails;
    if (flow == FLOW_EXIT) {
        fork->ended |= fails ? 0 : 1;
    } else if (fork->count < SHELL_WAYS_MAX) {
        fork->ways[fork->count++] = changes;
        fork->status = fork->count == 1 || fork->status == e->last_status ? e->last_status : STATUS_UNKNOWN;
    }
    if (fork->has_flow && fork->flow != flow)
        fork->flow_differs |= 1u << fork->flow | 1u << flow;
    fork->flow = !fork->has_flow || flow < fork->flow ? flow : fork->flow;
    fork->has_flow = 1;
}

/* A way that failed is as if it had not been taken: what follows is what happens when the start succeeds. */
shell_flow shell_fork_end(shell_eval *e, shell_fork *fork) {
    e->branches--;
    if (!shell_ok(e))
        return FLOW_EXIT;
    if (!fork->count) {
        e->is_failure = fork->all_fail;
        return FLOW_EXIT;
    }
    if (!shell_state_join(e->state, fork->ways, fork->count))
        shell_stop(e, stella_error_set(e->err, STELLA_E_NOMEM, NULL, "no memory to follow a script"));
    e->last_status = fork->status;
    e->may_have_ended |= fork->ended;
    if (fork->flow_differs & 1u << FLOW_RETURN)
        e->may_have_returned = 1;
    if (fork->flow_differs & (1u << FLOW_BREAK | 1u << FLOW_CONTINUE))
        e->may_have_broken = 1;
    return fork->flow;
}

shell_flow shell_perhaps(shell_eval *e, const shell_node *list) {
    shell_fork fork;
    shell_fork_begin(e, &fork);
    shell_fork_way(e, &fork, FLOW_NEXT);
    shell_fork_way(e, &fork, shell_follow(e, list));
    return shell_fork_end(e, &fork);
}
