/* stella/bom.h - the finished result of a scan as emitters read it. Everything is ordered and merged; nothing in it
 * depends on time, machine or threads. Views and pointers are valid until emit returns. Arrays carry count and stride;
 * walk them with STELLA_AT. */
#ifndef STELLA_BOM_H
#define STELLA_BOM_H

#include <stella/error.h>
#include <stella/list.h>
#include <stella/trace.h>

STELLA_BEGIN_DECLS

typedef struct stella_bom_pair {
    stella_sv name;
    stella_sv value;
} stella_bom_pair;

typedef struct stella_bom_evidence {
    stella_sv path;
    stella_sv method;
    stella_sv plugin; /* id of the analyzer */
    uint32_t line;    /* 0: none */
    uint32_t layer;   /* index, or STELLA_BOM_NO_LAYER: in a layer that is not in this result */
} stella_bom_evidence;

/* A program that really runs: a terminal of the trace. */
typedef struct stella_bom_entrypoint {
    stella_sv
        launcher; /* the file it runs, "/app/server.js": the terminal's script, module or archive, else its program;
                            unique and ordered */
    stella_sv command;   /* its words, quoted for a POSIX shell where they need it */
    stella_sv type;      /* see stella_trace_node */
    uint32_t confidence; /* percent */
    uint32_t node;       /* of the trace; of several with one launcher the first */
} stella_bom_entrypoint;

/* How an entrypoint reaches a component. */
typedef struct stella_bom_use {
    uint32_t entrypoint;
    uint32_t reserved;
    stella_sv path; /* the component's file that is used */
    stella_sv how;  /* "program", "script", "needed", "python-module", ... */
    stella_sv via;  /* the file that asks for it; may be empty */
} stella_bom_use;

typedef struct stella_bom_license {
    stella_sv text;
    uint32_t how; /* STELLA_LICENSE_* of stella/component.h */
    uint32_t reserved;
} stella_bom_license;

typedef struct stella_bom_file {
    stella_sv path;
    stella_sv digest_alg;
    stella_sv digest;
    uint32_t flags;   /* STELLA_OWNED_* */
    uint32_t present; /* 1: in the tree */
} stella_bom_file;

typedef struct stella_bom_component {
    stella_sv ref;  /* unique in this result, derived from the identity: the purl, or "type:name@version"; without a
                      version  followed by "|" and the path that proves it */
    stella_sv purl; /* canonical; empty when it has none */
    stella_sv type; /* purl type, or what the analyzer gave */
    stella_sv namespace_;
    stella_sv name;
    stella_sv version;
    stella_sv kind; /* CycloneDX component type */
    stella_sv source_name, source_version;
    stella_sv maintainer, vendor, description, homepage, cpe, architecture;
    uint32_t flags;          /* STELLA_COMPONENT_* */
    uint32_t introduced;     /* layer index */
    stella_list licenses;    /* stella_bom_license, ordered */
    stella_list evidence;    /* stella_bom_evidence, ordered by path, line */
    stella_list files;       /* stella_bom_file, ordered by path */
    stella_list properties;  /* stella_bom_pair, ordered by name, value */
    stella_list layers;      /* uint32_t: the layers in which it is present and has evidence, ascending */
    uint64_t installed_size; /* bytes; 0: not stated */
    stella_list entrypoints; /* uint32_t: indices into stella_bom.entrypoints whose programs reach it, ascending */
    stella_list uses;        /* stella_bom_use: why, ordered by entrypoint, path, how, via */
} stella_bom_component;

typedef struct stella_bom_relation {
    uint32_t from, to; /* indices into components; STELLA_BOM_ROOT for the subject itself */
    uint32_t kind;     /* STELLA_RELATION_* of stella/analyzer.h */
    uint32_t flags;
} stella_bom_relation;

#define STELLA_BOM_ROOT 0xffffffffu

typedef struct stella_bom_layer {
    stella_sv digest;  /* of the stored bytes, "sha256:..."; empty for a directory */
    stella_sv diff_id; /* of the uncompressed bytes; empty when unknown */
    stella_sv media_type;
    stella_sv created_by; /* the image history's command for this layer; may be empty */
    uint64_t size;        /* stored bytes */
    uint64_t entries;     /* files, directories, links in it */
} stella_bom_layer;

/* What could not be done, and what is worth knowing. */
typedef struct stella_bom_error {
    stella_sv plugin; /* who; empty: the engine */
    stella_sv code;   /* stella_status_name, or a diagnostic such as "content-unavailable" */
    stella_sv message;
    stella_sv path; /* the file; may be empty */
    uint32_t line;
    uint32_t severity; /* STELLA_NOTE_* of stella/analyzer.h */
    int32_t layer;     /* index, or -1 */
    uint32_t lost;     /* 1: a plugin's contribution is missing from this result (exit status 4) */
} stella_bom_error;

typedef struct stella_bom {
    stella_abi_head head;
    stella_sv tool_name, tool_version;
    stella_sv subject_kind;                           /* as in stella_image, or "layer": what one layer introduces */
    stella_sv subject_name;                           /* what the user called it, without any absolute path */
    stella_sv subject_digest;                         /* of the manifest, of a layer; empty when there is none */
    stella_sv os, architecture, variant;              /* the platform; may be empty */
    stella_sv distro_id, distro_version, distro_name; /* from the operating system's identity; may be empty */
    int64_t created_ms;     /* since 1970: SOURCE_DATE_EPOCH, else the image's creation time, else -1 */
    stella_list layers;     /* stella_bom_layer, base first */
    stella_list components; /* stella_bom_component, ordered by ref */
    stella_list
        relations;      /* stella_bom_relation, ordered by from, to, kind; every component is reachable from the root */
    stella_list errors; /* stella_bom_error, ordered */
    stella_list plugins;  /* stella_bom_pair id, version: the analyzers that took part, ordered */
    stella_list counters; /* stella_bom_pair name, decimal value: files, bytes, unreadable files, ..., ordered */
    stella_sv subject_config_digest; /* of the image configuration; empty for a directory */
    stella_sv view;                  /* "inventory": everything; "usage": what an entrypoint reaches */
    stella_list entrypoints;         /* stella_bom_entrypoint, ordered by launcher */
    const stella_trace *trace;       /* what the image runs; NULL: that was not looked for, or cannot be asked */
} stella_bom;

STELLA_END_DECLS

#endif
