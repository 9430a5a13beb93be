# stella_unit_tests(FOLDER library...): one program per tests/unit/FOLDER/*_test.c, named FOLDER.NAME.
function(stella_unit_tests folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/*_test.c)
  string(REPLACE "/" "." prefix ${folder})
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_test$" "" name ${name})
    set(target test.${prefix}.${name})
    add_executable(${target} ${source})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/kernel ${CMAKE_SOURCE_DIR})
    target_compile_definitions(${target} PRIVATE STELLA_SOURCE_DIR="${CMAKE_SOURCE_DIR}" STELLA_BUILD_DIR="${CMAKE_BINARY_DIR}")
    target_link_libraries(${target} PRIVATE ${ARGN} stella PkgConfig::cmocka)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME ${prefix}.${name} COMMAND ${target})
    # cmocka catches SIGSEGV itself: without handle_segv=2 a sanitizer's report of a crash would not be seen.
    set_tests_properties(${prefix}.${name} PROPERTIES TIMEOUT 300 ENVIRONMENT
      "ASAN_OPTIONS=handle_segv=2:handle_abort=2:detect_leaks=1;UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp")
  endforeach()
endfunction()

# stella_fuzz_target(NAME library...): the program of tests/fuzz/NAME_fuzz.c. With STELLA_FUZZ it is a libFuzzer target; otherwise it
# replays the seeds in tests/fuzz/seeds/NAME/ and runs as an ordinary test.
function(stella_fuzz_target name)
  set(target fuzz.${name})
  add_executable(${target} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}_fuzz.c)
  target_compile_options(${target} PRIVATE -Wno-missing-prototypes) # libFuzzer's entry has no header
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/kernel ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${ARGN} stella)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(STELLA_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
    add_test(NAME fuzz.${name} COMMAND ${target} ${CMAKE_SOURCE_DIR}/tests/fuzz/seeds/${name})
    set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 300)
  endif()
endfunction()
