/* findings.h - what analyzers stated, before it is merged: one stage per analyzer, thrown away as a whole when the
 * analyzer fails. */
#ifndef SCANNER_ENGINE_FINDINGS_H
#define SCANNER_ENGINE_FINDINGS_H

#include "chain.h"
#include "layer_sets.h"

#include <stella/analyzer.h>
#include <stella/bom.h>

#define FINDING_FIELDS  (STELLA_FIELD_INSTALLED_SIZE + 1) /* fields are indexed by STELLA_FIELD_* */
#define FINDING_NOT_SET 0xffffffffu
#define FINDING_FLAGS_KNOWN                                                                                            \
    (STELLA_COMPONENT_DECLARED | STELLA_COMPONENT_DEV | STELLA_COMPONENT_NO_PURL | STELLA_COMPONENT_OPTIONAL |         \
     STELLA_COMPONENT_VENDOR)

typedef struct stage stage;
struct analysis;

/* A component as one analyzer stated it. */
typedef struct finding {
    stella_component base; /* first: the handle that the analyzer holds */
    struct analysis *job;  /* the call it belongs to; means nothing once that has returned */
    stella_sv type, name, version;
    stella_sv fields[FINDING_FIELDS];
    uint32_t flags;
    uint32_t introduced;     /* layer, or FINDING_NOT_SET */
    const layer_set *layers; /* that introduce or keep it; NULL: not stated */
    chain qualifiers;        /* stella_bom_pair */
    chain licenses;          /* stella_bom_license */
    chain evidence;          /* stella_bom_evidence */
    chain files;             /* stella_bom_file */
    chain properties;        /* stella_bom_pair */
    stella_sv purl;          /* set by identity_name */
    stella_sv ref;           /* set by identity_name: what makes two findings one component */
    uint32_t merged;         /* index of the component it became; set by identity_merge */
} finding;

typedef struct finding_relation {
    const finding *from, *to;
    uint32_t kind, flags;
} finding_relation;

/* What an analyzer counted (stella_count); each name once. */
typedef struct finding_count {
    stella_sv name;
    uint64_t n;
} finding_count;

/* That a program loads a file (stella_use). */
typedef struct finding_use {
    uint32_t node;
    stella_sv path, how, via;
} finding_use;

/* Everything of one analyzer; texts live in its arena. */
struct stage {
    stella_arena *arena;
    stella_sv plugin, version;
    uint32_t phase;
    chain findings;                 /* finding: items of a chain stay where they are */
    chain relations;                /* finding_relation */
    chain publications;             /* stella_record */
    chain notes;                    /* stella_bom_error */
    chain counts;                   /* finding_count */
    chain uses;                     /* finding_use */
    const stella_record *published; /* the publications as an array: set by stage_settle */
};

/* Begins an empty stage whose contents may take budget_bytes. NULL when memory is short. */
stage *stage_create(stella_sv plugin, stella_sv version, uint32_t phase, uint64_t budget_bytes);
void stage_destroy(stage *s);
void stage_destroyp(stage **s);

/* Makes what others will read many times quick to read. Nothing may be published afterwards. */
stella_status stage_settle(stage *s, stella_error *err);

/* A growing row of stages, which it owns, in the order of phase and plugin id. */
typedef struct stages {
    stage **items;
    uint32_t count, room;
} stages;

/* Takes the stage on success. */
stella_status stages_add(stages *all, stage **s, stella_error *err);
void stages_fini(stages *all);

#endif
