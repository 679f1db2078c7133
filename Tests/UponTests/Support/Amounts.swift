import Testing

extension Sequence where Element: Hashable {
  /// How many there are of each: what is compared with it has nothing too little and nothing too much.
  ///
  ///     #expect(run.lines.amounts == ["hello": 3, "bye": 1])
  var amounts: [Element: Int] { amounts { $0 } }
}

extension Sequence {
  /// How many there are of each kind.
  ///
  ///     #expect(run.records.amounts(of: \.event) == ["accept": 2, "line": 5])
  func amounts<Kind: Hashable>(of kind: (Element) -> Kind) -> [Kind: Int] {
    reduce(into: [:]) { $0[kind($1), default: 0] += 1 }
  }
}

extension Running {
  /// Waits until so many records have come for which the condition holds; false when the time is over, and when there
  /// are more already.
  func wait(forRecords amount: Int, where condition: (Record) -> Bool = { _ in true }) -> Bool {
    var count = 0
    _ = wait {
      count = records.count(where: condition)
      return count >= amount
    }
    return count == amount
  }

  /// Lets so much time pass while what is written is read.
  func pass(_ span: Duration) {
    _ = wait(within: span) { false }
  }
}
