#include "entrytrace/common/interpreter.h"

/* perlrun(1). */
static const interpreter perl = {
    .language = "perl",
    .options = "-e,-E=CODE -I=_ -M=_ -m=_ -F=_ -x[=_] -0,-1,-2,-3,-4,-5,-6,-7,-8,-9 -l -i[=_] -C[=_] -D[=_] -d[=_] -a "
               "-c -f -g -n -p -s "
               "-S -t -T -u "
               "-U -w -W -X -h,-v:ENDS -V[=ENDS]",
};

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    return interpreter_resolve(hop, &perl, err);
}

static const char *const programs[] = {"perl", "perl5*", NULL};

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.perl", "0.1.0", programs, .resolve = resolve);
