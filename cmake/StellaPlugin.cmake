# stella_add_plugin(NAME ID id SOURCES file... [LIBRARIES library...])
#
# Builds NAME.so with its one exported symbol, completes manifests/<id>.json with size and digest, signs it with the build's development key
# and lays the plugin out under <build>/lib/stella/plugins/<id>/, where the build's own programs find it.
set(STELLA_PLUGIN_OUTPUT ${CMAKE_BINARY_DIR}/lib/stella/plugins)

function(stella_add_plugin name)
  cmake_parse_arguments(P "" "ID" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${name} MODULE ${P_SOURCES})
  set_target_properties(${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugin-objects/${P_ID} LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/plugin.map)
  target_link_libraries(${name} PRIVATE ${P_LIBRARIES} stella)
  target_link_options(${name} PRIVATE -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/plugin.map)
  if(NOT STELLA_SANITIZE AND NOT STELLA_FUZZ)
    target_link_options(${name} PRIVATE -Wl,-z,defs) # a host symbol used by accident is an error at once
  endif()
  set_property(GLOBAL APPEND PROPERTY STELLA_PLUGINS ${name})
  set_property(TARGET ${name} PROPERTY STELLA_PLUGIN_ID ${P_ID})
endfunction()
