/* ini.h - sections and settings as Python's configparser reads them for supervisord ("Configuration File", supervisor's
 * documentation): "[section]", "key = value" or "key: value"; a line that begins with a blank goes on; ';' or '#' at the
 * beginning of a line, and " ;" behind a value, begin a comment. */
#ifndef ENTRYTRACE_SUPERVISORS_INI_H
#define ENTRYTRACE_SUPERVISORS_INI_H

#include <stella/arena.h>
#include <stella/error.h>

#define INI_SETTINGS_MAX 65536

typedef struct ini_setting {
    stella_sv section, key, value; /* lines of a value are joined by blanks */
    uint32_t line;
} ini_setting;

typedef struct ini {
    const ini_setting *settings; /* in the order of the file */
    uint32_t count;
} ini;

/* Texts borrow from text or lie in the arena. Lines that are nothing are stepped over.
 * out  set on success
 * Returns STELLA_E_LIMIT for more than INI_SETTINGS_MAX settings, STELLA_E_NOMEM. */
stella_status ini_parse(stella_sv text, stella_arena *arena, ini *out, stella_error *err);

/* The last value of the key in that section; empty when there is none. */
stella_sv ini_get(const ini *file, stella_sv section, const char *key);

#endif
