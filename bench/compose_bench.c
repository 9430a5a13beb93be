/* compose_bench.c - from what analyzers have stated to a document: 5,000 packages with 100,000 files merged, owned, ordered, related and
 * written as CycloneDX. The child's job "image.analyze" from the moment that its analyzer returns. */
#include "bench.h"

#include "plugins/scanner/engine/engine.h"

#include <stella/analyzer.h>
#include <stella/auto.h>
#include <stella/emitter.h>
#include <stella/job.h>

#include <sys/mman.h>
#include <unistd.h>

#define COMPONENTS 5000
#define RELATIONS  4 /* each depends on as many of those before it */
#define FILES      20
#define ROUNDS     15

static double stated_s; /* when the analyzer was done */

static void state_package(stella_analysis *job, uint32_t i, stella_component *const *before, stella_component **out) {
    char text[96];
    const stella_file file = {.struct_size = sizeof file, .path = STELLA_SV("var/lib/dpkg/status")};
    const stella_sv name =
        stella_sv_of(text, (size_t)snprintf(text, sizeof text, "package-%06u", i * 7919 % COMPONENTS));
    stella_component *c = stella_component_add(job, STELLA_SV("deb"), name, STELLA_SV("3.0.15-1~deb12u1"), 0);
    stella_component_set(c, STELLA_FIELD_NAMESPACE, STELLA_SV("debian"));
    stella_component_set(c, STELLA_FIELD_SOURCE_NAME, name);
    stella_component_set(c, STELLA_FIELD_MAINTAINER, STELLA_SV("Debian Team <pkg-team@alioth-lists.debian.net>"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, STELLA_SV("Secure Sockets Layer toolkit"));
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, STELLA_SV("https://www.openssl.org/"));
    stella_component_qualifier(c, STELLA_SV("arch"), STELLA_SV("amd64"));
    stella_component_qualifier(c, STELLA_SV("distro"), STELLA_SV("debian-12"));
    stella_component_license(c, STELLA_LICENSE_EXPRESSION, STELLA_SV("Apache-2.0"));
    stella_component_property(c, STELLA_SV("dpkg:section"), STELLA_SV("utils"));
    stella_component_evidence(c, &file, i + 1, STELLA_SV("package-database"));
    for (uint32_t k = 0; k < FILES; k++) {
        char path[96];
        const int len = snprintf(path, sizeof path, "usr/share/doc/%.*s/file-%u", STELLA_SV_FMT(name), k);
        const stella_owned owned = {.struct_size = sizeof owned, .path = stella_sv_of(path, (size_t)len)};
        stella_component_owns(c, &owned);
    }
    for (uint32_t k = 1; k <= RELATIONS && k * k <= i; k++)
        stella_relate(job, c, before[i - k * k], STELLA_RELATION_DEPENDS_ON, 0);
    *out = c;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    static stella_component *all[COMPONENTS];
    (void)self, (void)err;
    for (uint32_t i = 0; i < COMPONENTS; i++)
        state_package(job, i, all, &all[i]);
    stated_s = bench_now_s();
    return STELLA_OK;
}

static const stella_analyzer analyzer = {
    .head = STELLA_HEAD(stella_analyzer), .phase = STELLA_PHASE_PACKAGES, .analyze = analyze};

static int32_t peer(stella_job *job, const char *interface_id, uint32_t position, stella_peer *out) {
    (void)job;
    const int is_emitter = strcmp(interface_id, STELLA_EMITTER_INTERFACE) == 0;
    *out = (stella_peer){.struct_size = sizeof *out, .id = "org.example.bench", .version = "1", .digest = ""};
    out->interface = is_emitter ? stella_plugin.get_interface(STELLA_EMITTER_INTERFACE) : (const void *)&analyzer;
    return position == 0;
}

static void enter(stella_job *job, uint32_t slot, uint32_t plugin, stella_sv what) {
    (void)job, (void)slot, (void)plugin, (void)what;
}

static void leave(stella_job *job, uint32_t slot) {
    (void)job, (void)slot;
}

static stella_status reply(stella_job *job, stella_sv bytes, stella_error *err) {
    (void)job, (void)bytes, (void)err;
    return STELLA_OK;
}

static const stella_job_ops ops = {
    .head = STELLA_HEAD(stella_job_ops), .peer = peer, .enter = enter, .leave = leave, .reply = reply};

static double run_once(off_t *size) {
    STELLA_AUTO(stella_fd_closep) int out = memfd_create("out", MFD_CLOEXEC);
    const int32_t fds[] = {out};
    stella_job job = {
        .head = STELLA_HEAD(stella_job),
        .ops = &ops,
        .kind = STELLA_SV("image.analyze"),
        .request = STELLA_SV("{\"image\":{\"kind\":\"image\",\"name\":\"bench\"},\"subject\":\"bench\",\"round\":1,"
                             "\"layers\":[{\"missing\":true}],"
                             "\"outputs\":[{\"format\":\"cyclonedx-json\",\"fd\":0}]}"),
        .fds = fds,
        .fd_count = 1,
        .dir_fd = -1};
    stella_error err = {0};
    if (engine_analyze_job(&job, &err) != STELLA_OK) {
        fprintf(stderr, "image.analyze: %s\n", err.message);
        exit(1);
    }
    const double took_ms = (bench_now_s() - stated_s) * 1e3;
    *size = lseek(out, 0, SEEK_END);
    return took_ms;
}

int main(void) {
    double took_ms[ROUNDS];
    off_t size = 0;
    for (int i = 0; i < ROUNDS; i++)
        took_ms[i] = run_once(&size);
    if (size < COMPONENTS * 500) /* an analyzer that is refused contributes nothing, fast */
        return 1;
    bench_result("compose.cyclonedx-json.5000_components", bench_median(took_ms, ROUNDS), "ms", "< 50");
    return 0;
}
