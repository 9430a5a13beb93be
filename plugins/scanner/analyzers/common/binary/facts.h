/* facts.h - what a program or library says of itself, as the phase of binaries publishes it of each ELF file of the tree,
 * whoever owns it, for later phases: kind BINARY_FACTS_KIND, the key is the path of the file relative to the root.
 *
 * The bytes: one byte BINARY_FACTS_FORMAT; the numbers in the order of the structure as unsigned LEB128; then the texts in
 * that order, each as a LEB128 length and that many bytes. Bytes behind them belong to later formats. */
#ifndef BINARY_FACTS_H
#define BINARY_FACTS_H

#include <stella/sink.h>

#define BINARY_FACTS_KIND   "stella.elf/1"
#define BINARY_FACTS_FORMAT 1
#define BINARY_FACTS_MAX    ((size_t)1 << 20) /* bytes of a record */

/* Bits of hardening. */
#define BINARY_HARDENED_PIE       1u  /* the program may be anywhere in memory */
#define BINARY_HARDENED_RELRO     2u  /* some of what relocations write is then read-only */
#define BINARY_HARDENED_BIND_NOW  4u  /* with RELRO: all of it ("full") */
#define BINARY_HARDENED_NX        8u  /* the stack is not executable */
#define BINARY_HARDENED_PROTECTOR 16u /* it uses the stack protector */
#define BINARY_HARDENED_FORTIFY   32u /* it uses checked functions of the C library */

/* Texts borrow from the file or the record. Those that there are not are empty. */
typedef struct binary_facts {
    uint32_t format;  /* BINARY_* of binary.h */
    uint32_t type;    /* ELF_TYPE_*, for PE and Mach-O too */
    uint32_t machine; /* as the format numbers them */
    uint32_t bits;    /* 32 or 64 */
    uint32_t hardening;
    uint32_t is_nameless; /* 1: nothing in it tells which software it is */
    stella_sv soname;
    stella_sv interpreter;
    stella_sv rpath;
    stella_sv runpath;
    stella_sv build_id; /* hex */
    stella_sv compiler; /* the first of .comment */
    stella_sv package;  /* JSON of .note.package */
    stella_sv needed;   /* names of libraries, a NUL between two */
    stella_sv
        mentions;     /* names and paths of libraries among its constants, a NUL between two: what it may load while it
                           runs. Empty when it calls nothing that does so */
    stella_sv sha256; /* of the file, hex; only of nameless files, and not of those where distributions put theirs */
} binary_facts;

/* Adds the record's bytes. Returns the status of the buffer. [any thread] */
stella_status binary_facts_encode(const binary_facts *facts, stella_buf *out);

/* out  set on success; texts borrow from bytes
 * Returns STELLA_E_FORMAT. [any thread] */
stella_status binary_facts_decode(stella_sv bytes, binary_facts *out, stella_error *err);

#endif
