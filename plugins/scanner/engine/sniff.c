#include "sniff.h"

typedef struct magic {
    stella_sv bytes;
    uint32_t type;
} magic;

static const magic magics[] = {
    {STELLA_SV_INIT("\x7f"
                    "ELF"),
     STELLA_TYPE_ELF},
    {STELLA_SV_INIT("#!"), STELLA_TYPE_SCRIPT},
    {STELLA_SV_INIT("PK\x03\x04"), STELLA_TYPE_ZIP},
    {STELLA_SV_INIT("PK\x05\x06"), STELLA_TYPE_ZIP}, /* an empty one */
    {STELLA_SV_INIT("\x1f\x8b"), STELLA_TYPE_GZIP},
    {STELLA_SV_INIT("\x28\xb5\x2f\xfd"), STELLA_TYPE_ZSTD},
    {STELLA_SV_INIT("\xfd"
                    "7zXZ\0"),
     STELLA_TYPE_XZ},
    {STELLA_SV_INIT("BZh"), STELLA_TYPE_BZIP2},
    {STELLA_SV_INIT("SQLite format 3\0"), STELLA_TYPE_SQLITE},
    {STELLA_SV_INIT("\0asm"), STELLA_TYPE_WASM},
    {STELLA_SV_INIT("!<arch>\n"), STELLA_TYPE_AR},
    {STELLA_SV_INIT("\xfe\xed\xfa\xce"), STELLA_TYPE_MACHO},
    {STELLA_SV_INIT("\xfe\xed\xfa\xcf"), STELLA_TYPE_MACHO},
    {STELLA_SV_INIT("\xce\xfa\xed\xfe"), STELLA_TYPE_MACHO},
    {STELLA_SV_INIT("\xcf\xfa\xed\xfe"), STELLA_TYPE_MACHO},
};

/* A universal Mach-O begins like a Java class; a class has a version where the other counts its few architectures. */
static int is_universal_macho(stella_sv first) {
    const unsigned char *at = (const unsigned char *)first.ptr;
    return stella_sv_starts(first, STELLA_SV("\xca\xfe\xba\xbe")) && first.len >= 8 && at[4] == 0 && at[5] == 0 &&
           at[6] == 0 && at[7] > 0 && at[7] < 30;
}

/* DOS programs begin like PE files; only PE has its second header where the first one says. */
static int is_pe(stella_sv first) {
    const unsigned char *at = (const unsigned char *)first.ptr;
    if (first.len < 64 || at[0] != 'M' || at[1] != 'Z')
        return 0;
    const size_t second = at[60] | (size_t)at[61] << 8 | (size_t)at[62] << 16 | (size_t)at[63] << 24;
    return second > first.len - 4 ? second < 0x10000 : memcmp(at + second, "PE\0\0", 4) == 0;
}

/* Text holds no NUL and no control characters but blanks, form feeds and escapes. */
static unsigned is_control(unsigned char byte) {
    const unsigned allowed = 1u << '\t' | 1u << '\n' | 1u << '\r' | 1u << '\f' | 1u << 27;
    return byte < 32 && !(allowed >> byte & 1);
}

static int is_text(stella_sv first) {
    unsigned refused = 0;
    size_t i = 0;
    for (uint64_t word; i + 8 <= first.len; i += 8) { /* eight at a time, as long as none is below a blank */
        memcpy(&word, first.ptr + i, 8);
        if ((word - 0x2020202020202020u) & ~word & 0x8080808080808080u)
            for (size_t k = i; k < i + 8; k++)
                refused |= is_control((unsigned char)first.ptr[k]);
        if (refused)
            return 0;
    }
    for (; i < first.len; i++)
        refused |= is_control((unsigned char)first.ptr[i]);
    return !refused;
}

uint32_t sniff_type(stella_sv first) {
    if (first.len == 0)
        return STELLA_TYPE_EMPTY;
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (stella_sv_starts(first, magics[i].bytes))
            return magics[i].type;
    if (is_pe(first))
        return STELLA_TYPE_PE;
    if (is_universal_macho(first))
        return STELLA_TYPE_MACHO;
    return is_text(first) ? STELLA_TYPE_TEXT : STELLA_TYPE_UNKNOWN;
}
