#include "package.h"

#include "database.h"
#include "interests.h"
#include "tags.h"

#include "common/cve.h"

#include <stella/auto.h>

/* What the analysis reads; the rest of a header (scripts, triggers, texts) stays behind. */
static const uint32_t wanted[] = {
    TAG_NAME,          TAG_EPOCH,         TAG_VERSION,         TAG_RELEASE,       TAG_ARCH,
    TAG_SOURCE_RPM,    TAG_LICENSE,       TAG_VENDOR,          TAG_PACKAGER,      TAG_URL,
    TAG_SUMMARY,       TAG_SIZE,          TAG_LONG_SIZE,       TAG_BUILD_TIME,    TAG_MODULARITY_LABEL,
    TAG_SIG_PGP,       TAG_SIG_GPG,       TAG_RSA_HEADER,      TAG_DSA_HEADER,    TAG_SIG_MD5,
    TAG_SHA256_HEADER, TAG_SHA1_HEADER,   TAG_PROVIDE_NAME,    TAG_PROVIDE_FLAGS, TAG_PROVIDE_VERSION,
    TAG_REQUIRE_NAME,  TAG_REQUIRE_FLAGS, TAG_REQUIRE_VERSION,
};
static const uint32_t wanted_of_files[] = {
    TAG_BASENAMES,  TAG_DIRNAMES,     TAG_DIR_INDEXES, TAG_OLD_FILENAMES,    TAG_FILE_STATES,
    TAG_FILE_MODES, TAG_FILE_DIGESTS, TAG_FILE_FLAGS,  TAG_FILE_DIGEST_ALGO,
};

void package_note(package_sink *sink, uint32_t severity, uint32_t line, const char *message) {
    if (sink->notes < PACKAGE_NOTES_MAX)
        sink->note(sink->self, severity, line, stella_sv_cstr(message));
    else if (sink->notes == PACKAGE_NOTES_MAX)
        sink->note(sink->self, STELLA_NOTE_ERROR, 0, STELLA_SV("more of this file could not be read"));
    sink->notes += sink->notes <= PACKAGE_NOTES_MAX;
}

/* Printable UTF-8 without blanks or slashes: fit for a purl, a terminal and a key. */
static int is_word(stella_sv text) {
    if (text.len == 0 || text.len > PACKAGE_WORD_MAX)
        return 0;
    while (text.len) {
        const size_t len = stella_sv_utf8(text);
        if (len == 0 || (len == 1 && ((unsigned char)text.ptr[0] <= ' ' || text.ptr[0] == 0x7f || text.ptr[0] == '/')))
            return 0;
        text = stella_sv_skip(text, len);
    }
    return 1;
}

const char *package_problem(const header *h) {
    const stella_sv arch = header_text(h, TAG_ARCH);
    if (!is_word(header_text(h, TAG_NAME)))
        return "a package without a valid name was skipped";
    if (!is_word(header_text(h, TAG_VERSION)) || !is_word(header_text(h, TAG_RELEASE)))
        return "a package without a valid version or release was skipped";
    return arch.len && !is_word(arch) ? "a package without a valid architecture was skipped" : NULL;
}

int package_find_root(stella_sv path, stella_sv *root) {
    static const stella_sv folders[] = {STELLA_SV_INIT(DIR_VAR "/"), STELLA_SV_INIT(DIR_SYSIMAGE "/"),
                                        STELLA_SV_INIT(DIR_SHARE "/"), STELLA_SV_INIT(DIR_MANIFEST "/")};
    const size_t slash = stella_sv_rfind(path, '/');
    const stella_sv folder = stella_sv_first(path, slash < path.len ? slash + 1 : 0);
    for (uint32_t i = 0; i < STELLA_COUNT(folders); i++) {
        const stella_sv found = stella_sv_first(path, folder.len - folders[i].len);
        if (!stella_sv_ends(folder, folders[i]) || (found.len && found.ptr[found.len - 1] != '/'))
            continue;
        if (root)
            *root = found;
        return 1;
    }
    return 0;
}

static stella_status make_key(const package_sink *sink, const header *h, stella_buf *key) {
    uint64_t epoch = 0;
    stella_sv root = {0};
    (void)package_find_root(sink->path, &root);
    (void)stella_buf_add(key, root);
    (void)stella_buf_add(key, root.len ? STELLA_SV(":") : STELLA_SV(""));
    (void)stella_buf_printf(key, "%.*s-", STELLA_SV_FMT(header_text(h, TAG_NAME)));
    if (header_number(h, TAG_EPOCH, &epoch))
        (void)stella_buf_printf(key, "%llu:", (unsigned long long)epoch);
    return stella_buf_printf(key, "%.*s-%.*s.%.*s", STELLA_SV_FMT(header_text(h, TAG_VERSION)),
                             STELLA_SV_FMT(header_text(h, TAG_RELEASE)), STELLA_SV_FMT(header_text(h, TAG_ARCH)));
}

