# ci/release in a throw-away clone, with a gate and packages that are stand-ins: what it refuses, what it makes.
[ -z "${HM_SAMPLE:-}" ] || exit 77 # a hundred calls of git
git -C "$HM_SOURCE" rev-parse -q --verify HEAD >/dev/null 2>&1 || exit 77 # not a clone
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
unset HM_BUILD
git clone -q "$HM_SOURCE" kit
cp "$HM_SOURCE/ci/release" kit/ci/
cd kit || exit
git switch -q -C trunk
git tag -l | xargs -r git tag -d >/dev/null
sed -i '/^project(/s/ VERSION [0-9.]* / VERSION 0.1.0 /' CMakeLists.txt
sed -i '/^\.TH /s/ [0-9.]*" "User/ 0.1.0" "User/' ./*/*.1
printf '# Changelog\n\n## 0.1.0 (unreleased)\n\n- Everything.\n' >CHANGELOG.md
git add -A; git commit -q -m 'A start'
git tag v0.0.9
cat >../packages <<'END'
#!/bin/sh
mkdir -p "$1" && echo "$(git log -1 --format=%s)" >"$1/heymarket_$(sed -n 's/^project(.* VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)-1_amd64.deb"
END
chmod +x ../packages
export HM_PACKAGE=$PWD/../packages HM_GATE=true
start=$(git rev-parse HEAD)

# refused EXPECTED ARGUMENT...: exit code 2, the message, and nothing has changed.
refused() {
  expected=$1; shift
  code=0; ci/release "$@" >../out 2>&1 || code=$?
  [ $code = 2 ] || fail "ci/release $*: exit $code: $(cat ../out)"
  grep -qF -e "$expected" ../out || fail "ci/release $*: $(cat ../out)"
  [ "$(git rev-parse HEAD)" = "$start" ] || fail "ci/release $* committed"
  [ -z "$(git tag -l v0.2.0)" ] || fail "ci/release $* tagged"
}
refused 'usage' ; refused 'usage' 1.0.0 2.0.0
refused '0.2 is not a version' 0.2
refused '1.0.0-rc1 is not a version' 1.0.0-rc1
refused '01.2.3 is not a version' 01.2.3
refused '0.0.10 is less than 0.1.0' 0.0.10
refused 'the tag v0.0.9 exists' 0.0.9
HM_GATE=false refused 'the gate is red' 0.2.0
echo more >>README.md
refused 'not committed' 0.2.0
git checkout -q README.md
touch untracked
refused 'not committed' 0.2.0
rm untracked
git switch -q --detach
refused 'on no branch' 0.2.0
git switch -q trunk

ci/release --dry-run 0.2.0 2>../out || fail "dry run: $(cat ../out)"
[ "$(git rev-parse HEAD)" = "$start" ] && [ -z "$(git tag -l v0.2.0)" ] && [ -z "$(git status --porcelain)" ] || fail 'the dry run changed the clone'
[ -e build/dist/0.2.0/SHA256SUMS ] || fail 'the dry run made no packages'

ci/release 0.2.0 2>../out || fail "release: $(cat ../out)"
[ "$(git log -1 --format='%s %P')" = "Release 0.2.0 $start" ] || fail "$(git log -1)"
[ "$(git rev-parse 'v0.2.0^{commit}')" = "$(git rev-parse HEAD)" ] || fail 'the tag is elsewhere'
[ "$(git cat-file -t v0.2.0)" = tag ] || fail 'the tag is not annotated'
[ -z "$(git status --porcelain)" ] || fail 'the tree is not clean'
grep -q '^project(.* VERSION 0\.2\.0 ' CMakeLists.txt || fail 'CMakeLists.txt'
grep -Eq '^## 0\.2\.0 \(2[0-9]{3}-[0-9]{2}-[0-9]{2}\)$' CHANGELOG.md || fail 'CHANGELOG.md'
[ "$(grep -l '^\.TH .* 0\.2\.0" ' ./*/*.1 | wc -l)" = 3 ] || fail 'manual pages'
(cd build/dist/0.2.0 && sha256sum --quiet -c SHA256SUMS && [ "$(cat ./*.deb)" = 'Release 0.2.0' ]) || fail 'packages'

start=$(git rev-parse HEAD)
code=0; ci/release 0.2.0 2>../out || code=$?
[ $code = 2 ] && grep -qF 'the tag v0.2.0 exists' ../out || fail "again: $(cat ../out)"
code=0; ci/release 0.3.0 2>../out || code=$?
[ $code = 2 ] && grep -qF 'no heading' ../out || fail "without news: $(cat ../out)"
[ "$(git rev-parse HEAD)" = "$start" ] || fail 'a refused release committed'
