/* The first lines are interests, the rest paths: every hit must meet its interest. */
#include "matcher.h"
#include "path.h"

#include <stella/cursor.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INTERESTS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stella_interest interests[INTERESTS];
    char texts[INTERESTS][64];
    matcher_hit hits[MATCHER_HITS_MAX];
    stella_cursor c = stella_cursor_of(data, size);
    stella_sv line;
    uint32_t count = 0;
    memset(interests, 0, sizeof interests);
    while (count < INTERESTS && stella_cursor_line(&c, &line) && line.len > 1 && line.len < sizeof texts[0]) {
        memcpy(texts[count], line.ptr + 1, line.len - 1);
        texts[count][line.len - 1] = '\0';
        stella_interest *one = &interests[count];
        one->mode = STELLA_KEEP;
        const char **const members[] = {&one->path, &one->dir, &one->name, &one->suffix, &one->parent, &one->below};
        *members[(unsigned char)line.ptr[0] % 6] = texts[count++];
    }
    matcher *m = matcher_create();
    const int is_taken = m && matcher_add(m, 0, interests, count, sizeof interests[0], NULL) == STELLA_OK;
    while (is_taken && stella_cursor_line(&c, &line)) {
        const uint32_t found = matcher_match(m, line, hits);
        assert(found <= count);
        for (uint32_t i = 0; i < found; i++) {
            const stella_interest *one = &interests[hits[i].interest];
            assert(!one->path || stella_sv_eq(line, stella_sv_cstr(one->path)));
            assert(!one->dir || path_below(line, stella_sv_cstr(one->dir)));
            assert(!one->name || stella_sv_ends(line, stella_sv_cstr(one->name)));
            assert(!one->below || memmem(line.ptr, line.len, one->below, strlen(one->below)));
            assert(!one->suffix || stella_sv_ends(line, stella_sv_cstr(one->suffix)));
        }
    }
    matcher_destroy(m);
    return 0;
}
