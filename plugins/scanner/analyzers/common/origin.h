/* origin.h - what package URLs say of the distribution that a tree is. */
#ifndef ANALYZER_ORIGIN_H
#define ANALYZER_ORIGIN_H

#include <stella/analyzer.h>

typedef struct origin {
    stella_sv namespace_; /* the distribution's id, "debian"; the fallback when it is not known */
    stella_sv id;         /* the same; empty when it is not known */
    stella_sv distro;     /* value of the qualifier: "debian-12", "debian" without a version; empty when unknown */
} origin;

/* Reads what the identity phase published ("stella.distro/1").
 * fallback  the namespace when nothing says which distribution it is
 * out       set on success; lives in the job's arena
 * Returns STELLA_E_FORMAT for a damaged record, STELLA_E_NOMEM. */
stella_status origin_find(stella_analysis *job, stella_sv fallback, origin *out, stella_error *err);

/* Namespace, and the qualifiers arch and distro, each when it is not empty. */
void origin_apply(const origin *from, stella_sv arch, stella_component *c);

#endif
