/* rpm_bench.c - 500 packages from the bytes of their database to components: what the probe and the analysis of this plugin
 * take. A package is like the average one of a CentOS 8 image. With a database as argument, also what that one takes. */
#include "bench.h"

#include "plugins/scanner/analyzers/os/rpm/analyze.h"
#include "plugins/scanner/analyzers/os/rpm/header_write.h"
#include "plugins/scanner/analyzers/os/rpm/package.h"
#include "plugins/scanner/analyzers/os/rpm/tags.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKAGES     500
#define FILES        100
#define PROVIDES     10
#define REQUIRES     20
#define CHANGES      390 /* entries of the changelog, of 55 bytes */
#define CVES         3   /* that they name */
#define ROUNDS       9
#define SLOT_PAGES   2
#define DATABASE_MAX ((size_t)256 << 20)
#define PATH         "usr/lib/sysimage/rpm/Packages.db"

/* ---- a database ---- */

static void add_strings(header_writer *w, uint32_t tag, stella_buf *texts, uint32_t count) {
    header_writer_value(w, tag,
                        &(header_value){.type = TYPE_STRING_ARRAY, .count = count, .bytes = stella_buf_sv(texts)});
    texts->len = 0;
}

static void add_numbers(header_writer *w, uint32_t tag, uint32_t value, uint32_t count) {
    STELLA_AUTO(stella_buf_fini) stella_buf numbers = stella_buf_of(1u << 20);
    for (uint32_t i = 0; i < count; i++) /* big-endian, and small */
        stella_buf_add(&numbers, stella_sv_of((char[]){0, 0, (char)(value >> 8), (char)value}, 4));
    header_writer_value(w, tag, &(header_value){.type = TYPE_INT32, .count = count, .bytes = stella_buf_sv(&numbers)});
}

static void add_files(header_writer *w, stella_buf *texts, uint32_t package) {
    for (uint32_t i = 0; i < FILES; i++)
        stella_buf_printf(texts, "some-file-%u-%u.so%c", package, i, 0);
    add_strings(w, TAG_BASENAMES, texts, FILES);
    for (uint32_t i = 0; i < FILES; i++)
        stella_buf_printf(texts, "%056x%08x%c", package, i, 0);
    add_strings(w, TAG_FILE_DIGESTS, texts, FILES);
    stella_buf_printf(texts, "/usr/lib64/package-%u/%c", package, 0);
    add_strings(w, TAG_DIRNAMES, texts, 1);
    add_numbers(w, TAG_DIR_INDEXES, 0, FILES);
    add_numbers(w, TAG_FILE_FLAGS, 0, FILES);
    header_writer_number(w, TAG_FILE_DIGEST_ALGO, 8);
}

static void add_dependencies(header_writer *w, stella_buf *texts, uint32_t package) {
    for (uint32_t i = 0; i < PROVIDES; i++)
        stella_buf_printf(texts, "libpackage%u.so.%u()(64bit)%c", package, i, 0);
    add_strings(w, TAG_PROVIDE_NAME, texts, PROVIDES);
    for (uint32_t i = 0; i < REQUIRES; i++)
        stella_buf_printf(texts, "libpackage%u.so.%u()(64bit)%c", (package * 7 + i * 13) % PACKAGES, i % PROVIDES, 0);
    add_strings(w, TAG_REQUIRE_NAME, texts, REQUIRES);
    for (uint32_t i = 0; i < CHANGES; i++)
        stella_buf_printf(texts,
                          i < CVES ? "- Fix a way to read behind the end (CVE-2023-%05u)     %c"
                                   : "- Rebuilt, with a patch of upstream for bug %05u        %c",
                          1000 + i, 0);
    add_strings(w, TAG_CHANGELOG_TEXT, texts, CHANGES);
}

static void make_header(uint32_t package, stella_buf *out) {
    STELLA_AUTO(header_writer_fini) header_writer w;
    STELLA_AUTO(stella_buf_fini) stella_buf texts = stella_buf_of(1u << 20);
    char name[32];
    snprintf(name, sizeof name, "package-%u", package);
    header_writer_init(&w, 1u << 20);
    header_writer_text(&w, TAG_NAME, stella_sv_cstr(name));
    header_writer_text(&w, TAG_VERSION, STELLA_SV("1.2.3"));
    header_writer_text(&w, TAG_RELEASE, STELLA_SV("4.el9"));
    header_writer_text(&w, TAG_ARCH, STELLA_SV("x86_64"));
    header_writer_text(&w, TAG_LICENSE, STELLA_SV("GPLv2+ and LGPLv2+ and MIT"));
    header_writer_text(&w, TAG_SOURCE_RPM, STELLA_SV("package-1.2.3-4.el9.src.rpm"));
    add_files(&w, &texts, package);
    add_dependencies(&w, &texts, package);
    if (header_writer_finish(&w, out) != STELLA_OK)
        exit(1);
}

