/* A pack of any bytes whose checksums are made to fit: whatever it says, reading it stays inside. */
#include "crc.h"
#include "pack.h"
#include "pack_layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The attacker's child would compute them right, so the fuzzer may too. */
static void mend(unsigned char *bytes, size_t size) {
    if (size < PACK_HEADER_SIZE)
        return;
    memcpy(bytes, PACK_MAGIC, 8);
    store32(bytes + 8, PACK_FORMAT);
    const uint64_t at = load64(bytes + 16), len = load64(bytes + 24);
    if (at > size || len > size - at)
        return;
    for (uint64_t end = at + len, entry = at; entry + 2 < end;) {
        uint64_t fields = entry + 1 + bytes[entry]; /* lengths below 128 are all the seeds have */
        if (fields >= end)
            break;
        fields += 1 + bytes[fields];
        if (fields > end || end - fields < 24)
            break;
        const uint64_t offset = load64(bytes + fields), part = load64(bytes + fields + 8);
        if (offset <= size && part <= size - offset)
            store64(bytes + fields + 16, crc_of(0, bytes + offset, part));
        entry = fields + 24;
    }
    store64(bytes + 32, crc_of(0, bytes + at, len));
}

static void read_all(const pack *p) {
    static pack_walk walk;
    static char buf[PATH_BYTES_MAX];
    uint32_t rows = 0, found;
    pack_walk_init(&walk, p, 0);
    while (pack_walk_next(&walk)) {
        pack_row row;
        pack_row_at(p, walk.row, &row);
        assert(row.link == PACK_NO_ROW || row.link < pack_count(p));
        assert(stella_sv_eq(pack_path(p, walk.row, buf), walk.path));
        pack_find(p, walk.path, &found);
        rows++;
    }
    assert(rows <= pack_count(p));
    for (uint32_t i = 0; i < pack_segment_count(p); i++) {
        pack_item item;
        stella_sv bytes;
        pack_items it = pack_items_of(p, i);
        while (pack_items_next(&it, &item))
            assert(item.row == PACK_NO_ROW || item.row < pack_count(p));
        for (uint32_t row = 0; row < rows && row < 64; row++)
            pack_content(p, i, row, &bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned char *bytes = malloc(size + 1);
    pack *p = NULL;
    if (!bytes)
        return 0;
    memcpy(bytes, data, size);
    mend(bytes, size);
    if (pack_open_bytes(stella_sv_of((const char *)bytes, size), &p, NULL) == STELLA_OK)
        read_all(p);
    pack_close(p);
    free(bytes);
    return 0;
}
