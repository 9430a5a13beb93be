/* protocol.h - the jobs of the scan engine and of the connector (plugins/scanner/connector), as the scan driver
 * (plugins/scanner/driver) asks for them. Requests and replies are JSON, at most 16 MiB; descriptors are named by their
 * position.
 *
 * "image.open": which blobs is this image made of?
 *   fds      0 the target (file or directory, read-only)
 *            1 spool, an empty file to write to (archives compressed as a whole)
 *   request  {"targetKind":"file"|"directory", "name":..., "select":..., "platform":"linux/amd64",
 *             "scheme":"" | "oci-layout" ...,
 *             "formats":[...],                      of the outputs, "FORMAT" or "FORMAT@VERSION"
 *             "template":bool}                      one will be given. An unknown format or version, one that lacks its
 *                                                   template, a template for nobody: refused before anything else
 *   reply    {"scheme":..., "spooled":bool,         spooled: offsets are into the spool, not the target
 *             "image":{"kind","name","digest","configDigest","os","architecture","variant","createdMs",
 *                      "config"},
 *             "layers":[{"kind":"blob"|"directory"|"foreign"|"file", "path","offset","size","digest","diffId",
 *                        "mediaType","createdBy",
 *                        "toc":{"kind":n,"digest","offset","size"}}],   of a layer that has one; see stella_layer
 *             "files":[path...]}                    of a directory: what the description was read from, in order; absent
 *                                                   when that is more than fits
 *            config is the JSON text of the image configuration, as one string
 *
 * "formats": can the outputs be written? Asked before a remote image is downloaded.
 *   request  {"formats":..., "template":...} as of image.open, and whatever else that has
 *   reply    empty
 *
 * "layer": read one layer, write its evidence pack.
 *   fds      0 the stored bytes (a pipe) or the directory
 *            1 pack, an empty file to write to
 *            2 scratch, an empty file
 *            3 links, an empty file to write to; the one of the earlier reading when the request says so
 *            4 base, a pack of the same bytes, when the request names plugins
 *   request  {"kind":"blob"|"directory"|"file"|"toc", "name":...,
 *             "size":n,                             "file": the stored bytes are the one file of the tree, called name
 *             "diffId":"sha256:..." | "",           one that is given is verified
 *             "otherFileSystems":bool,
 *             "ahead":bool,                         there is a processor to inflate ahead of the walk
 *             "paths":[...],                        when given: a supplement with these files only
 *             "links":bool,                         the layer is read again, with what the earlier reading wrote to 3
 *             "plugins":[id...],                    when given: for these analyzers only; what the others that are loaded
 *                                                   learnt is taken from the base, which must have it
 *             "options":n,                          STELLA_OPTION_* for the analyzers; absent: none
 *             "lookup":bool,                        with plugins: nothing is fed. When the base's index holds no file that
 *                                                   one of them wants, its pack with empty segments for them is written
 *             "limits":{"entries","pathBytes","layerBytes","ratio","ratioBytes"}}   absent: default
 *   reply    {"diffId":"sha256:..." | "", "entries":n, "bytes":n, "unreadable":n, "links":n,
 *             "segments":[{"plugin":"" | id, "digest":..., "offset":n, "size":n}],                 plugin "": the index
 *             "lost":[{"plugin":id,"message":...}],
 *             "wanted":bool}                        of a lookup: the bytes must be read, and there is no pack
 *            links: how many hard links met an interest when their bytes had passed already. Unless it is 0, the same
 *            bytes are to be fed once more, to a job with "links":true and the file that this one wrote: it serves the
 *            bytes, when they come under the first name, under the links' names as well. Then links is 0, and this
 *            reading's pack the one that counts. A directory has none: each of its names is opened
 *
 * "layer.toc": which parts of a layer that has a table of contents are needed?
 *   fds      0 the table's stored bytes, a file
 *            1 scratch, an empty file
 *   request  {"toc":{"digest":"sha256:..." | "",    of the table's JSON, to be verified; empty: the stored bytes were
 *                    "dataBytes":n}}                of the blob, before the table: what it names lies there
 *   reply    {"ranges":[[offset,size],...]}         ascending, apart; at most 1024
 *   Then "layer" with kind "toc" and the same "toc":
 *   fds      0 the table's stored bytes, a file; 1 to 3 as of any layer; 4 a file with those parts at their places
 *   What is not wanted by its path has a row and no content. plugins and paths cannot be asked for.
 *
 * "image.analyze": merge the packs, run the analyzers, write the outputs.
 *   fds      packs and supplements, then the outputs, as the request says
 *   request  {"image":{as above}, "subject":..., "epochMs":n | -1, "round":1|2|3,
 *             "layers":[{"digest","diffId","mediaType","createdBy","size","entries",
 *                        "pack":pos | -1, "supplement":pos | -1, "missing":bool,
 *                        "gone":bool}],         gone: it could not be read again for this round
 *             "errors":[{"plugin","code","message","path","layer":n | -1,"lost":bool}],     what went wrong before
 *             "counters":[{"name","value"}],
 *             "outputs":[{"format","fd":pos,"color":bool,"byLayer":bool,"width":n,
 *                         "view":"inventory" | "usage"}],     usage: what an entrypoint reaches; absent: inventory
 *             "process":text,                       what is started instead of what the image says: see process.h
 *             "template":text,                      absent: none
 *             "options":n,                          STELLA_OPTION_* for the analyzers; absent: none
 *             "declared":"auto"|"on"|"off",         components that only a lock file names; absent: auto
 *             "dev":bool,                           of those also what only development needs, or nobody must have
 *             "managed":bool,                       what the distribution's packages own, in every format
 *             "onlyLayer":n,                        the result is what this layer introduces; absent or -1: everything
 *             "memoryBytes":n}
 *   reply    {"damaged":[pos,...]}                  these descriptors are no packs (checksum, format): drop them where they
 *                                                   are kept, read their layers again and ask again; or
 *            {"pending":[{"layer":n,"path":...}]}   read these beside what was read before, and start the next round, or
 *            {"components":n, "lost":[{"plugin","code","message","path"}],
 *             "counts":[{"name","value"}],             what analyzers counted
 *             "outputs":[{"format","error":"" | message}]}
 *
 * "image.diff": compare two results.
 *   fds      0 the old result, 1 the new one, as the emitter "json" writes them; then the outputs
 *   request  {"view":"inventory"|"usage",           usage: only what an entrypoint reaches
 *             "managed":bool,                       also what belongs to packages of the distribution
 *             "byLayer":bool,                       for people: under headings, one for each layer
 *             "epochMs":n | -1,
 *             "outputs":[{"format":"json"|"table"|"markdown","fd":pos,"color":bool,"width":n}]}
 *   reply    {"changes":n, "partial":bool}          partial: one of the results is not whole
 *
 * "pack.check": read all of a pack. An error when it is damaged.
 *   fds      0 the pack
 *   request, reply  none */
