/* output.h - where results of a verb go: files by write-and-rename, standard output last. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/cli.h"

#define OUTPUTS_MAX 6 /* of -o */

/* One "-o FORMAT[@VERSION][=FILE]". The result is written to fd first; nobody sees it before output_publish. */
typedef struct output {
    const char *format; /* with the version */
    const char *file;   /* as given; NULL: standard output */
    char *path;         /* owned: file with its directory's symbolic links resolved; NULL for standard output */
    int is_stream;      /* a device or pipe: written to, never replaced */
    int dir_fd;         /* directory of the file, or -1 */
    int fd;             /* a file without a name, or -1 */
    const char *view;   /* "inventory" or "usage"; NULL: what the verb's options say */
    int is_optional;    /* stays empty when there can be none */
} output;

/* Reads "FORMAT[@VERSION]" or "FORMAT[@VERSION]=FILE" ("-" is standard output) and makes sure that the file can be written: now, not after
 * the work.
 * out  set on success; the caller ends it with output_fini
 * Returns STELLA_E_INVALID for a bad argument, STELLA_E_IO or STELLA_E_DENIED for a file that cannot be written. */
stella_status output_open(cli_context *cli, const char *argument, output *out, stella_error *err);

/* Whether both would end up as one file, under whatever names of its directory. Streams may be shared. */
int output_is_same(const output *a, const output *b);

/* Puts the result where it belongs: synced and renamed, or copied to the stream. A file appears whole or not at all. */
stella_status output_publish(output *o, stella_error *err);

/* In place of publishing: a file of an earlier time goes. */
stella_status output_withdraw(output *o, stella_error *err);
void output_fini(output *o);

#endif
