# add_unit_test(ROOM/NAME LIBRARY...): builds tests/ROOM/NAME_test.c as NAME_test and adds the test unit.NAME with label unit.
function(add_unit_test test)
  if(NOT HM_TESTS)
    return()
  endif()
  get_filename_component(name ${test} NAME)
  add_executable(${name}_test tests/${test}_test.c)
  target_link_libraries(${name}_test PRIVATE project_warnings PkgConfig::cmocka test_files ${ARGN})
  target_include_directories(${name}_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${name}_test PRIVATE HM_SOURCE="${CMAKE_SOURCE_DIR}")
  set_target_properties(${name}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME unit.${name}
           COMMAND ${CMAKE_SOURCE_DIR}/ci/clean-env $<TARGET_FILE:${name}_test> WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 300
    ENVIRONMENT TMPDIR=${CMAKE_BINARY_DIR}/tests) # /tmp may be mounted noexec
endfunction()

# wrap_functions(NAME FUNCTION...): in the unit test NAME, calls of the functions go to its __wrap_FUNCTION. Where the linker cannot
# do that, as on macOS, the test is not built, and ctest says that it was disabled.
include(CheckLinkerFlag)
check_linker_flag(C -Wl,--wrap=malloc HM_LINKER_WRAPS)
function(wrap_functions name)
  if(NOT HM_TESTS)
    return()
  elseif(HM_LINKER_WRAPS)
    list(TRANSFORM ARGN PREPEND -Wl,--wrap=)
    target_link_options(${name}_test PRIVATE ${ARGN})
  else()
    set_target_properties(${name}_test PROPERTIES EXCLUDE_FROM_ALL TRUE)
    set_tests_properties(unit.${name} PROPERTIES DISABLED TRUE)
  endif()
endfunction()

# wrap_memory(NAME...): in these unit tests memory runs out, see client/tests/failing_memory.h.
function(wrap_memory)
  foreach(name IN LISTS ARGN)
    wrap_functions(${name} malloc calloc realloc strdup strndup)
    if(HM_TESTS)
      target_link_libraries(${name}_test PRIVATE failing_memory)
    endif()
  endforeach()
endfunction()

# add_cli_test(NAME): adds tests/cli_NAME.sh as the test cli.NAME with label cli. It runs in an empty directory, with the functions of
# ci/cli-lib.sh, HM_BIN (the programs) and HM_SOURCE (the source tree). Exit code 77: skipped.
function(add_cli_test name)
  if(NOT HM_TESTS)
    return()
  endif()
  add_test(NAME cli.${name}
           COMMAND ${CMAKE_SOURCE_DIR}/ci/cli-test ${CMAKE_BINARY_DIR}
                   ${CMAKE_CURRENT_SOURCE_DIR}/tests/cli_${name}.sh)
  set_tests_properties(cli.${name} PROPERTIES LABELS cli TIMEOUT 600 SKIP_RETURN_CODE 77)
endfunction()
