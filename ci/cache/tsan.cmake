# For threaded tests: ThreadSanitizer.
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer -fsanitize=thread" CACHE STRING "")
set(HM_WARNINGS_AS_ERRORS ON CACHE BOOL "")
