# For ci/package: without debugging information and paths, so that any folder gives the same bytes.
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG -D_FORTIFY_SOURCE=2 -g0" CACHE STRING "")
set(CMAKE_EXE_LINKER_FLAGS "-Wl,-z,relro,-z,now -Wl,--gc-sections" CACHE STRING "")
set(CMAKE_INSTALL_PREFIX /usr CACHE PATH "") # the folder of libraries depends on it
set(HM_WARNINGS_AS_ERRORS ON CACHE BOOL "")
set(HM_TESTS OFF CACHE BOOL "")
set(HM_LINK_MAPS ON CACHE BOOL "")
set(HM_ZSH_COMPLETIONS share/zsh/vendor-completions CACHE STRING "") # where Debian's zsh looks
set(HM_STATIC_HIREDIS ON CACHE BOOL "")
