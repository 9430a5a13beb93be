#include "loss.h"

#include <stdio.h>
#include <stdlib.h>

int exclusions_has(const exclusions *x, uint32_t index) {
    for (uint32_t i = 0; i < x->count; i++)
        if (x->indices[i] == index)
            return 1;
    return 0;
}

int exclusions_add(exclusions *x, uint32_t index) {
    if (exclusions_has(x, index))
        return 1;
    if (x->count == EXCLUSIONS_MAX)
        return 0;
    x->indices[x->count++] = index;
    return 1;
}

void loss_add(loss_list *list, const scan_loss *loss) {
    if (!list->items)
        list->items = calloc(SCAN_LOSSES_MAX, sizeof *list->items);
    if (list->items && list->count < SCAN_LOSSES_MAX)
        list->items[list->count++] = *loss;
}

static int by_place(const void *a, const void *b) {
    const scan_loss *left = a, *right = b;
    int order = (left->layer > right->layer) - (left->layer < right->layer);
    order = order ? order : strcmp(left->plugin, right->plugin);
    order = order ? order : strcmp(left->path, right->path);
    return order ? order : strcmp(left->message, right->message);
}

static int is_told(const loss_list *list, const scan_loss *loss) {
    for (uint32_t i = 0; i < list->count; i++) {
        const scan_loss *other = &list->items[i];
        if (strcmp(other->plugin, loss->plugin) == 0 && strcmp(other->code, loss->code) == 0 && loss->is_lost)
            return 1;
    }
    return 0;
}

void loss_order(loss_list *list) {
    const uint32_t count = list->count;
    if (count)
        qsort(list->items, count, sizeof *list->items, by_place);
    list->count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!is_told(list, &list->items[i]))
            list->items[list->count++] = list->items[i];
}

void loss_fini(loss_list *list) {
    free(list->items);
    *list = (loss_list){0};
}

void loss_text(char *out, size_t size, stella_sv text) {
    snprintf(out, size, "%.*s", STELLA_SV_FMT(stella_sv_first(text, size - 1)));
}

scan_loss loss_of_end(const stella_job_result *result, int32_t layer) {
    scan_loss loss = {.layer = layer, .is_lost = 1};
    snprintf(loss.plugin, sizeof loss.plugin, "%s", result->culprit_id);
    snprintf(loss.path, sizeof loss.path, "%s", result->culprit_what);
    switch (result->end) {
    case STELLA_END_OVERRAN:
        snprintf(loss.code, sizeof loss.code, "timeout");
        snprintf(loss.message, sizeof loss.message, "the plugin was stopped: it took longer than it may");
        break;
    case STELLA_END_MEMORY:
        snprintf(loss.code, sizeof loss.code, "limit");
        snprintf(loss.message, sizeof loss.message, "the plugin was stopped: it used more memory than it may");
        break;
    default:
        snprintf(loss.code, sizeof loss.code, "crashed");
        if (result->signal)
            snprintf(loss.message, sizeof loss.message, "the plugin crashed with signal %d", result->signal);
        else
            snprintf(loss.message, sizeof loss.message, "the plugin ended its process with status %d",
                     result->exit_code);
    }
    return loss;
}
