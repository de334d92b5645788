#!/bin/sh
# git only fetches. It asks for a path that the API does not have, so the right answer is "not found", and from the API.
set -eu
base=${HEYMARKET_API_BASE_URL:-https://api.heymarket.com}
if said=$(GIT_TERMINAL_PROMPT=0 git ls-remote "$base/v2/integration.git" 2>&1); then
  echo "git found a repository: $said" >&2
  exit 1
fi
case $said in
  *"repository '$base/v2/integration.git/' not found"*) ;;
  *) echo "git says: $said" >&2; exit 1 ;;
esac
