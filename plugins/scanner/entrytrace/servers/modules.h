/* modules.h - which modules nginx and Apache httpd load: what "load_module" and "LoadModule" of their configuration name
 * (nginx.org, ngx_core_module; httpd.apache.org, mod_so, core: Include, ServerRoot). */
#ifndef ENTRYTRACE_SERVERS_MODULES_H
#define ENTRYTRACE_SERVERS_MODULES_H

#include "entrytrace/common/files.h"

#define MODULES_FILE_MAX  (1u << 20) /* bytes of one file of configuration */
#define MODULES_FILES_MAX 256u       /* of one server */

#define MODULES_LOAD    1u /* a module's file */
#define MODULES_INCLUDE 2u /* more configuration; a pattern */
#define MODULES_ROOT    3u /* what relative paths are seen from */

typedef struct modules_statement {
    uint32_t kind;
    stella_sv text;
} modules_statement;

/* Takes the next statement of interest off the text. Returns 0 at the end; *depth begins at 0. [any thread] */
typedef int (*modules_next)(stella_sv *rest, uint32_t *depth, modules_statement *out);
int modules_next_nginx(stella_sv *rest, uint32_t *depth, modules_statement *out);
int modules_next_apache(stella_sv *rest, uint32_t *depth, modules_statement *out);

/* What the words of a server say of its configuration. Empty: nothing. */
typedef struct modules_words {
    stella_sv config;     /* -c of nginx, -f of httpd */
    stella_sv root;       /* -p of nginx, -d of httpd */
    stella_sv directives; /* -g of nginx */
} modules_words;

/* States the configuration that the server reads, and the modules that it loads.
 * type  of the server; another than "nginx" and "apache" says nothing
 * Returns what must be passed on, STELLA_E_PENDING among it. */
stella_status modules_use(stella_hop *hop, stella_sv type, const modules_words *words, stella_error *err);

#endif
