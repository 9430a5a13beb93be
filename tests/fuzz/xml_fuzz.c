/* Whatever the text: what is written is UTF-8 without what XML does not allow, nothing in it is markup, and a text that can be written comes
 * back as it was. */
#include "common/xml_writer.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BEFORE "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\""

static void check_characters(stella_sv text) {
    assert(stella_sv_utf8_prefix(text) == text.len);
    for (size_t i = 0; i < text.len; i++) {
        assert((unsigned char)text.ptr[i] >= 0x20 || text.ptr[i] == '\n' || text.ptr[i] == '\t');
        if (i + 2 < text.len && memcmp(text.ptr + i, "\xef\xbf", 2) == 0)
            assert((unsigned char)text.ptr[i + 2] < 0xbe);
    }
}

/* The character that an entity stands for; *at is moved behind it. */
static char entity(const char **at) {
    static const struct {
        const char *text;
        char byte;
    } known[] = {{"&amp;", '&'}, {"&lt;", '<'},   {"&gt;", '>'},  {"&quot;", '"'},
                 {"&#9;", '\t'}, {"&#10;", '\n'}, {"&#13;", '\r'}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(*at, known[i].text, strlen(known[i].text)) == 0) {
            *at += strlen(known[i].text);
            return known[i].byte;
        }
    assert(!"an entity");
    return 0;
}

/* Reads up to the mark, and says what follows. */
static const char *unescape(const char *at, char mark, stella_buf *out) {
    while (*at != mark) {
        const char byte = *at == '&' ? entity(&at) : *at++;
        assert(stella_buf_add(out, stella_sv_of(&byte, 1)) == STELLA_OK);
    }
    return at;
}

static int is_writable(stella_sv text) {
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xef)
            return 0;
    }
    return stella_sv_utf8_prefix(text) == text.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(size * 16 + 1024);
    STELLA_AUTO(stella_buf_fini)
    stella_buf attribute = stella_buf_of(size * 3 + 1), content = stella_buf_of(size * 3 + 1);
    const stella_sink sink = stella_buf_sink(&out);
    xml_writer w;
    xml_writer_init(&w, &sink);
    xml_begin(&w, "a");
    xml_attribute(&w, "b", text);
    xml_text_end(&w, text);
    assert(xml_writer_finish(&w, NULL) == STELLA_OK);
    check_characters(stella_buf_sv(&out));
    assert(strncmp(out.ptr, BEFORE, sizeof BEFORE - 1) == 0);
    const char *at = unescape(out.ptr + sizeof BEFORE - 1, '"', &attribute);
    assert(strncmp(at, "\">", 2) == 0);
    at = unescape(at + 2, '<', &content);
    assert(strcmp(at, "</a>\n") == 0);
    assert(stella_sv_eq(stella_buf_sv(&attribute), stella_buf_sv(&content)));
    assert(!is_writable(text) || stella_sv_eq(stella_buf_sv(&content), text));
    return 0;
}
