local base, rev = "1.2", "-1"
package = "toy"
version = base .. rev
source = { url = "git://example.org/toy" }
description = {
   summary = "A rock to play with",
   homepage = "https://example.org/toy",
   license = "MIT"
}
dependencies = { "lua >= 5.1", "toylib >= 2.0, < 3" }
build = {
   type = "builtin",
   modules = { toy = "src/toy/init.lua", ["toy.util"] = "src/toy/util.lua" },
   install = { bin = { "src/toy-run" } }
}
