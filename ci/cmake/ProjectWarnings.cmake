# project_warnings: compiler flags for all our targets.
add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla
  $<$<BOOL:${HM_WARNINGS_AS_ERRORS}>:-Werror>
  -fstack-protector-strong
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
target_compile_definitions(project_warnings INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