static uint32_t adler32(stella_sv bytes) {
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        a = (a + (unsigned char)bytes.ptr[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static void add_blob(stella_buf *blobs, uint32_t number, stella_sv block) {
    const size_t begin = blobs->len;
    stella_buf_add(blobs, STELLA_SV("BlbS"));
    stella_buf_u32le(blobs, number);
    stella_buf_u32le(blobs, 1);
    stella_buf_u32le(blobs, (uint32_t)block.len);
    stella_buf_add(blobs, block);
    while ((blobs->len + 12) % 16)
        stella_buf_u8(blobs, 0);
    stella_buf_u32le(blobs, adler32(stella_sv_skip(stella_buf_sv(blobs), begin)));
    stella_buf_u32le(blobs, (uint32_t)block.len);
    stella_buf_add(blobs, STELLA_SV("BlbE"));
}

static void add_slot(stella_buf *out, uint32_t number, size_t offset, size_t bytes) {
    stella_buf_add(out, STELLA_SV("Slot"));
    stella_buf_u32le(out, number);
    stella_buf_u32le(out, (uint32_t)(offset / 16));
    stella_buf_u32le(out, (uint32_t)(bytes / 16));
}

static stella_buf make_database(void) {
    stella_buf out = stella_buf_of(DATABASE_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf blobs = stella_buf_of(DATABASE_MAX);
    stella_buf_add(&out, STELLA_SV("RpmP\0\0\0\0\1\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    for (uint32_t i = 0; i < SLOT_PAGES * 256 - 2; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf block = stella_buf_of(1u << 20);
        const size_t begin = blobs.len;
        if (i < PACKAGES) {
            make_header(i, &block);
            add_blob(&blobs, i + 1, stella_buf_sv(&block));
        }
        add_slot(&out, i < PACKAGES ? i + 1 : 0, SLOT_PAGES * 4096 + begin, blobs.len - begin);
    }
    stella_buf_add(&out, stella_buf_sv(&blobs));
    return out;
}

/* ---- a host that does nothing with what it is told ---- */

typedef struct host {
    stella_analysis job; /* first: the ops find the host by it */
    stella_arena *records_arena;
    stella_record *records;
    uint32_t count, files, relations;
} host;

static host *current; /* components know no job */

static stella_status take_record(void *self, stella_sv key, stella_sv bytes, stella_error *err) {
    host *h = self;
    (void)err;
    h->records[h->count++] = (stella_record){.struct_size = sizeof(stella_record),
                                             .kind = STELLA_SV(PACKAGE_RECORD),
                                             .key = stella_arena_dup(h->records_arena, key),
                                             .bytes = stella_arena_dup(h->records_arena, bytes),
                                             .path = STELLA_SV(PATH)};
    return STELLA_OK;
}

static void tell_note(void *self, uint32_t severity, uint32_t line, stella_sv message) {
    (void)self;
    fprintf(stderr, "severity %u, line %u: %.*s\n", severity, line, STELLA_SV_FMT(message));
}

static int32_t records_next(stella_analysis *job, stella_records *it, stella_record *out) {
    const host *h = (const host *)job;
    if (it->published || it->position >= h->count)
        return 0;
    *out = h->records[it->position++];
    return 1;
}

static int32_t files_next(stella_analysis *job, stella_files *it, stella_file *out) {
    (void)job, (void)it, (void)out;
    return 0;
}

static stella_status view_none(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    (void)job, (void)path, (void)out, (void)err;
    return STELLA_E_NOTFOUND;
}

static void c_set(stella_component *c, uint32_t field, stella_sv value) {
    (void)c, (void)field, (void)value;
}
static void c_pair(stella_component *c, stella_sv key, stella_sv value) {
    (void)c, (void)key, (void)value;
}
static void c_evidence(stella_component *c, const stella_file *file, uint32_t line, stella_sv method) {
    (void)c, (void)file, (void)line, (void)method;
}
static void c_owns(stella_component *c, const stella_owned *file) {
    (void)c, (void)file;
    current->files++;
}
static void c_introduced(stella_component *c, uint32_t layer) {
    (void)c, (void)layer;
}

static stella_component *component_add(stella_analysis *job, stella_sv type, stella_sv name, stella_sv version,
                                       uint32_t flags) {
    static const stella_component_ops ops = {.head = STELLA_HEAD(stella_component_ops),
                                             .set = c_set,
                                             .qualifier = c_pair,
                                             .license = c_set,
                                             .evidence = c_evidence,
                                             .owns = c_owns,
                                             .property = c_pair,
                                             .introduced = c_introduced};
    stella_component *c = stella_arena_alloc(job->arena, 1, sizeof *c);
    (void)type, (void)name, (void)version, (void)flags;
    if (!c)
        exit(1);
    *c = (stella_component){.head = STELLA_HEAD(stella_component), .ops = &ops};
    return c;
}

static void relate(stella_analysis *job, stella_component *from, stella_component *to, uint32_t kind, uint32_t flags) {
    (void)from, (void)to, (void)kind, (void)flags;
    ((host *)job)->relations++;
}

static void note(stella_analysis *job, uint32_t severity, stella_sv path, uint32_t line, stella_sv message) {
    (void)path;
    tell_note(job, severity, line, message);
}

static int32_t cancelled(stella_analysis *job) {
    (void)job;
    return 0;
}

static const stella_analysis_ops ops = {.head = STELLA_HEAD(stella_analysis_ops),
                                        .files_next = files_next,
                                        .records_next = records_next,
                                        .view_stat = view_none,
                                        .view_read = view_none,
                                        .component_add = component_add,
                                        .relate = relate,
                                        .note = note,
                                        .cancelled = cancelled};

/* ---- measuring ---- */

static void probe(host *h, stella_sv database) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    package_sink sink = {.self = h, .record = take_record, .note = tell_note, .path = STELLA_SV(PATH)};
    stella_error err = {0};
    h->count = 0;
    stella_arena_reset(h->records_arena);
    if (!arena || package_read_database(&sink, database, (stella_sv){0}, arena, &err) != STELLA_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
}

static void analyze(host *h) {
    stella_error err = {0};
    h->files = h->relations = 0;
    stella_arena_reset(h->job.arena);
    if (rpm_analyze(NULL, &h->job, &err) != STELLA_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
}

static void measure(host *h, stella_sv database, const char *what, const char *goal) {
    double probe_s[ROUNDS], analyze_s[ROUNDS];
    char name[64];
    for (int i = 0; i < ROUNDS; i++) {
        const double start = bench_now_s();
        probe(h, database);
        probe_s[i] = bench_now_s() - start;
        analyze(h);
        analyze_s[i] = bench_now_s() - start - probe_s[i];
    }
    const double probe_ms = bench_median(probe_s, ROUNDS) * 1e3, analyze_ms = bench_median(analyze_s, ROUNDS) * 1e3;
    const struct {
        const char *name;
        double value;
        const char *unit, *goal;
    } lines[] = {{"both", probe_ms + analyze_ms, "ms", goal},  {"probe", probe_ms, "ms", "-"},
                 {"analyze", analyze_ms, "ms", "-"},           {"database", (double)database.len / 1e6, "MB", "-"},
                 {"packages", h->count, "packages", "-"},      {"files", h->files, "files", "-"},
                 {"relations", h->relations, "relations", "-"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        snprintf(name, sizeof name, "rpm.%s_%s", what, lines[i].name);
        bench_result(name, lines[i].value, lines[i].unit, lines[i].goal);
    }
}

static int measure_file(host *h, const char *path) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
        return 0;
    void *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return 0;
    measure(h, stella_sv_of(bytes, (size_t)st.st_size), "file", "-");
    munmap(bytes, (size_t)st.st_size);
    return 1;
}

int main(int argc, char **argv) {
    STELLA_AUTO(stella_buf_fini) stella_buf database = make_database();
    STELLA_AUTO(stella_arena_destroyp) stella_arena *records = stella_arena_create(DATABASE_MAX);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *plugin = stella_arena_create(DATABASE_MAX);
    static stella_record room[100000];
    host h = {.job = {.head = STELLA_HEAD(stella_analysis), .ops = &ops, .arena = plugin, .layer_count = 1},
              .records_arena = records,
              .records = room};
    struct rusage usage;
    current = &h;
    measure(&h, stella_buf_sv(&database), "500_packages", "< 10");
    getrusage(RUSAGE_SELF, &usage);
    bench_result("rpm.peak_memory", (double)usage.ru_maxrss / 1e3, "MB", "-");
    if (argc > 1 && !measure_file(&h, argv[1])) {
        fprintf(stderr, "%s cannot be read\n", argv[1]);
        return 1;
    }
    return 0;
}
