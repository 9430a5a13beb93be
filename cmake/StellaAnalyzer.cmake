# stella_analyzer(NAME [LIBRARIES library...] [FUZZ target...]): the analyzer whose sources are this folder, as library analyzer_NAME for its
# tests and as plugin analyzer-NAME with the id org.stella-ops.analyzer.NAME; '_' in NAME is '-' in both. tests/CMakeLists.txt makes programs
# of tests/unit/NAME/*_test.c and of the fuzz targets named here.
function(stella_analyzer name)
  cmake_parse_arguments(A "" "" "LIBRARIES;FUZZ" ${ARGN})
  string(REPLACE "_" "-" dashed ${name})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(analyzer_${name} STATIC ${sources})
  target_link_libraries(analyzer_${name} PUBLIC ${A_LIBRARIES} analyzer_common stella)
  target_include_directories(analyzer_${name} INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/..) # "NAME/x.h"
  stella_add_plugin(analyzer-${dashed} ID org.stella-ops.analyzer.${dashed} SOURCES ${sources} LIBRARIES ${A_LIBRARIES} analyzer_common)
  set_property(GLOBAL APPEND PROPERTY STELLA_ANALYZERS ${name})
  set_property(GLOBAL PROPERTY STELLA_ANALYZER_FUZZ_${name} "${A_FUZZ}")
endfunction()

# stella_entrytrace(NAME [LIBRARIES library...] [FUZZ target...]): the same for the entry tracer org.stella-ops.entrytrace.NAME: library
# entrytrace_NAME, plugin entrytrace-NAME, tests in tests/unit/entrytrace_NAME.
function(stella_entrytrace name)
  cmake_parse_arguments(A "" "" "LIBRARIES;FUZZ" ${ARGN})
  stella_traced(entrytrace ${name} "${A_LIBRARIES}" "${A_FUZZ}")
endfunction()

# stella_usage(NAME [LIBRARIES library...] [FUZZ target...]): and for the analyzer of what programs load, org.stella-ops.usage.NAME.
function(stella_usage name)
  cmake_parse_arguments(A "" "" "LIBRARIES;FUZZ" ${ARGN})
  stella_traced(usage ${name} "${A_LIBRARIES}" "${A_FUZZ}")
endfunction()

function(stella_traced kind name libraries fuzz)
  string(REPLACE "_" "-" dashed ${name})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(${kind}_${name} STATIC ${sources})
  target_link_libraries(${kind}_${name} PUBLIC ${libraries} stella)
  target_include_directories(${kind}_${name} INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/..) # "NAME/x.h"
  stella_add_plugin(${kind}-${dashed} ID org.stella-ops.${kind}.${dashed} SOURCES ${sources} LIBRARIES ${libraries})
  set_property(GLOBAL APPEND PROPERTY STELLA_TRACED ${kind}_${name})
  set_property(GLOBAL PROPERTY STELLA_TRACED_FUZZ_${kind}_${name} "${fuzz}")
endfunction()
