/* yaml.h - reads YAML 1.1 and 1.2 (libyaml's events) into the trees of stella/json.h, for lock files and manifests.
 *
 *     const stella_json *documents;
 *     if (yaml_parse(text, arena, &documents, err) != STELLA_OK)
 *         return err->code;
 *     const stella_json *packages = stella_json_get(stella_json_at(documents, 0), "packages");
 *
 * What differs from a YAML loader, on purpose:
 * - Every scalar is a STRING, quoted or not, whatever its tag: the version 1.10 keeps its text. An empty value is the
 *   empty text. There are no NUMBER, TRUE, FALSE and NULL.
 * - A key must be a scalar. Of a key given twice the last value stands, where it stands. "<<" is a key like any other.
 * - An alias shares the node of its anchor, so it costs nothing to build; but each alias counts as all the nodes behind
 *   it, so who walks the tree never meets more than YAML_NODES_MAX, nor goes deeper than STELLA_JSON_DEPTH_MAX. An alias
 *   inside its own anchor is refused. */
#ifndef ANALYZERS_YAML_H
#define ANALYZERS_YAML_H

#include <stella/json.h>

#define YAML_NODES_MAX   4000000 /* of all documents, aliases followed */
#define YAML_ANCHORS_MAX 1000    /* names of one document */
#define YAML_ALIASES_MAX 10000   /* of all documents */

/* Reads a whole stream: UTF-8, or UTF-16 with a byte order mark.
 * documents  set on success: an ARRAY with one element a document, none for an empty stream. Every value has its line.
 *            Texts may borrow from text, so it must live as long
 * Returns STELLA_E_FORMAT for what is no YAML, with the line in the message; STELLA_E_LIMIT beyond the limits above;
 * STELLA_E_NOMEM (the arena's budget is the limit of the documents). [any thread] */
stella_status yaml_parse(stella_sv text, stella_arena *arena, const stella_json **documents, stella_error *err);

#endif
