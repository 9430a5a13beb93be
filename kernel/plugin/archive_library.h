/* archive_library.h - libarchive, loaded when the first plugin archive is read or written.
 *
 * Debian's libarchive brings fourteen libraries with it, ICU and libstdc++ among them: loading them took more than half
 * of the start of a program that reads no archive, which is nearly every start, each host's included. */
#ifndef KERNEL_PLUGIN_ARCHIVE_LIBRARY_H
#define KERNEL_PLUGIN_ARCHIVE_LIBRARY_H

#include <stella/error.h>

#include <archive.h>
#include <archive_entry.h>

/* X(name) for each function of libarchive that is used; member `name` of archive_library is archive_NAME. */
#define ARCHIVE_FUNCTIONS(X)                                                                                           \
    X(entry_filetype)                                                                                                  \
    X(entry_free)                                                                                                      \
    X(entry_hardlink)                                                                                                  \
    X(entry_new)                                                                                                       \
    X(entry_pathname)                                                                                                  \
    X(entry_set_filetype)                                                                                              \
    X(entry_set_mtime)                                                                                                 \
    X(entry_set_pathname)                                                                                              \
    X(entry_set_perm)                                                                                                  \
    X(entry_set_size)                                                                                                  \
    X(entry_size)                                                                                                      \
    X(entry_symlink)                                                                                                   \
    X(error_string)                                                                                                    \
    X(read_data)                                                                                                       \
    X(read_free)                                                                                                       \
    X(read_new)                                                                                                        \
    X(read_next_header)                                                                                                \
    X(read_open_filename)                                                                                              \
    X(read_support_format_tar)                                                                                         \
    X(write_close)                                                                                                     \
    X(write_data)                                                                                                      \
    X(write_free)                                                                                                      \
    X(write_header)                                                                                                    \
    X(write_new)                                                                                                       \
    X(write_open)                                                                                                      \
    X(write_set_bytes_per_block)                                                                                       \
    X(write_set_format_ustar)

typedef struct archive_library {
#define ARCHIVE_MEMBER(name) __typeof__(archive_##name) *name;
    ARCHIVE_FUNCTIONS(ARCHIVE_MEMBER)
#undef ARCHIVE_MEMBER
} archive_library;

/* The library, which stays loaded until the process ends.
 * out  set on success; lives as long as the process
 * Returns STELLA_E_UNSUPPORTED when it is not installed, or lacks a function. [any thread] */
stella_status archive_library_open(const archive_library **out, stella_error *err);

#endif
