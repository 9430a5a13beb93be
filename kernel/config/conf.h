/* conf.h - the daemon's configuration: read, merged, checked as a whole, then immutable.
 *
 * stella.conf, then the files of conf.d that end in .conf in byte order of their names; a later file wins key by key.
 * The prefix is conf_ because libconfig owns config_. */
#ifndef KERNEL_CONFIG_CONF_H
#define KERNEL_CONFIG_CONF_H

#include "config/keys.h"

#include <stella/config.h>
#include <stella/error.h>
#include <stella/sink.h>

#define CONF_FILE_BYTES_MAX (1u << 20)
#define CONF_LIST_MAX       32u

typedef struct conf conf;

/* A value that does not come from a file: a default that depends on the installation, or the command line. */
typedef struct conf_preset {
    conf_key key;
    const char *text;
    const char *origin; /* "default", "--state-dir" */
    int is_final;       /* 1: files do not change it */
} conf_preset;

typedef struct conf_source {
    const char *file;  /* NULL: none */
    int file_required; /* 0: a file that is not there is no error */
    const char *dir;   /* conf.d; NULL or not there: none */
    const conf_preset *presets;
    uint32_t preset_count;
    /* Told of every problem, the first of which is also the error of conf_load; may be NULL. err->path is file:line. */
    void (*problem)(void *context, const stella_error *error);
    void *context;
} conf_source;

/* Reads and checks all files.
 * out  set on success; the caller destroys it
 * Returns STELLA_E_FORMAT for what the files say, STELLA_E_IO, STELLA_E_NOTFOUND for a required file. [any thread] */
stella_status conf_load(const conf_source *source, conf **out, stella_error *err);

/* The same with one file's content at hand.
 * name  how errors call it */
stella_status conf_parse(stella_sv content, const char *name, conf **out, stella_error *err);

void conf_destroy(conf *c);
void conf_destroyp(conf **c);

/* Effective values; the key must be of the fitting type. Texts live as long as the configuration. [any thread] */
int64_t conf_number(const conf *c, conf_key key);   /* NUMBER, SWITCH; CHOICE: the position among the choices */
const char *conf_text(const conf *c, conf_key key); /* TEXT, PATH, CHOICE */
uint32_t conf_list(const conf *c, conf_key key, const char *const **items);

/* Where the value comes from: "file:line", "default", "--state-dir". */
const char *conf_origin(const conf *c, conf_key key);

/* Whether the effective values differ. */
int conf_differs(const conf *a, const conf *b, conf_key key);

/* The value as it would be written in a file. */
stella_status conf_show_value(const conf *c, conf_key key, const stella_sink *sink, stella_error *err);

/* docs/configuration.md. */
stella_status conf_write_doc(const stella_sink *sink, stella_error *err);

#endif
