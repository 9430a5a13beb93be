/* stella/trace.h - what an image runs: the graph that leads from its entrypoint to the programs that really run, found
 * without running anything. Plain values; who owns them and how long they live is said where they are handed over.
 * Arrays are stella_list (stella/list.h): count and stride, walk them with STELLA_AT. */
#ifndef STELLA_TRACE_H
#define STELLA_TRACE_H

#include <stella/list.h>

STELLA_BEGIN_DECLS

/* Bits of stella_word.flags. */
#define STELLA_WORD_UNKNOWN 1u /* known to the running program only; the text is how it is written: "$JAVA_OPTS" */
#define STELLA_WORD_MANY    2u /* with UNKNOWN: any number of words, none among them */

/* One word of a command line, or the value of a variable. */
typedef struct stella_word {
    stella_sv text;
    uint32_t flags;
    uint32_t reserved;
} stella_word;

typedef struct stella_variable {
    stella_sv name;
    stella_word value;
} stella_variable;

/* A place in a file. Lines and columns count from 1, in bytes; 0: not known. */
typedef struct stella_span {
    stella_sv path; /* relative to the root; empty: no file says so (the image's configuration does) */
    uint32_t first_line, first_column, last_line, last_column;
} stella_span;

/* What a node is. */
#define STELLA_NODE_COMMAND          1 /* nothing but words: what they name was not found, or cannot be known */
#define STELLA_NODE_SCRIPT           2
#define STELLA_NODE_INCLUDE          3 /* a script that another one reads into itself */
#define STELLA_NODE_INTERPRETER      4 /* a program that runs a script, a module or an archive */
#define STELLA_NODE_EXECUTABLE       5
#define STELLA_NODE_RUN_PARTS        6 /* a directory whose scripts are run */
#define STELLA_NODE_RUN_PARTS_SCRIPT 7

/* How one node leads to the next. */
#define STELLA_STEP_RUN        1 /* a child that is waited for */
#define STELLA_STEP_MAIN       2 /* becomes what runs until the end: exec, or the last command */
#define STELLA_STEP_SERVICE    3 /* kept running beside others: a supervisor's program */
#define STELLA_STEP_BACKGROUND 4 /* a child that nobody waits for */
#define STELLA_STEP_INCLUDE    5

/* Why something cannot be known; the list is closed. */
#define STELLA_REASON_COMMAND_NOT_FOUND   1
#define STELLA_REASON_MISSING_FILE        2
#define STELLA_REASON_DYNAMIC_REFERENCE   3 /* depends on what only the running program knows */
#define STELLA_REASON_UNSUPPORTED_SYNTAX  4
#define STELLA_REASON_RECURSION_LIMIT     5
#define STELLA_REASON_INTERPRETER         6 /* no plugin knows what this interpreter does */
#define STELLA_REASON_MODULE_NOT_FOUND    7
#define STELLA_REASON_JAR_NOT_FOUND       8
#define STELLA_REASON_RUN_PARTS_EMPTY     9
#define STELLA_REASON_PERMISSION_DENIED   10
#define STELLA_REASON_CONTENT_UNAVAILABLE 11 /* the layer could not be read again, or the file is too large */
#define STELLA_REASON_NO_ENTRYPOINT       12 /* the image names nothing to run */
#define STELLA_REASON_LIMIT               13 /* more nodes or steps than are followed */
#define STELLA_REASON_COUNT               14

/* The word by which documents and metrics name a reason: "command-not-found"; "" for another number. */
stella_sv stella_reason_name(uint32_t reason);
stella_sv stella_node_kind_name(uint32_t kind); /* "script" */
stella_sv stella_step_name(uint32_t step);      /* "main" */

#define STELLA_BOM_NO_LAYER 0xffffffffu /* in place of a layer's index */

typedef struct stella_trace_node {
    uint32_t kind;       /* STELLA_NODE_* */
    uint32_t layer;      /* that carries the file, or STELLA_BOM_NO_LAYER */
    stella_sv name;      /* as it was called: "docker-entrypoint.sh" */
    stella_sv path;      /* of the file, links followed; empty for COMMAND */
    stella_list args;    /* stella_word; the first is the name by which it is called */
    stella_sv user;      /* empty: root */
    stella_sv language;  /* of an interpreter: "shell", "python", "node", "java", ...; else empty */
    stella_sv type;      /* of a terminal: "java", "dotnet", "go", "python", "node", "ruby", "php-fpm", "c/c++", "rust",
                           "nginx", "supervisor", "other", ...; empty: this is none */
    stella_sv main;      /* of a terminal: the script, module or archive it runs; may be empty */
    uint32_t confidence; /* of a terminal: percent */
    uint32_t is_possible; /* 1: whether it runs depends on what is not known */
    stella_list env;      /* stella_variable, ordered by name: what is known of its environment */
} stella_trace_node;

typedef struct stella_trace_edge {
    uint32_t from, to; /* indices of nodes */
    uint32_t step;     /* STELLA_STEP_* */
    uint32_t is_possible;
    stella_sv relation; /* what makes it so, a word: "exec", "shebang", "wrapper", "python-module", "applet" */
    stella_span span;
} stella_trace_edge;

/* A file that a node loads, as far as its plugin knows: a jar of the class path, a module. */
typedef struct stella_trace_use {
    uint32_t node;
    uint32_t reserved;
    stella_sv path;
    stella_sv how; /* a word: "class-path", "python-module", "needed" */
    stella_sv via; /* the file that asks for it; may be empty */
} stella_trace_use;

typedef struct stella_trace_diagnostic {
    uint32_t reason; /* STELLA_REASON_* */
    uint32_t node;
    stella_span span;
    stella_sv detail; /* what: a word as it is written, a path */
} stella_trace_diagnostic;

#define STELLA_TRACE_RESOLVED   1 /* every way that may be taken ends in a terminal */
#define STELLA_TRACE_PARTLY     2 /* some do */
#define STELLA_TRACE_UNRESOLVED 3 /* none does */

/* Node 0 is the image's entrypoint, unless there is none. */
typedef struct stella_trace {
    stella_abi_head head;
    uint32_t outcome; /* STELLA_TRACE_* */
    uint32_t reserved;
    stella_list nodes;       /* stella_trace_node, in the order of discovery */
    stella_list edges;       /* stella_trace_edge, by from, then in the order of discovery */
    stella_list uses;        /* stella_trace_use, ordered by node, path */
    stella_list diagnostics; /* stella_trace_diagnostic, by node, then in the order of discovery */
    stella_list terminals;   /* uint32_t: nodes, ascending */
} stella_trace;

STELLA_END_DECLS

#endif
