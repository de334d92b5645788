# The library is what client/libheymarket.abi says, and ci/abi sees when it is not.
export CC
"$HM_SOURCE/ci/abi" "$HM_BUILD" --check || exit # 77: not a 64-bit machine

# A copy of the tree, as far as ci/abi reads it.
mkdir -p tree/ci tree/client build/client/include
cp "$HM_SOURCE/ci/abi" tree/ci/
cp "$HM_SOURCE/client/libheymarket.abi" tree/client/
cp -r "$HM_BUILD/client/include/heymarket" build/client/include/
fresh() {
  rm -rf tree/client/include
  cp -r "$HM_SOURCE/client/include" tree/client/
  cp "$HM_BUILD/client/libheymarket.a" "$HM_BUILD/client/libheymarket_contract.a" build/client/
}
# refused EXPECTED: ci/abi exits 1 and says EXPECTED.
refused() {
  if tree/ci/abi build --check >out 2>&1; then fail "expected a complaint with \"$1\""; fi
  grep -qF -e "$1" out || fail "expected \"$1\": $(cat out)"
}

fresh
tree/ci/abi build --check >out || fail "the copy: $(cat out)"

sed -i 's/int64_t team_id;/int64_t team_id, shard_id;/' tree/client/include/heymarket/channel.h
refused '+struct hm_channel: 80 bytes'

fresh
sed -i 's/HM_API const char \*hm_version/const char *hm_version/' tree/client/include/heymarket/error.h
refused 'hm_version is in the library for programs, and no public header declares it'

fresh
sed -i 's/hm_secrets_count(const struct hm_secrets \*secrets);/hm_secrets_count(const struct hm_secrets *secrets, int kind);/' \
  tree/client/include/heymarket/token.h
refused '+function size_t hm_secrets_count(const struct hm_secrets *, int)'

fresh
ar d build/client/libheymarket.a inbox_list.c.o
refused 'hm_inbox_list is declared, and not in the library'
