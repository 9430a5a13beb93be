/* manifest_analyzer.h - what the manifest of an analyzer states: its tags, what it reads and what it can say.
 * docs/sdk/manifest.md. */
#ifndef KERNEL_PLUGIN_MANIFEST_ANALYZER_H
#define KERNEL_PLUGIN_MANIFEST_ANALYZER_H

#include <stella/arena.h>
#include <stella/error.h>
#include <stella/json.h>

#define PLUGIN_TAGS_MAX   16
#define PLUGIN_TAG_BYTES  32
#define PLUGIN_READS_MAX  128
#define PLUGIN_SAYS_MAX   16
#define PLUGIN_READ_BYTES 256

/* The member "analyzer"; everything empty when there is none. */
typedef struct plugin_analyzer {
    uint32_t tags_count, reads_count, says_count;
    const char *tags[PLUGIN_TAGS_MAX];   /* [a-z0-9+-] each: "language", "c++" */
    const char *reads[PLUGIN_READS_MAX]; /* patterns of files, for people */
    const char *says[PLUGIN_SAYS_MAX];   /* of plugin_analyzer_words */
} plugin_analyzer;

/* Every word that "says" may hold, ended by NULL. */
extern const char *const plugin_analyzer_words[];

/* Reads {"tags":[...],"reads":[...],"says":[...]}; each may be missing, other members are left alone.
 * value  NULL: there is none
 * out    set on success; texts live in the arena
 * Returns STELLA_E_FORMAT with the JSON pointer in err->path, STELLA_E_NOMEM. */
stella_status plugin_analyzer_read(const stella_json *value, stella_arena *arena, plugin_analyzer *out,
                                   stella_error *err);

#endif
