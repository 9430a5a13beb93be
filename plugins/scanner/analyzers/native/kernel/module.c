#include "module.h"

#include "common/binary/elf.h"

static int is_text(stella_sv value) {
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f)
            return 0;
    return stella_sv_utf8_prefix(value) == value.len;
}

/* The first of several stands. */
static void keep_first(stella_sv *field, stella_sv value) {
    if (field->len == 0)
        *field = value;
}

static void add_author(stella_buf *authors, stella_sv value) {
    if (value.len && authors->len + value.len + 2 <= MODULE_AUTHORS_MAX) {
        (void)stella_buf_add(authors, authors->len ? STELLA_SV(", ") : STELLA_SV(""));
        (void)stella_buf_add(authors, value);
    }
}

static void add_alias(module *m, stella_sv value) {
    m->aliases++;
    if (stella_sv_find(value, ':') < value.len)
        m->is_of_device = 1;
}

static void take(module *m, stella_buf *authors, stella_sv key, stella_sv value) {
    const struct {
        stella_sv key;
        stella_sv *field;
    } fields[] = {
        {STELLA_SV("name"), &m->name},
        {STELLA_SV("version"), &m->version},
        {STELLA_SV("vermagic"), &m->magic},
        {STELLA_SV("srcversion"), &m->source_version},
        {STELLA_SV("depends"), &m->depends},
        {STELLA_SV("license"), &m->license},
        {STELLA_SV("description"), &m->description},
    };
    value = stella_sv_trim(value);
    if (!is_text(value))
        return;
    for (uint32_t i = 0; i < STELLA_COUNT(fields); i++)
        if (stella_sv_eq(key, fields[i].key))
            keep_first(fields[i].field, value);
    if (stella_sv_eq(key, STELLA_SV("author")))
        add_author(authors, value);
    else if (stella_sv_eq(key, STELLA_SV("alias")))
        add_alias(m, value);
    else if (stella_sv_eq(key, STELLA_SV("intree")))
        m->is_in_tree = stella_sv_eq(value, STELLA_SV("Y"));
}

/* The texts may be apart by several NULs; one that the section's end cuts is no text. */
static void read_info(stella_sv info, stella_buf *authors, module *m) {
    for (size_t end; (end = stella_sv_find(info, '\0')) < info.len; info = stella_sv_skip(info, end + 1)) {
        const stella_sv text = stella_sv_first(info, end);
        const size_t equals = stella_sv_find(text, '=');
        if (equals < text.len)
            take(m, authors, stella_sv_first(text, equals), stella_sv_skip(text, equals + 1));
    }
}

int module_read(stella_sv file, stella_buf *authors, module *out) {
    elf_file elf;
    elf_section section;
    module m = {0};
    if (elf_open(file, &elf, NULL) != STELLA_OK || elf.type != ELF_TYPE_RELOCATABLE)
        return 0;
    if (elf_section_named(&elf, STELLA_SV(".modinfo"), &section)) {
        if (section.is_cut)
            m.damage = "the file ends inside .modinfo";
        else if (section.bytes.len > MODULE_INFO_MAX)
            m.damage = "more than 1 MiB of .modinfo";
        read_info(stella_sv_first(section.bytes, MODULE_INFO_MAX), authors, &m);
    } else if (elf.damage) {
        m.damage = elf.damage;
    } else {
        return 0;
    }
    m.has_signature = stella_sv_ends(file, STELLA_SV("~Module signature appended~\n"));
    m.authors = stella_buf_sv(authors);
    *out = m;
    return 1;
}

stella_sv module_release(const module *m) {
    return stella_sv_first(m->magic, stella_sv_find(m->magic, ' '));
}
