/* stella/names.h - the packed listing of a directory that stella_job_list_names hands over.
 *
 * Used where the kernel cannot confine a job to a directory: the supervisor reads the directory and passes the listing
 * as a descriptor. First the directory itself, then its entries, one behind the other, little endian:
 *     u64 device, u64 file_system
 *     u32 kind, u32 mode, u32 uid, u32 gid, u64 size, u64 inode, u64 device, i64 mtime_ns,
 *         u32 name_len, u32 target_len, name, target
 * in the order of the directory. The reader takes nothing on trust: a listing is bytes like any other. */
#ifndef STELLA_NAMES_H
#define STELLA_NAMES_H

#include <stella/cursor.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

#define STELLA_NAMES_NAME_MAX   255        /* bytes of a name */
#define STELLA_NAMES_TARGET_MAX 4095       /* bytes of a link's target */
#define STELLA_NAMES_BYTES_MAX  (1u << 28) /* of a whole listing */

/* The directory that is listed: what a walk needs to know of it to leave out other file systems. */
typedef struct stella_names_dir {
    uint64_t device;
    uint64_t file_system; /* its magic number (statfs), 0 when unknown */
} stella_names_dir;

typedef struct stella_name_entry {
    uint32_t kind; /* STELLA_FILE_* (stella/file.h) */
    uint32_t mode; /* permission bits, 07777 */
    uint32_t uid, gid;
    uint64_t size, inode, device;
    int64_t mtime_ns; /* since 1970 */
    stella_sv name;   /* one component: never empty, ".", "..", nor with a slash or NUL */
    stella_sv target; /* of a symbolic link, as written; else empty */
} stella_name_entry;

/* Takes the directory off the listing, before its entries. Returns 0, with listing->ok 0, when it is malformed. [any
 * thread] */
int stella_names_begin(stella_cursor *listing, stella_names_dir *out);

/* Takes the next entry off the listing. Returns 0 at its end and, with listing->ok 0, when it is malformed. Views
 * borrow from the listing. [any thread] */
int stella_names_next(stella_cursor *listing, stella_name_entry *out);

/* Begins a listing. */
stella_status stella_names_start(stella_buf *listing, const stella_names_dir *dir);

/* Adds an entry to a listing; what stella_names_next would refuse is STELLA_E_INVALID. */
stella_status stella_names_add(stella_buf *listing, const stella_name_entry *entry);

STELLA_END_DECLS

#endif
