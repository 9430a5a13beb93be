/* graph.h - the elements of an SPDX 3.0 document, and how they name each other. */
#ifndef EMITTER_SPDX3_GRAPH_H
#define EMITTER_SPDX3_GRAPH_H

#include "spdx/package.h"

#include <stella/json.h>

/* A document in the making. Elements that several packages share are gathered on the way and written behind them. */
typedef struct graph {
    spdx_document *d;
    stella_json_writer *w;
    stella_buf iri;         /* the namespace and '#', and behind them the last name */
    size_t iri_base;        /* bytes of namespace and '#' */
    spdx_texts expressions; /* license expressions */
    spdx_texts actors;      /* "P" or "O", name, NUL, address */
    uint32_t relationships;
} graph;

/* Begins an element: type, spdxId and creationInfo; the caller ends the object. */
void graph_begin(graph *g, const char *type, stella_sv name);
void graph_begin_numbered(graph *g, const char *type, const char *name, uint32_t number);

/* The IRI of a name within the document; valid until the next. A package's id goes without "SPDXRef-". */
stella_sv graph_iri(graph *g, stella_sv name);
stella_sv graph_numbered(graph *g, const char *name, uint32_t number);

/* The subject, every component and the licenses they declare. Returns STELLA_E_NOMEM. */
stella_status graph_packages(graph *g, stella_error *err);

/* All that the result's relations say: one relationship for each component and kind. Returns STELLA_E_NOMEM. */
stella_status graph_relations(graph *g, stella_error *err);

/* License expressions, free license texts and persons and organisations that the packages named. */
void graph_licenses(graph *g);
void graph_actors(graph *g);

#endif
