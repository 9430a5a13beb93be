rockspec_format = "3.0"
package = "toylib"
version = "2.1-2"
source = { url = "git://example.org/toylib" }
description = { license = "BSD-3-Clause" }
build = { type = "builtin", modules = { toylib = "src/toy/util.lua" } }
