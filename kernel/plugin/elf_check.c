#include "plugin/elf_check.h"

#include <stella/cursor.h>
#include <stella/plugin.h>

#include <elf.h>
#include <inttypes.h>

#define SEGMENTS_MAX   64
#define DYNAMIC_MAX    512   /* entries of the dynamic section */
#define HASHED_MAX     65536 /* steps through a hash table */
#define NAME_BYTES_MAX 255   /* bytes of a library's or symbol's name */
#define PAGE           4096u

#if defined(__x86_64__)
#define HOST_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define HOST_MACHINE EM_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define HOST_MACHINE EM_RISCV
#else
#error "elf_check knows x86-64, AArch64 and RISC-V 64"
#endif
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the reader below is little-endian");

/* Libraries of the base system: from the distribution, in the loader's own directories. Names with the version of their
 * ABI, so that a plugin never gets another one than it was built for. */
static const char *const allowed_libraries[] = {
    "libc.so.6",       "libm.so.6",      "libpthread.so.0", "libdl.so.2",           "librt.so.1",
    "libgcc_s.so.1",   "libstdc++.so.6", "libcrypto.so.3",  "libssl.so.3",          "libsodium.so.23",
    "libisal.so.2",    "libzstd.so.1",   "libz.so.1",       "libbz2.so.1.0",        "liblzma.so.5",
    "libsqlite3.so.0", "libyaml-0.so.2", "libexpat.so.1",   "libelf.so.1",          "libarchive.so.13",
    "libcurl.so.4",    "liblmdb.so.0",   "libpq.so.5",      "libhiredis.so.0.14",   "libnats.so.3.4",
    "libroaring.so.0", "libjson-c.so.5", "libxxhash.so.0",  "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
#ifdef STELLA_SANITIZED
    "libasan.so.8",    "libubsan.so.1",  "libtsan.so.2",
#endif
};

/* Tags that may appear once, and where their values go. */
typedef struct dynamic {
    uint64_t strtab, strsz, symtab, syment, hash, gnu_hash, init_bytes, soname;
    uint64_t needed[DYNAMIC_MAX]; /* offsets into the string table */
    uint32_t needed_count;
} dynamic;

typedef struct image {
    stella_sv binary;
    Elf64_Phdr segments[SEGMENTS_MAX];
    uint32_t segment_count;
    dynamic dynamic;
} image;

static stella_status damaged(stella_error *err, const char *what) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "is not a loadable shared object: %s", what);
}

static stella_status denied(stella_error *err, const char *rule) {
    return stella_error_set(err, STELLA_E_DENIED, NULL, "%s", rule);
}

/* ---- headers ---- */

static stella_status read_ident(stella_cursor *c, stella_error *err) {
    const stella_sv ident = stella_cursor_str(c, EI_NIDENT);
    if (!c->ok || memcmp(ident.ptr, ELFMAG, SELFMAG) != 0)
        return damaged(err, "it has no ELF header");
    if (ident.ptr[EI_CLASS] != ELFCLASS64 || ident.ptr[EI_DATA] != ELFDATA2LSB || ident.ptr[EI_VERSION] != EV_CURRENT)
        return damaged(err, "it is not 64-bit little-endian ELF, as this machine needs");
    return STELLA_OK;
}

static Elf64_Phdr read_segment(stella_cursor *c) {
    Elf64_Phdr segment = {.p_type = stella_cursor_u32le(c)};
    segment.p_flags = stella_cursor_u32le(c);
    segment.p_offset = stella_cursor_u64le(c);
    segment.p_vaddr = stella_cursor_u64le(c);
    segment.p_paddr = stella_cursor_u64le(c);
    segment.p_filesz = stella_cursor_u64le(c);
    segment.p_memsz = stella_cursor_u64le(c);
    segment.p_align = stella_cursor_u64le(c);
    return segment;
}

static stella_status read_headers(image *im, stella_error *err) {
    stella_cursor c = stella_cursor_of(im->binary.ptr, im->binary.len);
    const stella_status status = read_ident(&c, err);
    if (status != STELLA_OK)
        return status;
    const uint16_t type = stella_cursor_u16le(&c);
    const uint16_t machine = stella_cursor_u16le(&c);
    stella_cursor_skip(&c, sizeof(Elf64_Word) + sizeof(Elf64_Addr)); /* version, entry */
    const uint64_t table = stella_cursor_u64le(&c);
    stella_cursor_skip(&c, sizeof(Elf64_Off) + sizeof(Elf64_Word) + sizeof(Elf64_Half)); /* shoff, flags, ehsize */
    const uint16_t entry_bytes = stella_cursor_u16le(&c);
    const uint16_t count = stella_cursor_u16le(&c);
    if (c.ok && machine != HOST_MACHINE)
        return damaged(err, "it was built for another machine");
    if (c.ok && type != ET_DYN)
        return damaged(err, "it is a program or an object file");
    if (!c.ok || entry_bytes != sizeof(Elf64_Phdr) || count > SEGMENTS_MAX)
        return damaged(err, "its program headers are damaged");
    stella_cursor_seek(&c, table);
    for (im->segment_count = 0; im->segment_count < count; im->segment_count++)
        im->segments[im->segment_count] = read_segment(&c);
    return c.ok ? STELLA_OK : damaged(err, "its program headers run past the end");
}

