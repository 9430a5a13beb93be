/* org.stella-ops.entrytrace.shell - what a shell script starts. */
#include "shell_eval.h"

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    return shell_resolve(hop, err);
}

static const char *const programs[] = {"sh", "bash", "dash", "ash", "ksh*", "mksh", "zsh", NULL};

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.shell", "0.1.0", programs, .resolve = resolve);
