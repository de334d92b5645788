# For tests: AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer. The first report ends the program.
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all" CACHE STRING "")
set(HM_WARNINGS_AS_ERRORS ON CACHE BOOL "")
