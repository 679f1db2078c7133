/// The seconds of a minute at which a schedule fires, in microseconds from its start; never empty.
struct SecondSet: Hashable, Sendable {
  /// Whole seconds, used where no fraction is asked for.
  private var whole: ValueSet
  /// All times of a minute, ascending, where one of them has a fraction.
  private var exact: [Int32]

  /// How many times of a minute may be asked for: a thousand in each second.
  static let limit = 60_000

  init(_ seconds: ValueSet) {
    whole = seconds
    exact = []
  }

  /// Takes times in microseconds; `times` is ascending, without doubles, and not empty.
  init(microseconds times: [Int32]) {
    let isWhole = times.allSatisfy { $0 % 1_000_000 == 0 }
    whole = isWhole ? ValueSet(times.map { Int($0) / 1_000_000 }) : .empty
    exact = isWhole ? [] : times
  }

  var count: Int { exact.isEmpty ? whole.count : exact.count }

  func first(from time: Int) -> Int? {
    if exact.isEmpty { return whole.first(from: (time + 999_999) / 1_000_000).map { $0 * 1_000_000 } }
    let index = count(below: time)
    return index < exact.count ? Int(exact[index]) : nil
  }

  func last(through time: Int) -> Int? {
    if exact.isEmpty { return time < 0 ? nil : whole.last(through: time / 1_000_000).map { $0 * 1_000_000 } }
    let index = count(below: time + 1)
    return index > 0 ? Int(exact[index - 1]) : nil
  }

  /// How many times of the minute come before `time`.
  func count(below time: Int) -> Int {
    if exact.isEmpty { return whole.count(below: (time + 999_999) / 1_000_000) }
    var low = 0
    var high = exact.count
    while low < high {
      let middle = (low + high) / 2
      if exact[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
