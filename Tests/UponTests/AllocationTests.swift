import Testing

/// The path of an event allocates nothing: a run of many events allocates as often as one of few.
@Suite struct AllocationTests {
  /// What a queue or a heap may grow by on its way to the size that it keeps.
  private static let growth = 24

  /// The allocations of two runs of a script, which is given a number of events.
  private func allocations(_ script: String, _ counts: [Int]) throws -> [Int] {
    let source = Shell.repository.appendingPathComponent("Tests/Preload/count_allocations.c").path
    return try counts.map { count in
      let run = try Shell.run(
        """
        cc -O2 -shared -fPIC -o count.so '\(source)' || exit
        counted() { ALLOCATIONS=$PWD/allocations LD_PRELOAD=$PWD/count.so "$@"; }
        N=\(count)
        \(script)
        cat allocations
        """)
      let number = Int(run.text.trimmingPrefix("\n").prefix { $0.isNumber })
      return try #require(number, "\(run)")
    }
  }

  private func expectSame(_ counts: [Int], _ script: String) throws {
    let found = try allocations(script, counts)
    #expect(found[0] > 0 && abs(found[1] - found[0]) <= Self.growth, "\(counts) events: \(found) allocations")
  }

  @Test func `a million lines allocate no more than a thousand`() throws {
    try expectSame([1_000, 1_000_000], "seq $N | counted upon stdin >/dev/null")
    try expectSame([1_000, 1_000_000], "seq $N >file; counted upon stdin match=. <file >/dev/null")
    // Quotes are escaped, bytes that are no text are written in base64 too.
    try expectSame(
      [1_000, 200_000], #"yes "$(printf 'say "\300" \303\244')" | head -n $N | counted upon stdin >/dev/null"#
    )
    try expectSame([1_000, 1_000_000], "seq $N | counted upon -o tsv stdin >/dev/null")
  }

  @Test func `ticks allocate nothing`() throws {
    try expectSame([100, 10_000], "counted upon -n $N every:50us >/dev/null")
    try expectSame([100, 10_000], "counted upon -n $N every:50us every:70us every:1ms >/dev/null")
  }

  @Test func `lines of a connection allocate nothing`() throws {
    let send = """
      import socket, sys, time
      while True:
        try: s = socket.create_connection(("127.0.0.1", 7000)); break
        except ConnectionRefusedError: time.sleep(0.01)
      s.sendall(b"a line\\n" * int(sys.argv[1]))
      s.recv(1)
      """
    try expectSame(
      [1_000, 100_000],
      """
      cat >send.py <<'end'
      \(send)
      end
      unshare -rn sh -c 'ip link set lo up; python3 send.py '$N' &
        ALLOCATIONS=$PWD/allocations LD_PRELOAD=$PWD/count.so upon -n '$N' tcp-listen:7000 on=line print >/dev/null'
      """)
  }
}
