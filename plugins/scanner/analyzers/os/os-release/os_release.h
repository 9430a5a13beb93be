/* os_release.h - etc/os-release: shell-compatible assignments (os-release(5)). */
#ifndef OS_RELEASE_OS_RELEASE_H
#define OS_RELEASE_OS_RELEASE_H

#include <stella/arena.h>
#include <stella/distro.h>

/* Values that identify the system beyond what a stella_distro holds. */
typedef struct os_release {
    stella_distro distro;
    stella_sv cpe;          /* CPE_NAME */
    stella_sv homepage;     /* HOME_URL */
    stella_sv full_version; /* with the point release, where a file of its own has it ("12.5"); may be empty */
    uint32_t id_line;       /* of ID; 0: it has none */
    uint32_t bad_line;      /* the first line that is neither an assignment of UTF-8 text nor a comment; 0: none */
} os_release;

/* Which keys stand for which members. */
#define OS_RELEASE_KEYS 0 /* ID, VERSION_ID, ... of os-release(5) */
#define OS_RELEASE_LSB  1 /* DISTRIB_ID, DISTRIB_RELEASE, ... of lsb-release */

/* Reads a file: quotes and backslashes as a POSIX shell takes them, no expansion; of a key that stands twice the last
 * holds; values are cut at STELLA_DISTRO_TEXT_MAX. Without ID the distribution's id is "linux", as os-release(5) says.
 * out  set on success; texts live in the arena
 * Returns STELLA_E_NOMEM. */
stella_status os_release_parse_keys(stella_sv text, int keys, stella_arena *arena, os_release *out);

/* The same with the keys of os-release(5). */
stella_status os_release_parse(stella_sv text, stella_arena *arena, os_release *out);

#endif
