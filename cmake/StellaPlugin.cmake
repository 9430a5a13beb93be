# stella_add_plugin(NAME ID id SOURCES file... [LIBRARIES library...] [MANIFEST file])
#
# Builds NAME.so with its one exported symbol, completes the manifest (manifests/<id>.json) with size and digest, signs it with the build's
# development key and lays the plugin out under <build>/lib/stella/plugins/<id>/, where the build's own programs find it.
#
# What is signed has no debug information: four fifths of a binary, which every start would read and hash. It stays in
# <build>/plugin-objects/<id>/NAME.so; names of functions stay in both.
set(STELLA_PLUGIN_OUTPUT ${CMAKE_BINARY_DIR}/lib/stella/plugins)

# Programs refuse plugins below a folder that others may write; a folder made under umask 0002 would be one.
foreach(folder . etc etc/stella etc/stella/trust.d lib lib/stella lib/stella/plugins)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/${folder})
  file(CHMOD ${CMAKE_BINARY_DIR}/${folder} DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)
endforeach()

# The development key is made once a build folder, and trusted by that folder's own configuration alone: <build>/etc/stella/trust.d.
set(STELLA_DEV_KEY ${CMAKE_BINARY_DIR}/dev/dev.key)
set(STELLA_DEV_ANCHOR ${CMAKE_BINARY_DIR}/etc/stella/trust.d/dev.json)
add_custom_command(OUTPUT ${STELLA_DEV_KEY} ${CMAKE_BINARY_DIR}/dev/dev.pub
  COMMAND stella_program key generate --quiet --output ${CMAKE_BINARY_DIR}/dev dev
  VERBATIM COMMENT "A development key for this build folder")
add_custom_command(OUTPUT ${STELLA_DEV_ANCHOR}
  COMMAND stella_program key trust --quiet --trust-dir ${CMAKE_BINARY_DIR}/etc/stella/trust.d
          --role scan --role connect --role sign --role kernel --role cli ${CMAKE_BINARY_DIR}/dev/dev.pub
  DEPENDS ${CMAKE_BINARY_DIR}/dev/dev.pub
  VERBATIM COMMENT "The build's own configuration trusts the key")
add_custom_target(stella_dev_key ALL DEPENDS ${STELLA_DEV_KEY} ${STELLA_DEV_ANCHOR})

# NAME.so in its own folder, with the one symbol that a plugin may export.
function(stella_plugin_library name)
  cmake_parse_arguments(P "" "ID" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${name} MODULE ${P_SOURCES})
  set_target_properties(${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugin-objects/${P_ID} LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/plugin.map)
  target_link_libraries(${name} PRIVATE ${P_LIBRARIES} stella)
  target_link_options(${name} PRIVATE -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/plugin.map)
  if(NOT STELLA_SANITIZE AND NOT STELLA_FUZZ)
    target_link_options(${name} PRIVATE -Wl,-z,defs) # a host symbol used by accident is an error at once
    # Two mappings a plugin instead of four, and in C no start-up code: it would bring initialised data (a page to copy), functions to
    # run and symbols to look for in every library, all for nothing. Each is loaded twice a start.
    target_link_options(${name} PRIVATE -Wl,-z,noseparate-code $<$<LINK_LANGUAGE:C>:-nostartfiles>)
  endif()
endfunction()

function(stella_add_plugin name)
  cmake_parse_arguments(P "" "ID;MANIFEST" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT P_MANIFEST)
    set(P_MANIFEST ${CMAKE_SOURCE_DIR}/manifests/${P_ID}.json)
  endif()
  stella_plugin_library(${name} ID ${P_ID} SOURCES ${P_SOURCES} LIBRARIES ${P_LIBRARIES})
  set(folder ${STELLA_PLUGIN_OUTPUT}/${P_ID})
  set(lean ${CMAKE_BINARY_DIR}/plugin-lean/${P_ID})
  set(make_lean ${CMAKE_STRIP} --strip-debug $<TARGET_FILE:${name}> -o ${lean}/${name}.so)
  if(STELLA_SANITIZE OR STELLA_FUZZ) # their reports want lines
    set(make_lean ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${name}> ${lean}/${name}.so)
  endif()
  add_custom_command(OUTPUT ${folder}/plugin.sig
    BYPRODUCTS ${folder}/plugin.json ${folder}/${name}.so ${lean}/${name}.so
    COMMAND ${CMAKE_COMMAND} -E make_directory ${lean}
    COMMAND ${make_lean}
    COMMAND stella_program plugin sign --quiet --key ${STELLA_DEV_KEY} --manifest ${P_MANIFEST} --output ${folder} ${lean}
    DEPENDS ${name} ${P_MANIFEST} ${STELLA_DEV_KEY}
    VERBATIM COMMENT "Signing ${P_ID}")
  add_custom_target(${name}.signed ALL DEPENDS ${folder}/plugin.sig)
  add_dependencies(${name}.signed stella_dev_key)
  set_property(GLOBAL APPEND PROPERTY STELLA_PLUGIN_IDS ${P_ID})
endfunction()

# stella_remove_stale_plugins(): call it after the last stella_add_plugin(). What an earlier state of the sources built and signed in this
# build folder would be loaded still; plugins that came there another way stay.
function(stella_remove_stale_plugins)
  get_property(ids GLOBAL PROPERTY STELLA_PLUGIN_IDS)
  file(GLOB built RELATIVE ${CMAKE_BINARY_DIR}/plugin-objects ${CMAKE_BINARY_DIR}/plugin-objects/*)
  foreach(id ${built})
    if(NOT id IN_LIST ids AND IS_DIRECTORY ${STELLA_PLUGIN_OUTPUT}/${id})
      message(STATUS "Removing ${id}, which is built no more")
      file(REMOVE_RECURSE ${STELLA_PLUGIN_OUTPUT}/${id} ${CMAKE_BINARY_DIR}/plugin-objects/${id} ${CMAKE_BINARY_DIR}/plugin-lean/${id})
    endif()
  endforeach()
endfunction()
