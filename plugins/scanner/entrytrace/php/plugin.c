#include "entrytrace/common/interpreter.h"
#include "entrytrace/common/options.h"
#include "extensions.h"

/* php(1). */
static const interpreter php = {
    .language = "php",
    .options = "-f,--file=SCRIPT -F,--process-file=SCRIPT -r,--run=CODE -R,--process-code=CODE -B,--process-begin=_ "
               "-E,--process-end=_ -c,--php-ini=_ -d,--define=_ -S,--server=_ -t,--docroot=_ -z,--zend-extension=LOAD "
               "-a -C -e -H "
               "-n,--no-php-ini -q -s -w -l,-m,-i,-v,-h,--syntax-check,--modules,--info,--version,--help,--ini:ENDS "
               "--rf,--rc,--re,"
               "--rz,--ri=ENDS",
};

/* php-fpm(8). */
#define FPM_OPTIONS                                                                                                    \
    "-y,--fpm-config=CONFIG -c,--php-ini=_ -d,--define=_ -g,--pid=_ -p,--prefix=_ -D,--daemonize -F,--nodaemonize "    \
    "-R,--allow-to-run-as-root -O,--force-stderr -n -e -t,-i,-m,-v,-h,--test,--info,--version,--help:ENDS"

/* The server of FastCGI; its configuration is used when the words name it. */
static stella_status resolve_fpm(stella_hop *hop, stella_error *err) {
    options o = options_of(FPM_OPTIONS, hop->launch);
    option found;
    stella_status status = stella_hop_language(hop, STELLA_SV("php"), err);
    for (options_result result; status == STELLA_OK && (result = options_next(&o, &found)) != OPTIONS_END;) {
        stella_file file;
        if (result == OPTIONS_DYNAMIC)
            o.at++;
        else if (result == OPTIONS_FOUND && stella_sv_eq(found.meaning, STELLA_SV("ENDS")))
            return STELLA_OK;
        else if (result == OPTIONS_FOUND && stella_sv_eq(found.meaning, STELLA_SV("CONFIG")) &&
                 hop_is_file(hop, found.value.text, &file))
            status = stella_hop_uses(hop, file.path, STELLA_SV("configuration"), hop->file->path, err);
    }
    if (status == STELLA_OK)
        status = hop_terminal(hop, "php-fpm", hop->file->path, 95, err);
    return status == STELLA_OK ? extensions_use(hop, "fpm", err) : status;
}

static const char *const programs[] = {"php", "php5*", "php7*", "php8*", "php-cgi*", "php-fpm*", NULL};

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    const stella_sv name = hop_name(hop, programs);
    if (hop->file->type == STELLA_TYPE_SCRIPT)
        return hop_shebang(hop, err);
    if (stella_sv_starts(name, STELLA_SV("php-fpm")))
        return resolve_fpm(hop, err);
    const stella_status status = interpreter_resolve(hop, &php, err);
    const char *sapi = stella_sv_starts(name, STELLA_SV("php-cgi")) ? "cgi" : "cli";
    return status == STELLA_OK ? extensions_use(hop, sapi, err) : status;
}

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.php", "0.1.0", programs, .resolve = resolve);
