#include "rootfs.h"

#define SURE         30u
#define BLOCK        512u
#define CHECKSUM     148u /* where it stands: eight bytes that count as blanks */
#define CHECKSUM_LEN 8u

/* Octal digits, blanks before and behind. Returns -1 for anything else. */
static int64_t octal(const unsigned char *text, size_t len) {
    int64_t value = 0;
    size_t at = 0;
    while (at < len && text[at] == ' ')
        at++;
    const size_t first = at;
    for (; at < len && text[at] >= '0' && text[at] <= '7'; at++)
        value = value * 8 + (text[at] - '0');
    return at > first && (at == len || text[at] == ' ' || text[at] == 0) ? value : -1;
}

uint32_t rootfs_detect(stella_target *target) {
    unsigned char block[BLOCK];
    uint64_t got = 0;
    int64_t sum = 0;
    if (stella_target_read(target, STELLA_SV(""), 0, block, sizeof block, &got, NULL) != STELLA_OK || got < BLOCK)
        return 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LEN ? ' ' : block[i];
    return octal(block + CHECKSUM, CHECKSUM_LEN) == sum ? SURE : 0;
}

stella_status rootfs_open(stella_target *target, stella_error *err) {
    if (target->select.len)
        return stella_error_at(err, STELLA_E_INVALID, target->name,
                               "an archive of a file system has no \"%.*s\" to select",
                               STELLA_SV_FMT(stella_sv_first(target->select, 96)));
    const stella_image image = {
        .struct_size = sizeof image, .kind = STELLA_SV("filesystem"), .name = target->name, .created_ms = -1};
    stella_layer layer = {.struct_size = sizeof layer, .kind = STELLA_LAYER_BLOB};
    stella_status status = stella_target_size(target, STELLA_SV(""), &layer.size, err);
    if (status == STELLA_OK)
        status = stella_target_image(target, &image, err);
    return status == STELLA_OK ? stella_target_layer(target, &layer, err) : status;
}
