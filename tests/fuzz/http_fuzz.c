/* Input: a method, a space, a path. Property: what a route is given holds no control character and no dot segment. */
#include "http/router.h"

#include <stella/auto.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static stella_status handler(void *context, const stella_http_request *request, stella_http_response *response,
                             stella_error *err) {
    (void)context;
    (void)request;
    (void)response;
    return stella_error_set(err, STELLA_E_INTERNAL, NULL, "never called");
}

static void must(int holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static router routes;
    if (routes.count == 0) {
        must(router_add(&routes, "GET", "/a/{x}/c", 0, handler, NULL, NULL) == STELLA_OK);
        must(router_add(&routes, "POST", "/a/{x}", 0, handler, NULL, NULL) == STELLA_OK);
        must(router_add(&routes, "GET", "/{x}", 0, handler, NULL, NULL) == STELLA_OK);
    }
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 16);
    stella_sv path = stella_sv_of((const char *)data, size), method = {0};
    stella_sv_split(&path, ' ', &method);
    router_match match = {0};
    stella_error err = {0};
    if (router_find(&routes, method, path, arena, &match, &err) != STELLA_OK) {
        must(err.message[0] != '\0');
        return 0;
    }
    const stella_sv x = router_param(&match, "x");
    must(x.len > 0 && !stella_sv_eq(x, STELLA_SV("..")) && !stella_sv_eq(x, STELLA_SV(".")));
    for (size_t i = 0; i < x.len; i++)
        must((unsigned char)x.ptr[i] >= 0x20 && x.ptr[i] != 0x7f);
    return 0;
}
