/* paths.h - where an installation keeps its things, relative to where its programs are.
 *
 * <prefix>/bin/stella knows its prefix, so a build directory, /usr/local, /opt/stella and /usr all work in place. Below
 * /usr the rules of the system apply: /etc/stella, /var/lib/stella, /run/stella; elsewhere these lie in the prefix. */
#ifndef KERNEL_PATHS_PATHS_H
#define KERNEL_PATHS_PATHS_H

#include <stella/error.h>

#define PATHS_BYTES 1024 /* of one path, with its NUL */

typedef struct paths {
    char prefix[PATHS_BYTES];
    char etc_dir[PATHS_BYTES];         /* stella.conf, conf.d */
    char plugin_dir[PATHS_BYTES];      /* one folder a plugin */
    char trust_dir[PATHS_BYTES];       /* anchors and revocations of the system */
    char state_dir[PATHS_BYTES];       /* what stellad keeps */
    char run_dir[PATHS_BYTES];         /* its socket and lock */
    char user_plugin_dir[PATHS_BYTES]; /* the user's own plugins; never for kernel roles; empty without a home */
    char user_trust_dir[PATHS_BYTES];  /* the user's own anchors; never for kernel roles; empty without a home */
    char user_cache_dir[PATHS_BYTES];  /* what the user's scans learnt; empty without a home */
} paths;

/* What paths depend on, so that tests need no environment. The XDG values and home may be NULL; relative ones are
 * ignored, as the XDG specification demands. */
typedef struct paths_origin {
    const char *executable; /* absolute: "/usr/bin/stella" */
    const char *xdg_config_home, *xdg_data_home, *xdg_cache_home, *home;
} paths_origin;

/* out  set on success
 * Returns STELLA_E_LIMIT for a path that is too long, STELLA_E_INVALID for an executable that is in no directory. [any
 * thread] */
stella_status paths_of(const paths_origin *origin, paths *out, stella_error *err);

/* The same for the running program and its environment. Returns STELLA_E_IO when /proc is not mounted. [any thread] */
stella_status paths_find(paths *out, stella_error *err);

#endif
