/* modinfo.h - the text of modules in Go build information (runtime/debug.BuildInfo): lines of fields between tabs.
 *
 *     path    example.com/app/cmd/app
 *     mod     example.com/app    (devel)
 *     dep     golang.org/x/text  v0.14.0  h1:...=
 *     dep     example.com/old    v1.0.0
 *     =>      example.com/fork   v1.1.0   h1:...=
 *     build   -ldflags="-X main.version=v1.2.3" */
#ifndef GO_MODINFO_H
#define GO_MODINFO_H

#include <stella/arena.h>
#include <stella/error.h>

#define MODINFO_MODULES_MAX  100000
#define MODINFO_SETTINGS_MAX 10000

typedef struct go_module {
    stella_sv path;
    stella_sv version;                         /* "(devel)" is left out */
    stella_sv sum;                             /* "h1:..."; empty when the module is a folder or nothing was checked */
    int is_devel;                              /* built from a folder: its version was "(devel)" */
    stella_sv replaced_path, replaced_version; /* what it stands in for; empty when it replaces none */
    stella_sv folder; /* a local folder that it was replaced by: version and sum are not known */
} go_module;

typedef struct go_setting {
    stella_sv key, value;
} go_setting;

typedef struct modinfo {
    stella_sv package; /* import path of the main package */
    go_module main;    /* path empty: not stated */
    const go_module *modules;
    uint32_t module_count;
    const go_setting *settings;
    uint32_t setting_count;
} modinfo;

/* Lines of other kinds are stepped over. Replaced modules have the path and version of what replaces them. A program built
 * from files by name ("command-line-arguments") is of that module which has no version.
 * text  borrowed by the result, the rest lives in the arena
 * out   set on success
 * Returns STELLA_E_LIMIT, STELLA_E_NOMEM. */
stella_status modinfo_parse(stella_sv text, stella_arena *arena, modinfo *out, stella_error *err);

/* The value of a build setting; empty when it is not stated. */
stella_sv modinfo_setting(const modinfo *info, stella_sv key);

#endif