/* ---- segments ---- */

/* Segments ascend and share no page: a later mapping would hide what was checked in an earlier one. */
static stella_status check_load(const image *im, const Elf64_Phdr *segment, uint64_t *mapped_end, stella_error *err) {
    const uint64_t file_end = segment->p_offset + segment->p_filesz;
    const uint64_t end = segment->p_vaddr + segment->p_memsz;
    const int is_sane = file_end >= segment->p_offset && file_end <= im->binary.len && end >= segment->p_vaddr &&
                        end <= UINT64_MAX - PAGE && segment->p_filesz <= segment->p_memsz &&
                        (segment->p_vaddr - segment->p_offset) % PAGE == 0;
    if (!is_sane || segment->p_vaddr / PAGE * PAGE < *mapped_end)
        return damaged(err, "its segments overlap or run past the end");
    if ((segment->p_flags & (PF_W | PF_X)) == (PF_W | PF_X))
        return denied(err, "has a segment that is writable and executable; link it without -z rwx or -N");
    *mapped_end = (end + PAGE - 1) / PAGE * PAGE;
    return STELLA_OK;
}

static stella_status check_segments(const image *im, const Elf64_Phdr **dynamic_segment, stella_error *err) {
    uint64_t mapped_end = 0;
    const Elf64_Phdr *stack = NULL;
    *dynamic_segment = NULL;
    for (uint32_t i = 0; i < im->segment_count; i++) {
        const Elf64_Phdr *segment = &im->segments[i];
        if (segment->p_type == PT_LOAD) {
            const stella_status status = check_load(im, segment, &mapped_end, err);
            if (status != STELLA_OK)
                return status;
        }
        if (segment->p_type == PT_GNU_STACK)
            stack = segment;
        if (segment->p_type == PT_DYNAMIC && *dynamic_segment)
            return damaged(err, "it has two dynamic sections");
        if (segment->p_type == PT_DYNAMIC)
            *dynamic_segment = segment;
    }
    if (!stack || (stack->p_flags & PF_X))
        return denied(err, "asks for an executable stack; link it with -z noexecstack");
    return *dynamic_segment ? STELLA_OK : damaged(err, "it has no dynamic section");
}

/* A cursor over what will be mapped from the file at an address, to the end of its segment; failed when nothing is. */
static stella_cursor at_address(const image *im, uint64_t address) {
    for (uint32_t i = 0; i < im->segment_count; i++) {
        const Elf64_Phdr *s = &im->segments[i];
        if (s->p_type != PT_LOAD || address < s->p_vaddr || address - s->p_vaddr >= s->p_filesz)
            continue;
        stella_cursor c = stella_cursor_of(im->binary.ptr + s->p_offset, s->p_filesz);
        stella_cursor_skip(&c, address - s->p_vaddr);
        return c;
    }
    return (stella_cursor){.ok = 0};
}

/* ---- dynamic section ---- */

static stella_status once(uint64_t *slot, uint64_t value, stella_error *err) {
    if (*slot)
        return damaged(err, "its dynamic section says something twice");
    *slot = value;
    return STELLA_OK;
}

static stella_status take_tag(dynamic *d, uint64_t tag, uint64_t value, stella_error *err) {
    switch (tag) {
    case DT_NEEDED:
        d->needed[d->needed_count++] = value; /* at most DYNAMIC_MAX tags are read */
        return STELLA_OK;
    case DT_STRTAB:
        return once(&d->strtab, value, err);
    case DT_STRSZ:
        return once(&d->strsz, value, err);
    case DT_SYMTAB:
        return once(&d->symtab, value, err);
    case DT_SYMENT:
        return once(&d->syment, value, err);
    case DT_HASH:
        return once(&d->hash, value, err);
    case DT_GNU_HASH:
        return once(&d->gnu_hash, value, err);
    case DT_INIT_ARRAYSZ:
        return once(&d->init_bytes, value, err);
    case DT_SONAME:
        return once(&d->soname, value, err);
    case DT_RPATH:
    case DT_RUNPATH:
        return denied(err, "has a search path for libraries (RPATH or RUNPATH); link it without -rpath");
    case DT_AUDIT:
    case DT_DEPAUDIT:
    case DT_FILTER:
    case DT_AUXILIARY:
        return denied(err, "names a filter or audit library; link it without -f, -F and --audit");
    case DT_TEXTREL:
        return denied(err, "has text relocations; compile it with -fPIC");
    case DT_FLAGS:
        return value & DF_TEXTREL ? denied(err, "has text relocations; compile it with -fPIC") : STELLA_OK;
    default:
        return STELLA_OK;
    }
}

