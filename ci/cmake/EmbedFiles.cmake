# embed_files(TARGET ROOT PATTERN): an object library with the content of every such file below ROOT, in a table named
# TARGET of struct embedded_file (client/support/fixture.h). Rebuilt when a file is added or changed.
function(embed_files target root pattern)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${root} ${root}/${pattern})
  list(SORT files)
  list(TRANSFORM files PREPEND ${root}/ OUTPUT_VARIABLE paths)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}.c)
  list(JOIN files "," joined)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DROOT=${root} -DFILES=${joined} -DOUTPUT=${output} -DTABLE=${target}
            -P ${CMAKE_SOURCE_DIR}/ci/cmake/EmbedFilesRun.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/ci/cmake/EmbedFilesRun.cmake
    COMMENT "Embedding ${root}")
  add_library(${target} OBJECT ${output})
  target_link_libraries(${target} PRIVATE support_headers)
endfunction()
