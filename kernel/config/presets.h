/* presets.h - the defaults that depend on where the program is installed and who runs it. */
#ifndef KERNEL_CONFIG_PRESETS_H
#define KERNEL_CONFIG_PRESETS_H

#include "config/conf.h"
#include "paths/paths.h"

#define CONF_PRESETS_MAX 8

typedef struct conf_presets {
    char file[PATHS_BYTES + 32], dir[PATHS_BYTES + 32]; /* stella.conf and conf.d */
    char socket[PATHS_BYTES + 32], events[PATHS_BYTES + 32];
    conf_preset list[CONF_PRESETS_MAX];
    uint32_t count;
} conf_presets;

/* file         what --config said, or NULL: <etc>/stella.conf
 * state_dir    what --state-dir said, or NULL; borrowed, as is installed
 * runtime_dir  $XDG_RUNTIME_DIR of somebody who is not root, or NULL: where the sockets are when the installation's own
 *              are below /run */
void conf_presets_of(const paths *installed, const char *file, const char *state_dir, const char *runtime_dir,
                     conf_presets *out);

/* What conf_load takes; borrows presets. */
conf_source conf_presets_source(const conf_presets *presets, int file_required);

/* runtime_dir for this process. */
const char *conf_runtime_dir(void);

#endif
