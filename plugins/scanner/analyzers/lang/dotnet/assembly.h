/* assembly.h - what an assembly (ECMA-335) says of itself in its version resource. */
#ifndef DOTNET_ASSEMBLY_H
#define DOTNET_ASSEMBLY_H

#include <stella/arena.h>
#include <stella/error.h>

/* Texts borrow from the path or live in the arena. */
typedef struct assembly {
    stella_sv name;      /* by which others refer to it */
    stella_sv version;   /* empty: none is stated */
    stella_sv build;     /* the version of the product it is part of, without what follows a '+' */
    stella_sv product;   /* "Microsoft(R) .NET" */
    stella_sv publisher; /* "Microsoft Corporation" */
} assembly;

/* path  of the file, whose name is the assembly's when the resource has none
 * out   set on success
 * Returns STELLA_E_NOTFOUND for what is no assembly or states nothing, or holds only translated texts; STELLA_E_FORMAT for a
 * damaged one, STELLA_E_NOMEM. */
stella_status assembly_read(stella_sv bytes, stella_sv path, stella_arena *arena, assembly *out, stella_error *err);

/* The greater by its first three numbers; the first when they are equal, or the second is no version. */
stella_sv assembly_greater(stella_sv product, stella_sv file);

#endif
