# Libraries of Debian 12; a new one needs a record in docs/adr/. Each concern links only what it names.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(crypto REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(archive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(config REQUIRED IMPORTED_TARGET libconfig)
pkg_check_modules(lmdb REQUIRED IMPORTED_TARGET lmdb)
pkg_check_modules(microhttpd REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(isal REQUIRED IMPORTED_TARGET libisal)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(lzma REQUIRED IMPORTED_TARGET liblzma)
pkg_check_modules(expat REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
find_package(nng CONFIG REQUIRED)                        # nng::nng; Debian ships no .pc file
find_package(roaring CONFIG REQUIRED)                    # roaring::roaring, of tests alone; Debian ships no .pc file
