# For clang-tidy, which also says what clang warns of. Nothing is built.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_C_FLAGS_RELEASE "-O0 -DNDEBUG" CACHE STRING "") # nothing of it is run
set(HM_WARNINGS_AS_ERRORS ON CACHE BOOL "")
