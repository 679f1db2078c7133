# make                 ./upon, a release build
# make test            everything that is tested
# make lint            format of sources, manual and completions
# make install         PREFIX=/usr/local DESTDIR=

PREFIX  = /usr/local
DESTDIR =
BUILD   = .build
SWIFT   = swift

bindir  = $(DESTDIR)$(PREFIX)/bin
sharedir = $(DESTDIR)$(PREFIX)/share
installed = \
  $(bindir)/upon \
  $(sharedir)/man/man1/upon.1 \
  $(sharedir)/bash-completion/completions/upon \
  $(sharedir)/zsh/site-functions/_upon \
  $(sharedir)/fish/vendor_completions.d/upon.fish

sources := $(shell find Package.swift Sources -type f)

# The Swift runtime and the C++ libraries below it are linked statically. Without the latter the loader
# binds 1,600 of their symbols at every start, which costs more time than all the rest of a start.
# The run path of the build folder is left out: an installed program has no use for it. So are the symbols,
# which the program under .build keeps for profiles.
RELEASE = -c release --product upon --static-swift-stdlib --disable-local-rpath \
  -Xswiftc -use-ld=lld -Xlinker -L$(CURDIR)/.build-link -Xlinker --gc-sections $(PACKED)

# 17,000 relocations in 20 kB instead of 400, which are all read at every start; glibc knows them since 2.36.
PACKED := $(shell getconf GNU_LIBC_VERSION | \
  awk '{ split($$2, v, "."); if (v[1] * 100 + v[2] >= 236) print "-Xlinker -z -Xlinker pack-relative-relocs" }')

# Debian package | how to see that it is there
define BUILD_NEEDS
pkg-config|command -v pkg-config
libevent-dev|pkg-config --exists libevent_core
libpcre2-dev|pkg-config --exists libpcre2-8
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
socat|command -v socat
netcat-openbsd|command -v nc
iproute2|command -v ip ss
netbase|test -e /etc/services
redis-server|command -v redis-server redis-cli
postgresql|ls /usr/lib/postgresql/*/bin/initdb /usr/bin/psql
endef
export BUILD_NEEDS TEST_NEEDS

.PHONY: all debug test lint install uninstall completions clean deps test-deps

all: upon

upon: $(sources) .build-link/libstdc++.so .build-link/libgcc_s.so | deps
	$(SWIFT) build --scratch-path $(BUILD) $(RELEASE)
	strip -o .$@.new $$($(SWIFT) build --scratch-path $(BUILD) $(RELEASE) --show-bin-path)/upon
	mv .$@.new $@

# -static-libstdc++ is a flag of the C++ driver, which does not link here. Linker scripts that stand
# first in the search path do the same.
.build-link/libstdc++.so .build-link/libgcc_s.so:
	mkdir -p $(@D)
	echo 'INPUT(-l:$(if $(findstring gcc,$@),libgcc_eh.a,libstdc++.a))' > $@

debug: | deps
	$(SWIFT) build --scratch-path $(BUILD)

test: upon | test-deps
	UPON=$(CURDIR)/upon $(SWIFT) test --scratch-path $(BUILD)

lint: | test-deps
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift
	! mandoc -T lint -W all man/upon.1 2>/dev/null | grep -v 'referenced manual not found'
	bash -n completions/upon.bash
	zsh -n completions/_upon
	fish --no-execute completions/upon.fish

# The completions come from the tables that the parser reads; `make test` fails where they differ.
completions: | deps
	RECORD=1 $(SWIFT) test --scratch-path $(BUILD) --filter CompletionScriptsTests

install: upon
	install -d $(dir $(installed))
	install -m 755 upon $(bindir)/upon
	install -m 644 man/upon.1 $(sharedir)/man/man1/upon.1
	install -m 644 completions/upon.bash $(sharedir)/bash-completion/completions/upon
	install -m 644 completions/_upon $(sharedir)/zsh/site-functions/_upon
	install -m 644 completions/upon.fish $(sharedir)/fish/vendor_completions.d/upon.fish

uninstall:
	rm -f $(installed)

clean:
	rm -rf $(BUILD) .build-link upon

deps:
	@printf '%s\n' "$$BUILD_NEEDS" | .ci/need

test-deps: deps
	@printf '%s\n' "$$TEST_NEEDS" | .ci/need