/* In the host of role connect:
 *
 * "remote.open": which blobs is this remote image made of?
 *   fds      0 a connected socket of a daemon of this machine, when the request says so
 *   request  {"scheme":"registry" ..., "name":"docker.io/library/alpine:3.20", "platform":...,
 *             "access":"{...}" | "",      the text of stella_target.access: secrets, never to be logged
 *             "socket":0 | -1}
 *   reply    that of image.open; a layer may be of kind "archive", alone
 *
 * "remote.fetch": the stored bytes of one of its layers, as they are; who reads them checks them.
 *   fds      0 where to write them (a pipe)
 *            1 a connected socket, when the request says so
 *   request  {as of remote.open, "socket":1 | -1,
 *             "offset":n, "size":n,              or
 *             "ranges":[[offset,size],...],      these parts, one behind the other; at most 4096
 *             "layer":{"kind","path","offset","size","digest","diffId","mediaType","createdBy"}}
 *             of an archive the size is not known: 0
 *   reply    empty */
#ifndef SCANNER_ENGINE_PROTOCOL_H
#define SCANNER_ENGINE_PROTOCOL_H

#define ENGINE_JOB_OPEN    "image.open"
#define ENGINE_JOB_FORMATS "formats"
#define ENGINE_JOB_LAYER   "layer"
#define ENGINE_JOB_TOC     "layer.toc"
#define ENGINE_JOB_ANALYZE "image.analyze"
#define ENGINE_JOB_DIFF    "image.diff"
#define ENGINE_JOB_CHECK   "pack.check"

#define ENGINE_ROUNDS_MAX  3u  /* of image.analyze: layers are read again twice at most */
#define ENGINE_ROUNDS_DEEP 24u /* with STELLA_OPTION_USAGE_DEEP: one file's imports lead to the next */

#define CONNECTOR_JOB_OPEN  "remote.open"
#define CONNECTOR_JOB_FETCH "remote.fetch"

#define CONNECTOR_ID      "org.stella-ops.scanner.connector"
#define CONNECTOR_VERSION "0.1.0"

#define ENGINE_ID      "org.stella-ops.scanner.engine"
#define ENGINE_VERSION "0.1.0"

#endif
