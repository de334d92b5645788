# The settings of ci/package, which builds no tests, are accepted: only ci/whole makes the packages themselves.
civetweb=$(sed -n 's/^HM_CIVETWEB_PREFIX:[A-Z]*=//p' "$HM_BUILD/CMakeCache.txt")
"$CMAKE" -S "$HM_SOURCE" -B built -C "$HM_SOURCE/ci/cache/package.cmake" -DCMAKE_C_COMPILER="$CC" -DHM_CIVETWEB_PREFIX="$civetweb" \
  >log 2>&1 || { cat log; fail 'cmake with ci/cache/package.cmake'; }
