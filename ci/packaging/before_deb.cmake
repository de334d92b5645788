# Run by cpack on the installed files of both .deb files, before it packs them: Debian's compressed manuals and
# changelogs, and one time for all files. SOURCE_DATE_EPOCH is set by ci/package.
file(GLOB roots ${CPACK_TEMPORARY_DIRECTORY}/*/usr)
foreach(root IN LISTS roots)
  file(GLOB doc ${root}/share/doc/*)
  get_filename_component(package ${doc} NAME)
  execute_process(COMMAND date -u -R -d @$ENV{SOURCE_DATE_EPOCH} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  file(WRITE ${doc}/changelog.Debian
    "${package} (${CPACK_PACKAGE_VERSION}-1) unstable; urgency=medium\n\n"
    "  * Release ${CPACK_PACKAGE_VERSION}: CHANGELOG.md in the sources says what is new.\n\n"
    " -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${date}\n")
  file(GLOB compressed ${root}/share/man/man*/* ${doc}/changelog ${doc}/changelog.Debian)
  execute_process(COMMAND gzip -9n ${compressed} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod -R u=rwX,go=rX ${root} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND find ${root} -exec touch -h -d @$ENV{SOURCE_DATE_EPOCH} {} + COMMAND_ERROR_IS_FATAL ANY)
endforeach()
