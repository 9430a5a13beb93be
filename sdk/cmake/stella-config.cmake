# find_package(stella) gives stella::sdk: the headers and libstella, for plugins and their tests.
get_filename_component(stella_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET stella::sdk)
  add_library(stella::sdk STATIC IMPORTED)
  set_target_properties(stella::sdk PROPERTIES
    IMPORTED_LOCATION "${stella_PREFIX}/lib/libstella.a"
    INTERFACE_INCLUDE_DIRECTORIES "${stella_PREFIX}/include"
    INTERFACE_LINK_LIBRARIES "crypto;sodium")
  add_library(stella::testing STATIC IMPORTED)
  set_target_properties(stella::testing PROPERTIES
    IMPORTED_LOCATION "${stella_PREFIX}/lib/libstella_testing.a"
    INTERFACE_LINK_LIBRARIES "stella::sdk")
endif()
set(stella_PLUGIN_MAP "${stella_PREFIX}/share/stella/plugin.map")