static stella_status read_dynamic(image *im, const Elf64_Phdr *segment, stella_error *err) {
    stella_cursor c = at_address(im, segment->p_vaddr);
    for (uint32_t i = 0; i < DYNAMIC_MAX; i++) {
        const uint64_t tag = stella_cursor_u64le(&c);
        const uint64_t value = stella_cursor_u64le(&c);
        if (!c.ok)
            return damaged(err, "its dynamic section runs past the end");
        if (tag == DT_NULL)
            return STELLA_OK;
        const stella_status status = take_tag(&im->dynamic, tag, value, err);
        if (status != STELLA_OK)
            return status;
    }
    return damaged(err, "its dynamic section is too long");
}

/* A NUL-terminated name of the string table; empty when there is none at that offset. */
static stella_sv string_at(const image *im, uint64_t offset) {
    stella_cursor c = at_address(im, im->dynamic.strtab);
    const stella_sv table = stella_cursor_str(&c, im->dynamic.strsz);
    const stella_sv from = stella_sv_first(stella_sv_skip(table, offset), NAME_BYTES_MAX + 1);
    const size_t len = stella_sv_find(from, '\0');
    return len == from.len ? stella_sv_of(NULL, 0) : stella_sv_first(from, len);
}

static int is_allowed_library(stella_sv name) {
    for (size_t i = 0; i < sizeof allowed_libraries / sizeof allowed_libraries[0]; i++)
        if (stella_sv_eq(name, stella_sv_cstr(allowed_libraries[i])))
            return 1;
    return 0;
}

/* The loader takes what is loaded under a library's name for that library: plugins loaded later would get this one. */
static stella_status check_own_name(const image *im, stella_error *err) {
    if (im->dynamic.soname && is_allowed_library(string_at(im, im->dynamic.soname)))
        return denied(err, "calls itself by the name of a system library; link it without -soname");
    return STELLA_OK;
}

static stella_status check_needed(const image *im, stella_error *err) {
    for (uint32_t i = 0; i < im->dynamic.needed_count; i++) {
        const stella_sv name = string_at(im, im->dynamic.needed[i]);
        if (!is_allowed_library(name))
            return stella_error_set(err, STELLA_E_DENIED, NULL,
                                    "needs the library \"%.*s\", which is not on the list of system libraries; link "
                                    "it statically (docs/sdk/manifest.md)",
                                    STELLA_SV_FMT(stella_sv_first(name, 80)));
    }
    return STELLA_OK;
}

/* ---- exported symbols ---- */

typedef struct exports {
    uint32_t steps;
    uint64_t found; /* index of stella_plugin; 0: not met yet (0 is never a symbol) */
} exports;

static int is_mapped(const image *im, uint64_t address, uint64_t size) {
    for (uint32_t i = 0; i < im->segment_count; i++) {
        const Elf64_Phdr *s = &im->segments[i];
        if (s->p_type == PT_LOAD && address >= s->p_vaddr && size <= s->p_memsz &&
            address - s->p_vaddr <= s->p_memsz - size)
            return 1;
    }
    return 0;
}

static stella_status check_entry(const image *im, unsigned type, uint64_t value, uint64_t size, stella_error *err) {
    if (type != STT_OBJECT)
        return denied(err, "exports " STELLA_PLUGIN_SYMBOL " as something else than a constant");
    if (size < sizeof(stella_abi_head) || !is_mapped(im, value, size))
        return damaged(err, STELLA_PLUGIN_SYMBOL " is not inside it");
    return STELLA_OK;
}

