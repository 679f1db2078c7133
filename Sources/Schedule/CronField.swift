/// One of the fields of a cron expression.
enum CronField: Int, CaseIterable {
  case second, minute, hour, day, month, weekday

  var name: String {
    switch self {
    case .second: "second"
    case .minute: "minute"
    case .hour: "hour"
    case .day: "day of month"
    case .month: "month"
    case .weekday: "day of week"
    }
  }

  /// The numbers that may be written. Sunday is both 0 and 7.
  var range: ClosedRange<Int> {
    switch self {
    case .second, .minute: 0...59
    case .hour: 0...23
    case .day: 1...31
    case .month: 1...12
    case .weekday: 0...7
    }
  }

  /// The names that may stand for the numbers, from the first of `range` on.
  var names: [String] {
    switch self {
    case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    case .weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    default: []
    }
  }

  /// What a message says may be written.
  var expected: String {
    switch self {
    case .second, .minute, .hour: "\(range.lowerBound)-\(range.upperBound)"
    case .day: "1-31 or L"
    case .month: "1-12 or jan-dec"
    case .weekday: "0-7 or sun-sat"
    }
  }
}

/// What one field of a cron expression says.
struct CronValues: Hashable {
  let field: CronField
  var values = ValueSet.empty
  /// The step behind the `*` with which the field begins, 1 when there is none; nil when it begins otherwise.
  var star: Int?
  /// The last day of the month.
  var hasLastDay = false
  /// Days of the week that are the last of their kind in the month.
  var lastWeekdays = ValueSet.empty

  mutating func insert(from first: Int, through last: Int, step: Int) {
    for value in stride(from: first, through: last, by: step) {
      values.insert(field == .weekday ? value % 7 : value)
    }
  }

  /// The field in its shortest spelling.
  var text: String {
    var terms: [String] = []
    var rest = values
    if let star {
      terms.append(star == 1 ? "*" : "*/\(star)")
      var stars = CronValues(field: field)
      stars.insert(from: field.range.lowerBound, through: field.range.upperBound, step: star)
      rest = rest.subtracting(stars.values)
    }
    terms += Self.spell(rest)
    if hasLastDay { terms.append("L") }
    terms += lastWeekdays.values.map { "\($0)L" }
    return terms.joined(separator: ",")
  }

  private static func spell(_ set: ValueSet) -> [String] {
    let values = set.values
    if values.count > 2, values[1] - values[0] > 1 {
      let step = values[1] - values[0]
      let isEven = zip(values, values.dropFirst()).allSatisfy { $1 - $0 == step }
      if isEven { return ["\(values[0])-\(values.last!)/\(step)"] }
    }
    return set.runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
  }
}
