# For the tarball of ci/package: with the compiler and the static libraries of ci/static-parts, which are in HM_STATIC.
set(HM_ZSH_COMPLETIONS share/zsh/site-functions CACHE STRING "")
include(${CMAKE_CURRENT_LIST_DIR}/package.cmake)
set(CMAKE_C_COMPILER "$ENV{HM_STATIC}/cc" CACHE STRING "")
set(CMAKE_PREFIX_PATH "$ENV{HM_STATIC}" CACHE STRING "")
set(OPENSSL_ROOT_DIR "$ENV{HM_STATIC}" CACHE STRING "")
set(OPENSSL_USE_STATIC_LIBS ON CACHE BOOL "")
set(HM_UTHASH_INCLUDE "$ENV{HM_STATIC}/include" CACHE PATH "")