static stella_status visit(const image *im, uint64_t index, exports *seen, stella_error *err) {
    uint64_t at;
    if (++seen->steps > HASHED_MAX || __builtin_mul_overflow(index, sizeof(Elf64_Sym), &at) ||
        __builtin_add_overflow(at, im->dynamic.symtab, &at))
        return damaged(err, "its symbol table is too large");
    stella_cursor c = at_address(im, at);
    const uint32_t name_offset = stella_cursor_u32le(&c);
    const uint8_t info = stella_cursor_u8(&c);
    stella_cursor_skip(&c, 1); /* visibility: the loader does not look at it */
    const uint16_t section = stella_cursor_u16le(&c);
    const uint64_t value = stella_cursor_u64le(&c);
    const uint64_t size = stella_cursor_u64le(&c);
    if (!c.ok)
        return damaged(err, "its symbol table runs past the end");
    if (section == SHN_UNDEF || ELF64_ST_BIND(info) == STB_LOCAL)
        return STELLA_OK;
    const stella_sv name = string_at(im, name_offset);
    if (!stella_sv_eq(name, STELLA_SV(STELLA_PLUGIN_SYMBOL)) || (seen->found && seen->found != index))
        return stella_error_set(err, STELLA_E_DENIED, NULL,
                                "exports the symbol \"%.*s\"; only " STELLA_PLUGIN_SYMBOL
                                " may be visible: use the SDK's version script",
                                STELLA_SV_FMT(stella_sv_first(name, 60)));
    seen->found = index;
    return check_entry(im, ELF64_ST_TYPE(info), value, size, err);
}

/* DT_HASH: every symbol of the table is in it. */
static stella_status visit_hash(const image *im, exports *seen, stella_error *err) {
    stella_cursor c = at_address(im, im->dynamic.hash);
    stella_cursor_skip(&c, sizeof(uint32_t));
    const uint32_t count = stella_cursor_u32le(&c);
    if (!c.ok || count > HASHED_MAX)
        return damaged(err, "its hash table is damaged");
    stella_status status = STELLA_OK;
    for (uint32_t i = 1; i < count && status == STELLA_OK; i++)
        status = visit(im, i, seen, err);
    return status;
}

/* One chain of DT_GNU_HASH: symbols from `index` on, to the one whose hash has its low bit set. */
static stella_status visit_chain(const image *im, stella_cursor chains, uint64_t first, uint64_t index, exports *seen,
                                 stella_error *err) {
    if (index < first)
        return damaged(err, "its hash table is damaged");
    stella_cursor_skip(&chains, (index - first) * sizeof(uint32_t));
    for (;; index++) {
        const uint32_t hash = stella_cursor_u32le(&chains);
        if (!chains.ok)
            return damaged(err, "its hash table runs past the end");
        const stella_status status = visit(im, index, seen, err);
        if (status != STELLA_OK || (hash & 1))
            return status;
    }
}

static stella_status visit_gnu_hash(const image *im, exports *seen, stella_error *err) {
    stella_cursor buckets = at_address(im, im->dynamic.gnu_hash);
    const uint32_t bucket_count = stella_cursor_u32le(&buckets);
    const uint32_t first = stella_cursor_u32le(&buckets);
    const uint32_t bloom_words = stella_cursor_u32le(&buckets);
    stella_cursor_skip(&buckets, sizeof(uint32_t) + (uint64_t)bloom_words * sizeof(uint64_t));
    stella_cursor chains = buckets;
    stella_cursor_skip(&chains, (uint64_t)bucket_count * sizeof(uint32_t));
    if (!chains.ok || bucket_count > HASHED_MAX)
        return damaged(err, "its hash table is damaged");
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < bucket_count && status == STELLA_OK; i++) {
        const uint32_t index = stella_cursor_u32le(&buckets);
        if (index)
            status = visit_chain(im, chains, first, index, seen, err);
    }
    return status;
}

/* What dlsym could find: the loader prefers the GNU table and never looks beyond the hash tables. */
static stella_status check_exports(const image *im, stella_error *err) {
    exports seen = {0};
    if (!im->dynamic.strtab || !im->dynamic.symtab || im->dynamic.syment != sizeof(Elf64_Sym))
        return damaged(err, "it has no symbol table");
    stella_status status = STELLA_OK;
    if (im->dynamic.hash)
        status = visit_hash(im, &seen, err);
    if (status == STELLA_OK && im->dynamic.gnu_hash)
        status = visit_gnu_hash(im, &seen, err);
    if (status == STELLA_OK && !seen.found)
        return denied(err, "does not export " STELLA_PLUGIN_SYMBOL "; define it with the SDK's macro");
    return status;
}

stella_status elf_check(stella_sv binary, elf_report *out, stella_error *err) {
    image im = {.binary = binary};
    const Elf64_Phdr *dynamic_segment = NULL;
    stella_status status = read_headers(&im, err);
    if (status == STELLA_OK)
        status = check_segments(&im, &dynamic_segment, err);
    if (status == STELLA_OK)
        status = read_dynamic(&im, dynamic_segment, err);
    if (status == STELLA_OK)
        status = check_needed(&im, err);
    if (status == STELLA_OK)
        status = check_own_name(&im, err);
    if (status == STELLA_OK)
        status = check_exports(&im, err);
    if (status == STELLA_OK && out)
        *out = (elf_report){.needed_count = im.dynamic.needed_count,
                            .init_count = (uint32_t)(im.dynamic.init_bytes / sizeof(Elf64_Addr))};
    return status;
}
