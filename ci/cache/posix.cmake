# What systems other than Linux get, built and tested on Linux: see client/support/platform.h.
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_C_FLAGS_RELEASE "-O1 -g1" CACHE STRING "")
set(HM_PLATFORM posix CACHE STRING "")
set(HM_WARNINGS_AS_ERRORS ON CACHE BOOL "")
