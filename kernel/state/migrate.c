/* migrate.c - the schema of the store: which it has, and the steps to ours, each recorded. */
#include "state/store.h"

#include <stella/cursor.h>

#include <stdio.h>

typedef struct migration {
    const char *name;
    int (*apply)(state *s, MDB_txn *txn);
} migration;

static int make_databases(state *s, MDB_txn *txn) {
    const int code = mdb_dbi_open(txn, "data", MDB_CREATE, &s->data);
    return code ? code : mdb_dbi_open(txn, "expiry", MDB_CREATE, &s->expiry);
}

/* The step at position n makes schema n + 1. */
static const migration migrations[STATE_SCHEMA] = {
    {.name = "namespaces with expiry", .apply = make_databases},
};

static MDB_val val_of(const void *bytes, size_t size) {
    return (MDB_val){.mv_data = (void *)(uintptr_t)bytes, .mv_size = size};
}

static int read_schema(state *s, MDB_txn *txn, uint32_t *schema) {
    MDB_val key = val_of("schema", 6), stored;
    const int code = mdb_get(txn, s->meta, &key, &stored);
    if (code == MDB_NOTFOUND) {
        *schema = 0;
        return 0;
    }
    if (code != 0)
        return code;
    stella_cursor c = stella_cursor_of(stored.mv_data, stored.mv_size);
    *schema = stella_cursor_u32be(&c);
    return c.ok && *schema > 0 ? 0 : MDB_CORRUPTED;
}

static int write_schema(state *s, MDB_txn *txn, uint32_t schema) {
    const unsigned char bytes[4] = {(unsigned char)(schema >> 24), (unsigned char)(schema >> 16),
                                    (unsigned char)(schema >> 8), (unsigned char)schema};
    MDB_val key = val_of("schema", 6), value = val_of(bytes, sizeof bytes);
    return mdb_put(txn, s->meta, &key, &value, 0);
}

static int record(state *s, MDB_txn *txn, uint32_t schema) {
    char name[32], text[128];
    const int name_size = snprintf(name, sizeof name, "migration/%04u", schema);
    const int size = snprintf(text, sizeof text, "%lld %s", (long long)s->wall_ms(), migrations[schema - 1].name);
    MDB_val key = val_of(name, (size_t)name_size), value = val_of(text, (size_t)size);
    return mdb_put(txn, s->meta, &key, &value, 0);
}

static int migrate(state *s, MDB_txn *txn, void *context) {
    uint32_t *schema = context;
    int code = mdb_dbi_open(txn, "meta", MDB_CREATE, &s->meta);
    if (code == 0)
        code = read_schema(s, txn, schema);
    if (code == 0 && *schema > STATE_SCHEMA)
        return MDB_VERSION_MISMATCH; /* the transaction ends here: nothing of it was touched */
    for (uint32_t next = *schema + 1; code == 0 && next <= STATE_SCHEMA; next++) {
        code = migrations[next - 1].apply(s, txn);
        if (code == 0)
            code = record(s, txn, next);
        if (code == 0)
            code = write_schema(s, txn, next);
    }
    return code ? code : make_databases(s, txn);
}

stella_status store_migrate(state *s, stella_error *err) {
    uint32_t schema = 0;
    const int code = store_write(s, migrate, &schema);
    if (code == MDB_VERSION_MISMATCH && schema > STATE_SCHEMA)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, s->dir,
                                "the state store has schema %u, this program knows up to %u: run the newer program, or "
                                "restore an older backup",
                                schema, STATE_SCHEMA);
    return code ? store_error(s, code, "read the schema", err) : STELLA_OK;
}
