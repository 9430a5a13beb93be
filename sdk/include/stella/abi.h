/* stella/abi.h - what every structure that crosses the plugin boundary has in common.
 *
 * Rules of the boundary (docs/sdk/abi.md tells why):
 *  - Structures that begin with a stella_abi_head grow at the end only. Whoever writes one writes at most
 * head.struct_size bytes of it; whoever reads one takes what is missing as zero.
 *  - Arrays cross as pointer, count and stride, so that their elements may grow too.
 *  - stella_sv, stella_error and stella_abi_head never change.
 *  - No enum, bool, off_t, FILE, errno or locale crosses. */
#ifndef STELLA_ABI_H
#define STELLA_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define STELLA_BEGIN_DECLS extern "C" {
#define STELLA_END_DECLS   }
#else
#define STELLA_BEGIN_DECLS
#define STELLA_END_DECLS
#endif

/* A plugin is loaded by a host of the same major whose minor is not older. */
#define STELLA_ABI_MAJOR 1
#define STELLA_ABI_MINOR 0

typedef struct stella_abi_head {
    uint32_t struct_size; /* sizeof the whole structure in its owner's build, bytes */
    uint16_t major;       /* STELLA_ABI_MAJOR of that build */
    uint16_t minor;       /* STELLA_ABI_MINOR of that build */
} stella_abi_head;

/* The head of a structure of this type, for initialisers: .head = STELLA_HEAD(stella_analyzer) */
#ifdef __cplusplus
#define STELLA_HEAD(type)                                                                                              \
    { (uint32_t)sizeof(type), STELLA_ABI_MAJOR, STELLA_ABI_MINOR }
#else
#define STELLA_HEAD(type)                                                                                              \
    { .struct_size = (uint32_t)sizeof(type), .major = STELLA_ABI_MAJOR, .minor = STELLA_ABI_MINOR }
#endif

/* Whether the structure at ptr, of the given type, is long enough in its owner's build to hold the member. */
#define STELLA_HAS(ptr, type, member) ((ptr)->head.struct_size >= offsetof(type, member) + sizeof(((type *)0)->member))

#define STELLA_EXPORT                      __attribute__((visibility("default")))
#define STELLA_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

#endif
