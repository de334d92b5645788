# add_posix_twin(PROGRAM): on Linux, the same objects also linked with client/support/platform_posix.c, as bin/posix/NAME for tests.
# Linked first, it keeps the other platform file in its library.
function(add_posix_twin program)
  if(NOT TARGET platform_posix)
    return()
  endif()
  get_target_property(libraries ${program} LINK_LIBRARIES)
  get_target_property(name ${program} OUTPUT_NAME)
  add_executable(${program}_posix $<TARGET_OBJECTS:platform_posix> $<TARGET_OBJECTS:${program}>)
  target_link_libraries(${program}_posix PRIVATE ${libraries})
  set_target_properties(${program}_posix PROPERTIES
    OUTPUT_NAME ${name} LINKER_LANGUAGE C RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/posix)
endfunction()

# add_posix_test(TEST): runs the command-line test cli.TEST of this folder with them, as posix.TEST.
function(add_posix_test name)
  if(NOT TARGET platform_posix)
    return()
  endif()
  add_test(NAME posix.${name}
           COMMAND ${CMAKE_SOURCE_DIR}/ci/cli-test ${CMAKE_BINARY_DIR}
                   ${CMAKE_CURRENT_SOURCE_DIR}/tests/cli_${name}.sh)
  set_tests_properties(posix.${name} PROPERTIES LABELS posix TIMEOUT 600 SKIP_RETURN_CODE 77 ENVIRONMENT HM_PLATFORM=posix)
endfunction()
