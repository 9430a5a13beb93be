/* manifest.h - plugin.json: what a plugin says of itself, read without running any of its code. docs/sdk/manifest.md.
 */
#ifndef KERNEL_PLUGIN_MANIFEST_H
#define KERNEL_PLUGIN_MANIFEST_H

#include "plugin/manifest_analyzer.h"

#include <stella/arena.h>
#include <stella/error.h>

#define PLUGIN_MANIFEST_SCHEMA       "https://stella-ops.org/schema/plugin/1"
#define PLUGIN_MANIFEST_PAYLOAD_TYPE "application/vnd.stella-ops.plugin.manifest+json"
#define PLUGIN_MANIFEST_BYTES_MAX    (256u << 10)
#define PLUGIN_FILE_BYTES_MAX        (256u << 20)
#define PLUGIN_INTERFACES_MAX        32

/* The host a plugin runs in. */
typedef enum plugin_role {
    PLUGIN_ROLE_NONE,
    PLUGIN_ROLE_SCAN,
    PLUGIN_ROLE_CONNECT,
    PLUGIN_ROLE_SIGN,
    PLUGIN_ROLE_KERNEL,
    PLUGIN_ROLE_CLI
} plugin_role;

typedef struct plugin_manifest {
    const char *id;      /* reverse DNS, [a-z0-9.-], at most 127 bytes */
    const char *version; /* semantic version */
    const char *title;
    const char *license; /* SPDX expression */
    const char *file;    /* base name of the .so */
    uint64_t file_size;
    const char *file_digest; /* "sha256:<hex>" */
    plugin_role role;
    uint32_t provides_count, requires_count;
    const char *provides[PLUGIN_INTERFACES_MAX]; /* interface ids */
    const char *requires[PLUGIN_INTERFACES_MAX];
    uint64_t memory_bytes; /* asked for; 0: default */
    uint32_t time_ms;      /* longest single call, asked for; 0: default */
    plugin_analyzer analyzer;
    stella_sv json; /* the manifest's own bytes, for what else it says (config schema) */
} plugin_manifest;

/* Reads and checks a manifest. Members that are not known are allowed; they stay in json. Everything lives in the
 * arena, the manifest's bytes included.
 * out  set on success
 * Returns STELLA_E_FORMAT with the JSON pointer in err->path, or STELLA_E_ABI when it was built for another ABI. */
stella_status plugin_manifest_parse(stella_sv json, stella_arena *arena, plugin_manifest *out, stella_error *err);

/* "scan", "connect", "sign", "kernel", "cli"; "none" for none. [any thread] */
const char *plugin_role_name(plugin_role role);

/* The role of that name, or PLUGIN_ROLE_NONE. [any thread] */
plugin_role plugin_role_of(stella_sv name);

/* Whether plugins of the role share memory with the kernel or the command line: only an anchor that names the role may
 * sign them. [any thread] */
int plugin_role_is_inside(plugin_role role);

/* Reverse DNS in lower case: labels of a-z, 0-9 and - between dots, two at least, at most 127 bytes. [any thread] */
int plugin_id_is_valid(stella_sv id);

/* An interface id without its version: "stella.analyzer" of "stella.analyzer/1". [any thread] */
stella_sv plugin_interface_kind(const char *interface_id);

#endif
