import CBruteForce

/// An expression and, made together with it, what it means.
struct RandomExpression {
  var text = ""
  var pattern = brute_pattern(
    seconds: 1, minutes: 0, hours: 0, days: 0, days_from_end: 0, months: 0, weekdays: 0, last_weekdays: 0,
    first_year: 1970, last_year: 2199, either: 0, follow: 0)

  /// One field: its text, its numbers, and whether it begins with `*`.
  typealias Field = (text: String, bits: UInt64, isStar: Bool)

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  private static func bits(_ values: some Sequence<Int>) -> UInt64 {
    values.reduce(0) { $0 | 1 << UInt64($1) }
  }

  /// One term of a list in cron, within `range`.
  private static func cronTerm(_ range: ClosedRange<Int>, _ names: [String], _ random: inout Seeded) -> Field
  {
    let first = Int.random(in: range, using: &random)
    let last = Int.random(in: first...range.upperBound, using: &random)
    func name(_ value: Int) -> String {
      guard !names.isEmpty, Bool.random(using: &random), value - range.lowerBound < names.count else {
        return "\(value)"
      }
      let name = names[value - range.lowerBound]
      return Bool.random(using: &random) ? name : name.uppercased()
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return ("*", bits(range), true)
    case 1:
      let step = Int.random(in: 1...range.count, using: &random)
      return ("*/\(step)", bits(stride(from: range.lowerBound, through: range.upperBound, by: step)), true)
    case 2: return ("\(name(first))-\(name(last))", bits(first...last), false)
    case 3:
      let step = Int.random(in: 1...range.count, using: &random)
      return ("\(first)-\(last)/\(step)", bits(stride(from: first, through: last, by: step)), false)
    default: return (name(first), bits([first]), false)
    }
  }

  private static func cronField(_ range: ClosedRange<Int>, _ names: [String] = [], _ random: inout Seeded)
    -> Field
  {
    if Int.random(in: 0..<5, using: &random) < 2 { return ("*", bits(range), true) }
    var field = cronTerm(range, names, &random)
    while Int.random(in: 0..<3, using: &random) == 0 {
      let more = cronTerm(range, names, &random)
      field = ("\(field.text),\(more.text)", field.bits | more.bits, field.isStar)
    }
    return field
  }

  /// An expression of cron, with seconds in front where `seconds` says so.
  static func cron(_ random: inout Seeded, seconds withSeconds: Bool = false) -> RandomExpression {
    var expression = RandomExpression()
    let second = cronField(0...59, [], &random)
    let minute = cronField(0...59, [], &random)
    let hour = cronField(0...23, [], &random)
    var day = cronField(1...31, [], &random)
    let month = cronField(1...12, months, &random)
    var weekday = cronField(0...7, days, &random)
    if Int.random(in: 0..<10, using: &random) == 0 {
      day.text += ",L"
      expression.pattern.days_from_end = 2
    }
    if Int.random(in: 0..<10, using: &random) == 0 {
      let last = Int.random(in: 0...6, using: &random)
      weekday.text += Bool.random(using: &random) ? ",\(last)L" : ",\(days[last])L"
      expression.pattern.last_weekdays = 1 << UInt64(last)
    }
    if withSeconds { expression.pattern.seconds = second.bits }
    expression.pattern.minutes = minute.bits
    expression.pattern.hours = hour.bits
    expression.pattern.follow = hour.isStar ? 1 : 0
    expression.pattern.days = day.bits
    expression.pattern.months = month.bits
    expression.pattern.weekdays = (weekday.bits | weekday.bits >> 7 & 1) & 0x7f
    expression.pattern.either = day.isStar || weekday.isStar ? 0 : 1
    let fields = [minute, hour, day, month, weekday].map(\.text)
    expression.text = ((withSeconds ? [second.text] : []) + fields).joined(separator: " ")
    return expression
  }

  /// A list of a calendar event, within `range`; `back` counts from the end of the month.
  private static func list(_ range: ClosedRange<Int>, back: Bool = false, _ random: inout Seeded) -> Field {
    if !back, Int.random(in: 0..<5, using: &random) < 2 { return ("*", bits(range), true) }
    var texts: [String] = []
    var set: UInt64 = 0
    repeat {
      let first = Int.random(in: range.lowerBound..<range.upperBound, using: &random)
      let last = Int.random(in: first + 1...range.upperBound, using: &random)
      let step = Int.random(in: 1...last - first, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        texts.append("\(first)..\(last)")
        set |= bits(first...last)
      case 1:
        texts.append("\(first)..\(last)/\(step)")
        set |= bits(stride(from: first, through: last, by: step))
      case 2 where back:
        texts.append("\(last)/\(step)")
        set |= bits(stride(from: last, through: 1, by: -step))
      case 2:
        texts.append("\(first)/\(step)")
        set |= bits(stride(from: first, through: range.upperBound, by: step))
      default:
        texts.append(Bool.random(using: &random) || first > 9 ? "\(first)" : "0\(first)")
        set |= bits([first])
      }
    } while Int.random(in: 0..<3, using: &random) == 0
    return (texts.joined(separator: ","), set, false)
  }

  /// A calendar event of systemd without a zone, in the years around `year`.
  static func calendar(_ random: inout Seeded, year: Int) -> RandomExpression {
    var expression = RandomExpression()
    var words: [String] = []
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    expression.pattern.weekdays = 0x7f
    if Int.random(in: 0..<3, using: &random) == 0 {
      let first = Int.random(in: 0..<7, using: &random)
      let last = Int.random(in: first..<7, using: &random)
      words.append(first == last ? names[first].lowercased() : "\(names[first])..\(names[last])")
      expression.pattern.weekdays = bits((first...last).map { ($0 + 1) % 7 })
    }
    let back = Int.random(in: 0..<5, using: &random) == 0
    let month = list(1...12, &random)
    let day = list(back ? 1...28 : 1...31, back: back, &random)
    expression.pattern.months = month.bits
    if back { expression.pattern.days_from_end = day.bits } else { expression.pattern.days = day.bits }
    var yearText = "*"
    if Int.random(in: 0..<4, using: &random) == 0 {
      yearText = "\(year - 1)..\(year + 3)"
      (expression.pattern.first_year, expression.pattern.last_year) = (Int32(year - 1), Int32(year + 3))
    }
    words.append("\(yearText)-\(month.text)\(back ? "~" : "-")\(day.text)")
    let hour = list(0...23, &random)
    let minute = list(0...59, &random)
    expression.pattern.hours = hour.bits
    expression.pattern.minutes = minute.bits
    expression.pattern.follow = hour.isStar ? 1 : 0
    words.append("\(hour.text):\(minute.text)")
    expression.text = words.joined(separator: " ")
    return expression
  }
}
