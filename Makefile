# make                 ./upon and ./uponctl, a release build
# make test            everything that is tested; ONLY=ManualTests, or ONLY='Path|Tail', a part of it
# make lint            format of sources, manual and completions
# make torture         faults injected into system calls, peers and signals; minutes
# make bench           every workload beside its reference; ROUNDS=5 ONLY=lines,start SHORT=1
# make install         PREFIX=/usr/local DESTDIR=

PREFIX  = /usr/local
DESTDIR =
BUILD   = .build
SWIFT   = swift
ONLY    =

bindir  = $(DESTDIR)$(PREFIX)/bin
sharedir = $(DESTDIR)$(PREFIX)/share
programs = upon uponctl
pages = $(programs:%=%.1) upon-sources.7 upon-control.7 upon-cookbook.7
installed = \
  $(programs:%=$(bindir)/%) \
  $(foreach page,$(pages),$(sharedir)/man/man$(subst .,,$(suffix $(page)))/$(page)) \
  $(programs:%=$(sharedir)/bash-completion/completions/%) \
  $(programs:%=$(sharedir)/zsh/site-functions/_%) \
  $(programs:%=$(sharedir)/fish/vendor_completions.d/%.fish)

static := $(addprefix .build-link/,libstdc++.so libgcc_s.so libevent_core.pc libpcre2-8.pc jansson.pc)
sources := $(shell find Package.swift Sources -type f)

# All but the C library is linked statically: the Swift runtime, the C++ libraries below it and the C libraries.
# The loader would bind 1,600 symbols of C++ at every start, which costs more time than all the rest of a start,
# and map three libraries more, an eighth of it.
# The run path of the build folder is left out: an installed program has no use for it. So are the symbols,
# which the program under .build keeps for profiles.
RELEASE = -c release --static-swift-stdlib --disable-local-rpath \
  -Xswiftc -use-ld=lld -Xlinker -L$(CURDIR)/.build-link -Xlinker --gc-sections $(PACKED)

# 17,000 relocations in 20 kB instead of 400, which are all read at every start; glibc knows them since 2.36.
PACKED := $(shell getconf GNU_LIBC_VERSION | \
  awk '{ split($$2, v, "."); if (v[1] * 100 + v[2] >= 236) print "-Xlinker -z -Xlinker pack-relative-relocs" }')

# Debian package | how to see that it is there
define BUILD_NEEDS
pkg-config|command -v pkg-config
libevent-dev|pkg-config --exists libevent_core
libpcre2-dev|pkg-config --exists libpcre2-8
libjansson-dev|pkg-config --exists jansson
g++|ls /usr/lib/gcc/*/*/libstdc++.a /usr/include/stdio.h
endef
define TEST_NEEDS
jq|command -v jq
mandoc|command -v mandoc
bash|command -v bash
bash-completion|test -e /usr/share/bash-completion/bash_completion
zsh|command -v zsh
fish|command -v fish
python3|command -v python3
python3-croniter|/usr/bin/python3 -c 'import croniter'
tzdata|test -e /usr/share/zoneinfo/Europe/Berlin
socat|command -v socat
netcat-openbsd|command -v nc
ucspi-tcp|command -v tcpserver
systemd|command -v systemd-socket-activate && command -v systemd-analyze
curl|command -v curl
iproute2|command -v ip ss
netbase|test -e /etc/services
redis-server|command -v redis-server redis-cli
postgresql|ls /usr/lib/postgresql/*/bin/initdb /usr/bin/psql
valgrind|command -v valgrind
prometheus|command -v promtool
vim|command -v vim
rsync|command -v rsync
git|command -v git
strace|command -v strace
procps|command -v pgrep
nginx|test -x /usr/sbin/nginx
mosquitto|test -x /usr/sbin/mosquitto
mosquitto-clients|command -v mosquitto_pub mosquitto_sub
nats-server|test -x /usr/sbin/nats-server
rsyslog|test -x /usr/sbin/rsyslogd
make|command -v make
endef
define BENCH_NEEDS
jq|command -v jq
python3|command -v python3
socat|command -v socat
ucspi-tcp|command -v tcpserver
tcl|command -v tclsh
entr|command -v entr
endef
export BUILD_NEEDS TEST_NEEDS BENCH_NEEDS

.PHONY: all debug test torture bench lint install uninstall completions clean deps test-deps bench-deps

all: $(programs)

$(programs): $(sources) $(static) | deps
	PKG_CONFIG_PATH=$(CURDIR)/.build-link:$$PKG_CONFIG_PATH \
	  $(SWIFT) build --scratch-path $(BUILD) $(RELEASE) --product $@
	strip -o .$@.new $$($(SWIFT) build --scratch-path $(BUILD) $(RELEASE) --show-bin-path)/$@
	mv .$@.new $@

# -static-libstdc++ is a flag of the C++ driver, which does not link here. Linker scripts that stand
# first in the search path do the same.
.build-link/libstdc++.so .build-link/libgcc_s.so:
	mkdir -p $(@D)
	echo 'INPUT(-l:$(if $(findstring gcc,$@),libgcc_eh.a,libstdc++.a))' > $@

# The archive instead of the shared library, where the package has one.
.build-link/%.pc: | deps
	mkdir -p $(@D)
	library=$$(pkg-config --libs-only-l $* | sed 's/^-l//; s/ *$$//'); \
	case $$($(CC) -print-file-name=lib$$library.a) in \
	  */*) library=:lib$$library.a; \
	esac; \
	sed "/^Libs:/s/-l[^ ]*/-l$$library/" "$$(pkg-config --variable=pcfiledir $*)/$*.pc" > $@

