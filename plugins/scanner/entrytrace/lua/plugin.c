#include "entrytrace/common/interpreter.h"

/* lua(1); luajit has -b, -j and -O beside. */
static const interpreter lua = {
    .language = "lua",
    .options = "-e=CODE -l=_ -i -E -W -j=_ -O[=_] -b:ENDS -v:ENDS",
};

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    return interpreter_resolve(hop, &lua, err);
}

static const char *const programs[] = {"lua*", "luajit*", "luajit-2*", NULL};

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.lua", "0.1.0", programs, .resolve = resolve);
