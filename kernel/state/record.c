/* record.c - how keys and values lie in the store. */
#include "state/store.h"

int store_key_make(stella_sv space, stella_sv key, store_key *out) {
    if (space.len == 0 || space.len > STELLA_STATE_NAMESPACE_MAX || stella_sv_find(space, '\0') != space.len ||
        key.len > STELLA_STATE_KEY_MAX)
        return 0;
    memcpy(out->bytes, space.ptr, space.len);
    out->bytes[space.len] = '\0';
    if (key.len)
        memcpy(out->bytes + space.len + 1, key.ptr, key.len);
    out->size = space.len + 1 + key.len;
    return 1;
}

int store_key_split(const MDB_val *stored, stella_sv *space, stella_sv *key) {
    const stella_sv whole = stella_sv_of(stored->mv_data, stored->mv_size);
    const size_t at = stella_sv_find(whole, '\0');
    if (at == 0 || at > STELLA_STATE_NAMESPACE_MAX || at + 1 >= whole.len || whole.len - at - 1 > STELLA_STATE_KEY_MAX)
        return 0;
    *space = stella_sv_first(whole, at);
    *key = stella_sv_skip(whole, at + 1);
    return 1;
}

void store_put_expiry(unsigned char out[STORE_EXPIRY_SIZE], int64_t expires_ms) {
    for (unsigned i = 0; i < STORE_EXPIRY_SIZE; i++)
        out[i] = (unsigned char)((uint64_t)expires_ms >> (8 * (STORE_EXPIRY_SIZE - 1 - i)));
}

int64_t store_get_expiry(const void *bytes) {
    const unsigned char *b = bytes;
    uint64_t value = 0;
    for (unsigned i = 0; i < STORE_EXPIRY_SIZE; i++)
        value = value << 8 | b[i];
    return (int64_t)value;
}

int store_record(const MDB_val *stored, int64_t *expires_ms, stella_sv *value) {
    if (stored->mv_size < STORE_EXPIRY_SIZE)
        return 0;
    *expires_ms = store_get_expiry(stored->mv_data);
    *value = stella_sv_of((const char *)stored->mv_data + STORE_EXPIRY_SIZE, stored->mv_size - STORE_EXPIRY_SIZE);
    return 1;
}
