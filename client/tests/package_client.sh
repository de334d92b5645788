# Installs the library to its own folder, and builds a separate project against it by find_package()
# and by pkg-config. (ci/package --check does so with the -dev package.)
prefix=$PWD/prefix

"$CMAKE" --install "$HM_BUILD" --prefix "$prefix" --component dev >install.log || { cat install.log; fail 'cannot install'; }
[ ! -e "$prefix/bin" ] || fail 'a program is in the component dev'

cp -r "$HM_SOURCE/client/tests/stranger" .
"$CMAKE" -S stranger -B built -DCMAKE_PREFIX_PATH="$prefix" >cmake.log 2>&1 || { cat cmake.log; fail 'find_package'; }
"$CMAKE" --build built >cmake.log 2>&1 || { cat cmake.log; fail 'cannot build'; }
[ "$(built/creates)" = 'not_sent, written: no' ] || fail 'creates'
built/signs

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name heymarket.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046,SC2086  # words
$CC $CFLAGS -std=c17 -Wall -Wextra -Werror stranger/creates.c -o by_pkg_config $(pkg-config --cflags --libs heymarket) ||
  fail 'pkg-config'
[ "$(./by_pkg_config)" = 'not_sent, written: no' ] || fail 'creates, by pkg-config'
