# On Linux the tests also run programs that are linked with client/support/platform_posix.c, from the same objects. Linked first, it
# keeps the other platform file in its library.

# add_posix_twin(PROGRAM [SOURCE...]): builds the program again, as bin/posix/NAME. The sources stand for others in its libraries, too.
function(add_posix_twin program)
  if(NOT TARGET platform_posix)
    return()
  endif()
  get_target_property(libraries ${program} LINK_LIBRARIES)
  get_target_property(name ${program} OUTPUT_NAME)
  add_executable(${program}_posix ${ARGN} $<TARGET_OBJECTS:platform_posix> $<TARGET_OBJECTS:${program}>)
  target_link_libraries(${program}_posix PRIVATE ${libraries})
  target_link_options(${program}_posix PRIVATE $<TARGET_PROPERTY:${program},LINK_OPTIONS>)
  set_target_properties(${program}_posix PROPERTIES LINKER_LANGUAGE C RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/posix)
  if(name)
    set_target_properties(${program}_posix PROPERTIES OUTPUT_NAME ${name})
  endif()
endfunction()

# add_posix_unit_test(ROOM/NAME): the unit test again, as posix.NAME.
function(add_posix_unit_test test)
  get_filename_component(name ${test} NAME)
  if(NOT TARGET platform_posix)
    return()
  endif()
  add_posix_twin(${name}_test)
  set_target_properties(${name}_test_posix PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME posix.${name}
           COMMAND ${CMAKE_SOURCE_DIR}/ci/clean-env $<TARGET_FILE:${name}_test_posix> WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(posix.${name} PROPERTIES LABELS posix TIMEOUT 300 ENVIRONMENT TMPDIR=${CMAKE_BINARY_DIR}/tests)
endfunction()

# add_posix_cli_test(NAME): the test of a command line again, with the programs of bin/posix, as posix.NAME.
function(add_posix_cli_test name)
  if(NOT TARGET platform_posix)
    return()
  endif()
  add_test(NAME posix.${name}
           COMMAND ${CMAKE_SOURCE_DIR}/ci/cli-test ${CMAKE_BINARY_DIR}
                   ${CMAKE_CURRENT_SOURCE_DIR}/tests/cli_${name}.sh)
  set_tests_properties(posix.${name} PROPERTIES LABELS posix TIMEOUT 600 SKIP_RETURN_CODE 77 ENVIRONMENT HM_PLATFORM=posix)
endfunction()
