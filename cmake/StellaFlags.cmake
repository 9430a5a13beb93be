# Compiler settings for everything: C17, warnings as errors on gcc and clang, hardening, sanitizers by preset.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Without NDEBUG: an assert is a broken promise of our own, which a daemon that checks signatures must not survive, and fuzz targets replayed
# as tests would check nothing.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")

set(STELLA_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")
option(STELLA_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
option(STELLA_COVERAGE "Instrument for gcov" OFF)
option(STELLA_WERROR "Warnings are errors" ON)

add_compile_definitions(_GNU_SOURCE)
add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wpointer-arith -Wcast-align -Wwrite-strings -Wformat=2 -Wundef -Wvla
  -fno-common -fno-strict-aliasing $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wold-style-definition>)
if(STELLA_WERROR)
  add_compile_options(-Werror)
endif()

# Hardening. FORTIFY_SOURCE needs optimisation, and hides what the sanitizers would report.
add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection)
if(NOT STELLA_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

if(STELLA_SANITIZE)
  add_compile_options(-fsanitize=${STELLA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${STELLA_SANITIZE})
  add_compile_definitions(STELLA_SANITIZED=1)
endif()
if(STELLA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(STELLA_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
