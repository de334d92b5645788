# project_warnings: compiler flags for all our targets.
add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla
  $<$<BOOL:${HM_WARNINGS_AS_ERRORS}>:-Werror>
  -fstack-protector-strong
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
# POSIX.1-2008 and nothing else, so that a compiler for Linux refuses what other systems do not have. Where macros can only be
# switched off together, macOS and the BSDs would also hide what all of them have.
target_compile_definitions(project_warnings INTERFACE _POSIX_C_SOURCE=200809L _XOPEN_SOURCE=700
  $<$<PLATFORM_ID:Darwin>:_DARWIN_C_SOURCE> $<$<PLATFORM_ID:FreeBSD,DragonFly>:__BSD_VISIBLE=1>
  $<$<PLATFORM_ID:OpenBSD>:_BSD_SOURCE> $<$<PLATFORM_ID:NetBSD>:_NETBSD_SOURCE>)
