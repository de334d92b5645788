# What belongs to the packages besides programs, manuals and library; and the .deb files, made by `cpack -G DEB`.
# ci/package.md has more. Documents keep their folders, so that their links work.
option(HM_LINK_MAPS "Write PROGRAM.map beside each program: what the linker took from which library" OFF)
if(HM_LINK_MAPS)
  foreach(program IN ITEMS heymarket_cli heymarket_mock heymarket_conformance)
    if(TARGET ${program})
      target_link_options(${program} PRIVATE -Wl,-Map=$<TARGET_FILE:${program}>.map)
    endif()
  endforeach()
endif()

file(GLOB pages CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} README.md CONTRIBUTING.md client/*.md mock/*.md conformance/*.md ci/package.md)
foreach(page IN LISTS pages)
  get_filename_component(folder ${page} DIRECTORY)
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/heymarket/${folder})
endforeach()
install(FILES CHANGELOG.md RENAME changelog DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/heymarket)
install(FILES ci/packaging/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/heymarket)
install(FILES ci/packaging/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libheymarket-dev COMPONENT dev)
install(DIRECTORY fixtures DESTINATION ${CMAKE_INSTALL_DATADIR}/heymarket FILES_MATCHING PATTERN *.json)
install(FILES ci/packaging/apparmor RENAME heymarket-mock DESTINATION ${CMAKE_INSTALL_DATADIR}/heymarket/apparmor)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME heymarket)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "contract kit for the Heymarket contact-channel API") # the first line of both
set(CPACK_PACKAGE_VENDOR "heymarket contract kit")
set(CPACK_COMPONENTS_ALL tools dev)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/ci/packaging/before_deb.cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "heymarket contract kit <maintainers@heymarket-contract-kit.invalid>")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME heymarket)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TOOLS_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_TOOLS_PACKAGE_CONTROL_EXTRA "${CMAKE_SOURCE_DIR}/ci/packaging/postinst;${CMAKE_SOURCE_DIR}/ci/packaging/prerm")
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "Mock, client and conformance suite:
heymarket-mock is a mock of the API that explains what is wrong with a
request, heymarket signs and checks tokens and calls the API, and
heymarket-conformance tests servers that implement the contract and
integrations that call it. This is not an official Heymarket product.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libheymarket-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libcurl4-openssl-dev (>= 7.85), libjansson-dev (>= 2.13), libssl-dev (>= 3.0), pkg-config | pkgconf")
set(CPACK_COMPONENT_DEV_DESCRIPTION "C library, development files:
Signs, inspects and verifies tokens, and creates, reads, changes and deletes
the channels of a contact, with typed errors and safe retries. The library is
static: headers, libheymarket.a, libheymarket_contract.a, and the files for
pkg-config and CMake. This is not an official Heymarket product.")
include(CPack)
