# What `cmake --install` lays out: everything but the plugins, which scripts/install signs on the spot. The build folder itself is such a
# prefix, so that its programs, its SDK and its template work in place.
include(CMakePackageConfigHelpers)
file(STRINGS ${CMAKE_SOURCE_DIR}/sdk/include/stella/abi.h abi_version REGEX "define STELLA_ABI_M[AI][JN]OR [0-9]+$")
string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*" "\\1.\\2" STELLA_SDK_VERSION "${abi_version}")
configure_file(${CMAKE_SOURCE_DIR}/sdk/cmake/stella-sdk.pc.in ${CMAKE_BINARY_DIR}/lib/pkgconfig/stella-sdk.pc @ONLY)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/lib/cmake/stella/stella-config-version.cmake VERSION ${STELLA_SDK_VERSION} COMPATIBILITY SameMajorVersion)
configure_file(${CMAKE_SOURCE_DIR}/sdk/cmake/stella-config.cmake ${CMAKE_BINARY_DIR}/lib/cmake/stella/stella-config.cmake COPYONLY)
configure_file(${CMAKE_SOURCE_DIR}/cmake/plugin.map ${CMAKE_BINARY_DIR}/share/stella/plugin.map COPYONLY)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/sdk/include ${CMAKE_BINARY_DIR}/include SYMBOLIC)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/sdk/template ${CMAKE_BINARY_DIR}/share/stella/template SYMBOLIC)

# stellad(8) from its --help; the verbs of `stella` write their own pages (cli/CMakeLists.txt).
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/share/man/man8/stellad.8
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/share/man/man8
  COMMAND $<TARGET_FILE:stellad> --help | awk -v name=stellad -v section=8 -f ${CMAKE_SOURCE_DIR}/scripts/help-to-man > ${CMAKE_BINARY_DIR}/share/man/man8/stellad.8
  DEPENDS stellad ${CMAKE_SOURCE_DIR}/scripts/help-to-man VERBATIM COMMENT "Manual page of stellad")
add_custom_target(stellad_manual ALL DEPENDS ${CMAKE_BINARY_DIR}/share/man/man8/stellad.8)

install(PROGRAMS ${CMAKE_BINARY_DIR}/bin/stella ${CMAKE_BINARY_DIR}/bin/stellad TYPE BIN)
install(DIRECTORY ${CMAKE_BINARY_DIR}/share/man ${CMAKE_BINARY_DIR}/share/bash-completion ${CMAKE_BINARY_DIR}/share/zsh
  ${CMAKE_BINARY_DIR}/share/fish DESTINATION share)
install(DIRECTORY sdk/include/stella TYPE INCLUDE)
install(FILES ${CMAKE_BINARY_DIR}/lib/pkgconfig/stella-sdk.pc DESTINATION lib/pkgconfig)
install(FILES ${CMAKE_BINARY_DIR}/lib/cmake/stella/stella-config-version.cmake sdk/cmake/stella-config.cmake DESTINATION lib/cmake/stella)
install(FILES cmake/plugin.map DESTINATION share/stella)
install(DIRECTORY sdk/template DESTINATION share/stella)
install(FILES etc/systemd/stella.sysusers DESTINATION lib/sysusers.d RENAME stella.conf)
install(FILES etc/systemd/stella.tmpfiles DESTINATION lib/tmpfiles.d RENAME stella.conf)
install(FILES README.md LICENSE SECURITY.md CONTRIBUTING.md TYPE DOC)
install(DIRECTORY docs/ TYPE DOC)
