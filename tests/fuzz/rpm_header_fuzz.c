/* A header block: every value that is found lies in the data, and what our writer makes of it reads the same. */
#include "plugins/scanner/analyzers/os/rpm/header_write.h"
#include "plugins/scanner/analyzers/os/rpm/tags.h"

#include <stella/auto.h>

#include <assert.h>

static void check_strings(const header *h, uint32_t tag, const header_value *value) {
    uint32_t count = 0;
    size_t bytes = 0;
    stella_sv text;
    for (header_strings all = header_strings_of(h, tag); header_strings_next(&all, &text); count++) {
        assert(memchr(text.ptr, 0, text.len) == NULL);
        bytes += text.len + 1;
    }
    assert(count == 0 || (count == value->count && bytes == value->bytes.len));
}

static void check_value(const header *h, uint32_t tag) {
    STELLA_AUTO(header_writer_fini) header_writer w = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf block = stella_buf_of(1u << 22);
    header_value value, again;
    header copy;
    if (!header_find(h, tag, &value))
        return;
    assert(value.count && value.bytes.ptr >= h->data.ptr &&
           value.bytes.ptr + value.bytes.len <= h->data.ptr + h->data.len);
    check_strings(h, tag, &value);
    const stella_sv region = header_region(h, tag);
    assert(region.len && region.ptr == value.bytes.ptr && region.ptr + region.len <= h->data.ptr + h->data.len);
    header_writer_init(&w, 1u << 21);
    header_writer_value(&w, tag, &value);
    assert(header_writer_finish(&w, &block) == STELLA_OK);
    assert(header_parse(stella_buf_sv(&block), &copy, NULL) == STELLA_OK && header_find(&copy, tag, &again));
    assert(again.type == value.type && again.count == value.count && stella_sv_eq(again.bytes, value.bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    header h;
    if (header_parse(stella_sv_of((const char *)data, size), &h, NULL) != STELLA_OK)
        return 0;
    assert(h.index.len + h.data.len + 8 <= size);
    for (uint32_t tag = TAG_NAME; tag < TAG_NAME + 64; tag++)
        check_value(&h, tag);
    check_value(&h, TAG_BASENAMES);
    check_value(&h, TAG_RSA_HEADER);
    return 0;
}