debug: | deps
	$(SWIFT) build --scratch-path $(BUILD)

test: $(programs) | test-deps
	UPON=$(CURDIR)/upon $(SWIFT) test --scratch-path $(BUILD) $(if $(ONLY),--filter '$(ONLY)')
ifeq ($(ONLY),)
	.ci/instructions
	python3 Tests/Torture/torture.py --upon $(CURDIR)/upon --short without required interrupted memory reader
endif

torture: $(programs) | test-deps
	python3 Tests/Torture/torture.py --upon $(CURDIR)/upon

# The references and the tools that load and measure them.
bench_programs := $(patsubst Benchmarks/%.c,$(BUILD)/bench/%,$(wildcard Benchmarks/reference/*.c Benchmarks/tools/*.c))
ROUNDS = 5
SHORT  =

# A part of the table, or a short run, is printed and not kept.
bench: upon $(bench_programs) | bench-deps
	python3 Benchmarks/bench.py --upon $(CURDIR)/upon --build $(BUILD)/bench --rounds $(ROUNDS) --only '$(ONLY)' \
	  $(if $(SHORT),--short) $(if $(SHORT)$(ONLY),,--results Benchmarks/RESULTS.md)

$(BUILD)/bench/%: Benchmarks/%.c $(wildcard Benchmarks/reference/*.h) | bench-deps
	@mkdir -p $(@D)
	$(CC) -O2 -Wall -Wextra -Werror -o $@ $< -levent_core

lint: | test-deps
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift
	! mandoc -T lint -W all $(pages:%=man/%) 2>/dev/null | grep -v 'referenced manual not found'
	for program in $(programs); do \
	  bash -n completions/$$program.bash && zsh -n completions/_$$program && \
	  fish --no-execute completions/$$program.fish || exit; \
	done

# The completions come from the tables that the parser reads; `make test` fails where they differ.
completions: | deps
	RECORD=1 $(SWIFT) test --scratch-path $(BUILD) --filter CompletionScriptsTests

install: $(programs)
	install -d $(sort $(dir $(installed)))
	install -m 755 $(programs) $(bindir)
	for page in $(pages); do \
	  install -m 644 man/$$page $(sharedir)/man/man$${page##*.} || exit; \
	done
	for program in $(programs); do \
	  install -m 644 completions/$$program.bash $(sharedir)/bash-completion/completions/$$program && \
	  install -m 644 completions/_$$program $(sharedir)/zsh/site-functions && \
	  install -m 644 completions/$$program.fish $(sharedir)/fish/vendor_completions.d || exit; \
	done

uninstall:
	rm -f $(installed)

clean:
	rm -rf $(BUILD) .build-link $(programs)

deps:
	@printf '%s\n' "$$BUILD_NEEDS" | .ci/need

test-deps: deps
	@printf '%s\n' "$$TEST_NEEDS" | .ci/need

bench-deps: deps
	@printf '%s\n' "$$BENCH_NEEDS" | .ci/need