stella_status package_emit(package_sink *sink, header_writer *w, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(PACKAGE_RECORD_MAX + (64u << 10));
    STELLA_AUTO(stella_buf_fini) stella_buf key = stella_buf_of(4096);
    header h;
    stella_status status = header_writer_finish(w, &bytes);
    if (status == STELLA_OK)
        status = header_parse(stella_buf_sv(&bytes), &h, err);
    if (status == STELLA_OK)
        status = make_key(sink, &h, &key);
    if (status == STELLA_E_LIMIT) {
        package_note(sink, STELLA_NOTE_ERROR, 0, "a package whose path or description is too long was skipped");
        return STELLA_OK;
    }
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for the record of a package");
    return sink->record(sink->self, stella_buf_sv(&key), stella_buf_sv(&bytes), err);
}

static void add_wanted(header_writer *w, const header *h, const uint32_t *tags, size_t count) {
    for (size_t i = 0; i < count; i++) {
        header_value value;
        if (header_find(h, tags[i], &value))
            header_writer_value(w, tags[i], &value);
    }
}

/* All entries at once: the NUL between two of them keeps ids apart. */
static stella_status add_cves(package_sink *sink, header_writer *w, const header *h) {
    STELLA_AUTO(cve_set_fini) cve_set set = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(PACKAGE_CVES_MAX);
    stella_status status = cve_set_scan(&set, header_region(h, TAG_CHANGELOG_TEXT));
    if (status == STELLA_OK)
        status = cve_set_finish(&set);
    if (status == STELLA_OK && set.count)
        status = cve_set_encode(&set, &bytes);
    if (status != STELLA_OK)
        return status;
    if (set.is_full)
        package_note(sink, STELLA_NOTE_INFO, 0, "a changelog names more than 20000 CVE ids: the rest was left out");
    if (bytes.len)
        header_writer_value(
            w, TAG_OWN_CVES,
            &(header_value){.type = TYPE_BIN, .count = (uint32_t)bytes.len, .bytes = stella_buf_sv(&bytes)});
    return STELLA_OK;
}

typedef struct reading {
    package_sink *sink;
    uint32_t backend;
    int has_header;     /* one that could be read, whatever it describes */
    stella_error first; /* damage */
} reading;

static void take_damage(void *self, const stella_error *damage) {
    reading *r = self;
    if (!r->first.code)
        r->first = *damage;
    package_note(r->sink, STELLA_NOTE_ERROR, 0, damage->message);
}

/* Files that would make the record too large are left out, which is said. */
static uint64_t size_of(const header *h, const uint32_t *tags, size_t count) {
    uint64_t bytes = 0;
    header_value value;
    for (size_t i = 0; i < count; i++)
        bytes += header_find(h, tags[i], &value) ? value.bytes.len : 0;
    return bytes;
}

static stella_status take_header(void *self, stella_sv block, stella_error *err) {
    reading *r = self;
    header h;
    stella_error damage = {0};
    if (header_parse(block, &h, &damage) != STELLA_OK) {
        take_damage(r, &damage);
        return STELLA_OK;
    }
    r->has_header = 1;
    if (stella_sv_eq(header_text(&h, TAG_NAME), STELLA_SV("gpg-pubkey")))
        return STELLA_OK;
    const char *problem = package_problem(&h);
    if (problem) {
        package_note(r->sink, STELLA_NOTE_ERROR, 0, problem);
        return STELLA_OK;
    }
    STELLA_AUTO(header_writer_fini) header_writer w;
    header_writer_init(&w, PACKAGE_RECORD_MAX);
    header_writer_number(&w, TAG_OWN_BACKEND, r->backend);
    add_wanted(&w, &h, wanted, STELLA_COUNT(wanted));
    if (add_cves(r->sink, &w, &h) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the CVE ids of a package");
    if (w.data.len + size_of(&h, wanted_of_files, STELLA_COUNT(wanted_of_files)) <= PACKAGE_RECORD_MAX)
        add_wanted(&w, &h, wanted_of_files, STELLA_COUNT(wanted_of_files));
    else
        package_note(r->sink, STELLA_NOTE_ERROR, 0, "the file list of a package is above 15 MiB and was left out");
    return package_emit(r->sink, &w, err);
}

stella_status package_read_database(package_sink *sink, stella_sv main, stella_sv wal, stella_arena *arena,
                                    stella_error *err) {
    reading r = {.sink = sink};
    const database_taker taker = {.self = &r, .header = take_header, .damage = take_damage};
    const stella_status status = database_read(main, wal, arena, &taker, &r.backend, err);
    if (status != STELLA_OK || r.has_header || !r.first.code)
        return status;
    /* Damage that leaves nothing would pass for an image without packages. */
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "none of its packages can be read: %s", r.first.message);
}
