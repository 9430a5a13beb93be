/* main.c - `stella`, the command line. */
#include "cli/cli.h"
#include "paths/streams.h"
#include "worker/supervisor.h"

#include <stdlib.h>
#include <unistd.h>

#define ARENA_BYTES ((uint64_t)1 << 30)

int main(int argc, char **argv) {
    streams_hold();
    supervisor_host_main(argc, argv); /* does not return when this is a host process */
    cli_context cli = {.out = stdout, .err = stderr, .is_terminal = isatty(STDOUT_FILENO)};
    const char *no_color = getenv("NO_COLOR");
    cli.is_colored = cli.is_terminal && !(no_color && no_color[0]);
    cli.arena = stella_arena_create(ARENA_BYTES);
    stella_error err = {.code = STELLA_E_NOMEM, .message = "out of memory"};
    if (!cli.arena || paths_find(&cli.paths, &err) != STELLA_OK) {
        fprintf(stderr, "stella: %s%s%s\n", err.path, err.path[0] ? ": " : "", err.message);
        return CLI_FAILED;
    }
    const int status = cli_run(&cli, argc, argv);
    stella_arena_destroy(cli.arena);
    return status;
}
