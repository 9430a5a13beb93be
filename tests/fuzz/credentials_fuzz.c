/* config.json of docker and podman: credentials come of it, or a refusal that leaves the caller's alone. No helper is ever
 * started: the search path is empty. */
#include "plugins/scanner/driver/credentials.h"

#include <stella/auto.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void search_nothing_else(int fd) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    setenv("REGISTRY_AUTH_FILE", path, 1);
    setenv("PATH", "/nonexistent", 1);
    static const char *const others[] = {"HOME", "DOCKER_CONFIG", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        unsetenv(others[i]);
}

static void look_up(const char *domain, const char *repository) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const credentials untouched = {.username = STELLA_SV("before")};
    credentials found = untouched;
    stella_error err = {0};
    assert(arena);
    if (credentials_find(stella_sv_cstr(domain), stella_sv_cstr(repository), arena, &found, &err) != STELLA_OK) {
        assert(err.message[0] && found.username.ptr == untouched.username.ptr);
        return;
    }
    const int is_empty = !found.username.len && !found.password.len && !found.identity_token.len;
    assert(is_empty || found.password.len || found.identity_token.len || found.registry_token.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("config.json", MFD_CLOEXEC);
    if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size))
        return 0;
    search_nothing_else(fd);
    look_up("docker.io", "library/alpine");
    look_up("registry.example:5000", "team/app/server");
    return 0;
}
