# For a Makefile:  include path/to/ci/heymarket.mk
#   make heymarket-test      runs `make test` against heymarket-mock; any other target likewise
#   make heymarket           runs HEYMARKET_COMMAND, a command for the shell, against it
# Values may have spaces and quotes; they reach the shell as variables. FAIL_ON, ALLOW and OPTIONS are lists of words.
HEYMARKET_MOCK ?= heymarket-mock
HEYMARKET_COMMAND ?=
HEYMARKET_FAIL_ON ?= refused
HEYMARKET_EXPECT ?= 1
HEYMARKET_ALLOW ?=
HEYMARKET_REPORT ?=
HEYMARKET_OPTIONS ?=

# Exported under names that heymarket-mock does not remove or set, and only for these targets.
heymarket heymarket-%: export HM_MOCK = $(HEYMARKET_MOCK)
heymarket heymarket-%: export HM_COMMAND = $(HEYMARKET_COMMAND)
heymarket heymarket-%: export HM_EXPECT = $(HEYMARKET_EXPECT)
heymarket heymarket-%: export HM_REPORT = $(HEYMARKET_REPORT)
heymarket heymarket-%: export HM_FAIL_ON = $(HEYMARKET_FAIL_ON)
heymarket heymarket-%: export HM_ALLOW = $(HEYMARKET_ALLOW)
heymarket heymarket-%: export HM_OPTIONS = $(HEYMARKET_OPTIONS)

# The words of the lists come after `set -f`, so that they are no patterns for file names.
define heymarket_run
@set -f; set --; \
for word in $$HM_FAIL_ON; do set -- "$$@" --fail-on "$$word"; done; \
for word in $$HM_ALLOW; do set -- "$$@" --allow "$$word"; done; \
for word in $$HM_OPTIONS; do set -- "$$@" "$$word"; done; \
[ -z "$$HM_EXPECT" ] || set -- "$$@" --expect "$$HM_EXPECT"; \
[ -z "$$HM_REPORT" ] || set -- "$$@" --report "$$HM_REPORT"; \
set +f; "$$HM_MOCK" run "$$@" --
endef

.PHONY: heymarket
heymarket:
	$(heymarket_run) sh -c "$${HM_COMMAND:?set HEYMARKET_COMMAND}"

heymarket-%:
	+$(heymarket_run) $(MAKE) --no-print-directory "$*"
