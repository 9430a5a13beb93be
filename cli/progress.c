#include "cli/progress.h"

#include <string.h>

#define MEGABYTE 1000000.0

progress_mode progress_mode_of(const char *name, int is_terminal) {
    if (name && strcmp(name, "none") == 0)
        return PROGRESS_NONE;
    if (name && strcmp(name, "plain") == 0)
        return PROGRESS_PLAIN;
    return is_terminal ? PROGRESS_LIVE : PROGRESS_NONE;
}

void progress_text(const scan_progress *at, char text[128]) {
    int len = snprintf(text, 128, "layers %u/%u", at->layers_done, at->layers_total);
    if (at->bytes_total)
        len += snprintf(text + len, 128 - (size_t)len, ", %.1f of %.1f MB", (double)at->bytes_done / MEGABYTE,
                        (double)at->bytes_total / MEGABYTE);
    if (at->items)
        snprintf(text + len, 128 - (size_t)len, ", %llu files", (unsigned long long)at->items);
}

void progress_show(progress *p, const scan_progress *at) {
    char text[128];
    if (p->mode == PROGRESS_NONE || at->layers_total == 0)
        return;
    progress_text(at, text);
    if (p->mode == PROGRESS_LIVE) {
        fprintf(p->err, "\r\033[K%s", text);
        p->is_shown = 1;
    } else if (at->layers_done > p->layers_told) {
        fprintf(p->err, "%s\n", text);
        p->layers_told = at->layers_done;
    }
    fflush(p->err);
}

void progress_wipe(progress *p) {
    if (p->is_shown)
        fputs("\r\033[K", p->err);
    p->is_shown = 0;
    fflush(p->err);
}
