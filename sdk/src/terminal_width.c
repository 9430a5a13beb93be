#include <stella/terminal.h>

typedef struct range {
    uint32_t first, last;
} range;

/* Unicode 15: combining marks and joiners; East Asian Wide and Fullwidth, and pictographs shown wide. */
static const range narrow_none[] = {{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},
                                    {0x064b, 0x065f}, {0x0900, 0x0902}, {0x0941, 0x0948}, {0x0e31, 0x0e31},
                                    {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
                                    {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
static const range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
                             {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
                             {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
                             {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

static int is_in(const range *ranges, size_t count, uint32_t c) {
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && c >= ranges[low].first;
}

/* Decodes the character at the front and its length in bytes; a byte that begins none counts as one column. */
static uint32_t decode(stella_sv text, size_t *len) {
    const unsigned char first = (unsigned char)text.ptr[0];
    *len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (*len == 1 || *len > text.len) {
        *len = 1;
        return first;
    }
    uint32_t c = first & (0x7fu >> *len);
    for (size_t i = 1; i < *len; i++)
        c = c << 6 | ((unsigned char)text.ptr[i] & 0x3f);
    return c;
}

static uint32_t columns_of(uint32_t c) {
    if (c < 0x300)
        return 1;
    if (is_in(narrow_none, sizeof narrow_none / sizeof narrow_none[0], c))
        return 0;
    return is_in(wide, sizeof wide / sizeof wide[0], c) ? 2 : 1;
}

stella_sv stella_terminal_fit(stella_sv text, uint32_t columns) {
    size_t at = 0, len;
    for (uint32_t used = 0; at < text.len; at += len) {
        used += columns_of(decode(stella_sv_skip(text, at), &len));
        if (used > columns)
            break;
    }
    return stella_sv_first(text, at);
}

uint32_t stella_terminal_width(stella_sv text) {
    uint32_t used = 0;
    size_t len;
    for (size_t at = 0; at < text.len; at += len)
        used += columns_of(decode(stella_sv_skip(text, at), &len));
    return used;
}
