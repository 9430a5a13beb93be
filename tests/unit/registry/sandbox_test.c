/* The source as it is at work: in a child of the connect host, under its sandbox, called by the connector. */
#include "unit/worker/fixture.h"

#include "registry_server.h"

#include <stella/json.h>

static bad_registry server;

static int start_server(void **state) {
    (void)state;
    return bad_registry_start(&server);
}

static int stop_server(void **state) {
    (void)state;
    return server_stop(&server.process);
}

static void add_plugin(catalogue *c, const char *id, const char *file, const char *provides) {
    char path[512];
    plugin_manifest *manifest = &c->manifests[c->count];
    catalogue_plugin *plugin = &c->plugins[c->count++];
    snprintf(path, sizeof path, "%s/plugin-objects/%s/%s", STELLA_BUILD_DIR, id, file);
    *manifest = (plugin_manifest){.id = strdup(id), .version = "0.1.0", .role = PLUGIN_ROLE_CONNECT};
    manifest->provides[manifest->provides_count++] = provides;
    *plugin = (catalogue_plugin){.manifest = manifest, .dir = "", .fd = sealed_copy(path)};
    snprintf(plugin->digest, sizeof plugin->digest, "sha256:%s", id);
}

static int start_supervisor(void **state) {
    catalogue *c = calloc(1, sizeof *c);
    assert_non_null(c);
    add_plugin(c, "org.stella-ops.scanner.connector", "connector.so", "stella.job/1");
    add_plugin(c, "org.stella-ops.source.registry", "source-registry.so", "stella.source/1");
    *state = supervise_catalogue(c, (supervisor_options){.plugin_ms = 20000});
    return 0;
}

static int stop_supervisor(void **state) {
    supervisor_destroy(*state);
    return 0;
}

/* access: JSON, which becomes a text in the request's JSON; layer: to be fetched, NULL for none */
static void write_request(stella_buf *out, const char *name, const char *access, const stella_json *layer) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "scheme", STELLA_SV("registry"));
    stella_json_member_str(&w, "name", stella_sv_cstr(name));
    stella_json_member_str(&w, "platform", STELLA_SV("linux/amd64"));
    stella_json_member_str(&w, "access", stella_sv_cstr(access));
    if (layer) {
        uint64_t size = 0;
        assert_true(stella_json_u64(stella_json_get(layer, "size"), &size));
        stella_json_member_u64(&w, "offset", 0);
        stella_json_member_u64(&w, "size", size);
        stella_json_key(&w, STELLA_SV("layer"));
        stella_json_write_value(&w, layer);
    }
    stella_json_end_object(&w);
    assert_int_equal(stella_json_finish(&w, NULL), STELLA_OK);
}

static stella_job_result open_remote(supervisor *s, const char *name, const char *access, char *reply, size_t room) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 16);
    write_request(&text, name, access, NULL);
    stella_job_request request = deed(text.ptr);
    request.role = "connect";
    request.kind = "remote.open";
    return do_job(s, &request, reply, room);
}

static void assert_opens(supervisor *s, const char *host, unsigned port, const char *repository, const char *access) {
    char name[128], reply[8192];
    snprintf(name, sizeof name, "%s:%u/%s", host, port, repository);
    const stella_job_result result = open_remote(s, name, access, reply, sizeof reply);
    if (result.end != STELLA_END_DONE)
        fail_msg("%s: end %u, signal %d: %s: %s", name, result.end, result.signal, result.error.path,
                 result.error.message);
    assert_non_null(strstr(reply, "\"createdBy\":\"RUN c\""));
}

static void an_image_is_resolved_by_address_and_by_name(void **state) {
    assert_opens(*state, "127.0.0.1", server.port, "nested", "");
    assert_opens(*state, "localhost", server.port, "nested", "");
}

static void an_image_is_resolved_over_tls_with_a_token(void **state) {
    char json[8192];
    assert_opens(*state, "127.0.0.1", server.tls_port, "token",
                 server_access(server.ca, json, sizeof json, "\"username\":\"reader\",\"password\":\"se:cret\","));
}

static void the_systems_authorities_are_asked_and_do_not_know_this_one(void **state) {
    char name[64], reply[64];
    snprintf(name, sizeof name, "127.0.0.1:%u/good", server.tls_port);
    const stella_job_result result = open_remote(*state, name, "", reply, sizeof reply);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_int_equal(result.error.code, STELLA_E_DENIED);
    assert_non_null(strstr(result.error.message, "not trusted"));
}

/* The second layer of the image; it is small enough to wait in the pipe. */
static void a_layer_arrives_through_the_pipe(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 16);
    char name[64], reply[8192], bytes[8192], digest[STELLA_DIGEST_TEXT_SIZE];
    const stella_json *image = NULL;
    int ends[2];
    snprintf(name, sizeof name, "127.0.0.1:%u/half", server.port); /* broken off, and gone on with */
    assert_int_equal(open_remote(*state, name, "", reply, sizeof reply).end, STELLA_END_DONE);
    assert_int_equal(stella_json_parse(stella_sv_cstr(reply), arena, &image, NULL), STELLA_OK);
    const stella_json *layer = stella_json_at(stella_json_get(image, "layers"), 1);
    write_request(&text, name, "", layer);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    stella_job_request request = deed(text.ptr);
    request.role = "connect";
    request.kind = "remote.fetch";
    request.fds = &ends[1];
    request.fd_count = 1;
    assert_int_equal(do_job(*state, &request, NULL, 0).end, STELLA_END_DONE);
    close(ends[1]);
    const ssize_t got = read(ends[0], bytes, sizeof bytes);
    close(ends[0]);
    assert_int_equal(got, 5000);
    stella_digest_of(stella_sv_of(bytes, (size_t)got), digest);
    assert_true(stella_sv_eq(stella_json_str(stella_json_get(layer, "digest")), stella_sv_cstr(digest)));
}

static void a_refusal_reaches_the_supervisor_as_it_is(void **state) {
    char name[64], reply[64];
    snprintf(name, sizeof name, "127.0.0.1:%u/status-404", server.port);
    const stella_job_result result = open_remote(*state, name, "", reply, sizeof reply);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_int_equal(result.error.code, STELLA_E_NOTFOUND);
    assert_non_null(strstr(result.error.path, "/status-404/manifests/latest"));
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_image_is_resolved_by_address_and_by_name, start_supervisor, stop_supervisor),
        cmocka_unit_test_setup_teardown(an_image_is_resolved_over_tls_with_a_token, start_supervisor, stop_supervisor),
        cmocka_unit_test_setup_teardown(the_systems_authorities_are_asked_and_do_not_know_this_one, start_supervisor,
                                        stop_supervisor),
        cmocka_unit_test_setup_teardown(a_layer_arrives_through_the_pipe, start_supervisor, stop_supervisor),
        cmocka_unit_test_setup_teardown(a_refusal_reaches_the_supervisor_as_it_is, start_supervisor, stop_supervisor)};
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
