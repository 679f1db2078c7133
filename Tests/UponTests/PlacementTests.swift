import Testing

/// What a process finds itself in: limits, groups, and what becomes of it with upon.
@Suite struct PlacementTests {
  @Test func `the limit on descriptors is raised for upon alone`() throws {
    let run = try Shell.run(
      """
      ulimit -Sn 300
      upon start do 'ulimit -Sn; grep "open files" /proc/$PPID/limits'
      upon start -- sh -c 'ulimit -Sn'
      upon -1 start -- sh -c 'ulimit -Sn'
      ulimit -Hn
      """)
    let words = run.lines.map { $0.split(separator: " ").map(String.init) }
    try #require(words.count == 5, "\(run)")
    #expect(words[0] == ["300"])
    #expect(words[1][3] == words[4][0])
    #expect(words[2] == ["300"])
    #expect(words[3] == ["300"])
  }
}
