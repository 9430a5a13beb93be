/* packlist.h - auto/Alpha/Beta/.packlist: the files that ExtUtils::Install has installed for module Alpha::Beta, one
 * absolute path a line, behind which attributes ("type=link from=...") may follow. */
#ifndef PERL_PACKLIST_H
#define PERL_PACKLIST_H

#include "common/walk.h"

/* Of the path of a packlist: the folder that holds "auto", and "Alpha/Beta"; views into it. Returns 0 when it is none
 * of a module (Perl's own lies beside "auto"). */
int packlist_split(stella_sv path, stella_sv *root, stella_sv *module);

/* Takes the next path off *rest, relative to the root of the tree. Lines that are no path are stepped over. Returns 0
 * at the end. */
int packlist_next(stella_sv *rest, stella_sv *path);

/* The version that the module's own file states, as ExtUtils::Installed finds it: a line with "VERSION = '1.02'".
 * out  set on success: empty when there is none or the file is not at hand; lives in the job's arena
 * Returns STELLA_E_NOMEM. */
stella_status packlist_version(stella_analysis *job, stella_sv packlist, stella_sv module, stella_sv *out,
                               stella_error *err);

/* The version that the text of a module states; empty when there is none. Borrows from it. */
stella_sv packlist_module_version(stella_sv text);

#endif
