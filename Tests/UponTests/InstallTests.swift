import Testing

/// `make install` and `make uninstall`, with the programs that `make` has built.
@Suite struct InstallTests {
  /// In the repository, without building: the programs are the ones under test.
  private static let make =
    "make -s -C '\(Shell.repository.path)' -o upon -o uponctl DESTDIR=$PWD/root PREFIX=/usr"

  @Test func `installs the programs, their manuals and their completions, and takes all of it away`() throws {
    let run = try Shell.run(
      "\(Self.make) install && (cd root && find . -type f -printf '%m %P\\n' | sort -k2)")
    #expect(
      run.lines == [
        "755 usr/bin/upon", "755 usr/bin/uponctl",
        "644 usr/share/bash-completion/completions/upon", "644 usr/share/bash-completion/completions/uponctl",
        "644 usr/share/fish/vendor_completions.d/upon.fish",
        "644 usr/share/fish/vendor_completions.d/uponctl.fish",
        "644 usr/share/man/man1/upon.1", "644 usr/share/man/man1/uponctl.1",
        "644 usr/share/man/man7/upon-control.7", "644 usr/share/man/man7/upon-cookbook.7",
        "644 usr/share/man/man7/upon-sources.7",
        "644 usr/share/zsh/site-functions/_upon", "644 usr/share/zsh/site-functions/_uponctl",
      ], "\(run)")
    let gone = try Shell.run("\(Self.make) install uninstall && find root -type f")
    #expect(gone.text == "" && gone.status == .exited(0), "\(gone)")
  }

  @Test func `what is installed needs nothing but the C library`() throws {
    let run = try Shell.run(
      """
      \(Self.make) install && cd root/usr/bin || exit
      for program in upon uponctl; do
        ldd $program | sed 's/^[[:space:]]*//; s/\\.so.*//; s/-linux.*//; s|^/.*/||' | sort | tr '\\n' ' '
      done
      env -i ./upon -o tsv after:0; env -i ./uponctl --version
      """)
    #expect(
      run.text == "ld libc libm linux-vdso ld libc libm linux-vdso after:0\ttimeout\t\nuponctl 0.1.0\n",
      "\(run)")
  }
}
