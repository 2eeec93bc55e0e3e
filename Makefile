# The words a newcomer types. What they do is in scripts/.

.PHONY: help run test check fmt prepare bench eval-filing compose-test

help:
	@echo "make run      DocuVault on http://localhost:8000 with services of its own (PORT, SAMPLES=0)"
	@echo "make test     the whole suite, in a browser too"
	@echo "make check    format, lints, documentation, dependency rules, queries"
	@echo "make fmt      format the code"
	@echo "make prepare  refresh crates/database/.sqlx after a change to a query or a migration"
	@echo "make bench    measure"
	@echo "make eval-filing  how well documents are filed"
	@echo "make compose-test docker-compose.yml in a Docker daemon of its own (as root)"

run:
	@exec scripts/run

test:
	@exec scripts/test

check:
	@exec scripts/check

fmt:
	@exec cargo fmt --all

prepare:
	@exec scripts/prepare

bench:
	@exec scripts/bench

eval-filing:
	@exec scripts/eval-filing

compose-test:
	@exec scripts/compose-test
