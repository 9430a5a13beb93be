/* index_file.h - a BOM-Index from outside: read by this process, which then shuts itself in before it looks at a byte.
 */
#ifndef CLI_INDEX_FILE_H
#define CLI_INDEX_FILE_H

#include "bom_index/bom_index.h"
#include "cli/cli.h"

/* Reads a file, "-" is standard input, of up to BOM_INDEX_BYTES_MAX.
 * out  set on success; the caller frees it
 * Returns STELLA_E_NOTFOUND, STELLA_E_DENIED, STELLA_E_IO, STELLA_E_LIMIT or STELLA_E_NOMEM. */
stella_status index_file_read(const char *file, stella_buf *out, stella_error *err);

/* From here on the process opens nothing, starts nothing, speaks to nobody and holds no capability: it writes to what
 * is open, and ends. [one thread] */
stella_status index_file_shut_in(stella_error *err);

/* bom_index_open, told with the file's name. Returns CLI_DONE or the exit status. */
int index_file_open(cli_context *cli, const char *file, const stella_buf *bytes, int refused, bom_index *out);

#endif
