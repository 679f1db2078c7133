/// One of the fields of a calendar expression.
enum CalendarField {
  case year, month, day, dayFromEnd, hour, minute, second

  var name: String {
    switch self {
    case .year: "year"
    case .month: "month"
    case .day: "day"
    case .dayFromEnd: "day from the end"
    case .hour: "hour"
    case .minute: "minute"
    case .second: "second"
    }
  }

  /// The numbers that may be written, in `unit`s: a day counted from the end of the month must be in every month.
  var range: ClosedRange<Int> {
    switch self {
    case .year: CivilDate.years
    case .month: 1...12
    case .day: 1...31
    case .dayFromEnd: 1...28
    case .hour: 0...23
    case .minute: 0...59
    case .second: 0...59_999_999
    }
  }

  /// What one stands for: seconds are counted in millionths.
  var unit: Int { self == .second ? 1_000_000 : 1 }

  /// How many digits a number is written with.
  var width: Int { self == .year ? 4 : 2 }
}

/// A part of a list in a calendar expression: `5`, `5..9`, `5/2` or `5..9/2`.
struct CalendarComponent: Hashable {
  let start: Int
  /// The last number that is meant; nil where the component has no end of its own.
  let stop: Int?
  /// The distance of the numbers; nil for a single one.
  let step: Int?

  /// Takes numbers that lie in the range of the field; an end that the steps miss is moved to the last step, and what
  /// then holds one number is a single one.
  init(start: Int, stop: Int?, step: Int?) {
    let last = stop.map { $0 - ($0 - start) % (step ?? 1) }
    self.start = start
    self.stop = last == start ? nil : last
    self.step = last == start ? nil : step
  }

  /// The numbers that are meant.
  func values(_ field: CalendarField) -> StrideThrough<Int> {
    guard let step else { return stride(from: start, through: start, by: 1) }
    if let stop { return stride(from: start, through: stop, by: step) }
    // Without an end, steps go on to the end of the field, and back from the end of a month to the end of it.
    if field == .dayFromEnd { return stride(from: start, through: 1, by: -step) }
    return stride(from: start, through: field.range.upperBound, by: step)
  }

  func text(_ field: CalendarField) -> String {
    var text = Self.text(start, field, width: field.width)
    if let stop { text += ".." + Self.text(stop, field, width: field.width) }
    if let step, stop == nil || step != field.unit { text += "/" + Self.text(step, field, width: 1) }
    return text
  }

  private static func text(_ number: Int, _ field: CalendarField, width: Int) -> String {
    let fraction = number % field.unit
    return String(number / field.unit, width: width) + (fraction == 0 ? "" : "." + String(fraction, width: 6))
  }
}

extension CalendarComponent {
  /// Reads a component; `word` is the list in which it stands, for messages.
  init(_ cursor: inout TextCursor, _ field: CalendarField, in word: String) throws(ScheduleError) {
    let quoted = ScheduleError.quote(word)
    let start = try Self.number(&cursor, field, quoted)
    var stop: Int?
    var step: Int?
    if cursor.take("..") {
      stop = try Self.number(&cursor, field, quoted)
      step = field.unit
      guard stop! >= start else {
        throw .malformed("the range of \(field.name)s in \(quoted) runs backwards")
      }
    }
    if cursor.take("/") {
      guard let number = Self.decimal(&cursor, field), number > 0 else {
        throw .malformed("behind / in \(quoted) a number above 0 is expected")
      }
      step = number
      let room = field == .dayFromEnd ? start - field.range.lowerBound : field.range.upperBound - start
      guard stop != nil || number <= room else {
        throw .malformed("the step in \(quoted) leads out of the \(field.name)s at once")
      }
    }
    self.init(start: start, stop: stop, step: step)
  }

  private static func number(
    _ cursor: inout TextCursor, _ field: CalendarField, _ quoted: String
  ) throws(ScheduleError) -> Int {
    guard var number = decimal(&cursor, field) else {
      if cursor.stands("*/") {
        throw .malformed(
          "\(quoted) has a step behind *; \(field.range.lowerBound)\(cursor.rest.dropFirst()) steps")
      }
      throw .malformed("\(field.name) \(quoted) is not a number, a range A..B or a list with commas")
    }
    if field == .year, number < 100 { number += number < 70 ? 2000 : 1900 }
    guard field.range.contains(number) else {
      let shown = number / field.unit
      let last = field.range.upperBound / field.unit
      throw .malformed("\(field.name) \(shown) is not one of \(field.range.lowerBound)-\(last)")
    }
    return number
  }

  /// Reads a number, of seconds with a fraction that is rounded to millionths.
  private static func decimal(_ cursor: inout TextCursor, _ field: CalendarField) -> Int? {
    guard var number = cursor.number(atMost: 9).map({ $0 * field.unit }) else { return nil }
    // One dot is the decimal point, two are a range.
    if field == .second, !cursor.stands(".."), cursor.take(".") {
      let digits = cursor.take { $0.isDigit }.map { Int($0 - 48) }
      if digits.isEmpty { return nil }
      let shown = digits.prefix(6) + repeatElement(0, count: max(0, 6 - digits.count))
      number += shown.reduce(0) { $0 * 10 + $1 } + (digits.count > 6 && digits[6] >= 5 ? 1 : 0)
    }
    return number
  }
}

/// What one field of a calendar expression says: everything, or a list of components.
struct CalendarList: Hashable {
  let field: CalendarField
  /// The components, sorted; nil for `*`.
  let components: [CalendarComponent]?

  /// Takes a list without components for everything.
  init(_ field: CalendarField, _ components: [CalendarComponent]?) {
    self.field = field
    self.components = components.map { list in
      Set(list).sorted {
        ($0.start, $0.stop ?? -1, $0.step ?? 0) < ($1.start, $1.stop ?? -1, $1.step ?? 0)
      }
    }
  }

  init(_ word: some StringProtocol, _ field: CalendarField) throws(ScheduleError) {
    let word = String(word)
    if word == "*" {
      self.init(field, nil)
      return
    }
    var cursor = TextCursor(word)
    var components = [try CalendarComponent(&cursor, field, in: word)]
    while cursor.take(",") { components.append(try CalendarComponent(&cursor, field, in: word)) }
    guard cursor.isAtEnd else {
      if cursor.stands("-") {
        throw .malformed(
          "the range of \(field.name)s in \(ScheduleError.quote(word)) is written with .. for -")
      }
      let rest = ScheduleError.quote(cursor.rest)
      throw .malformed("\(rest) cannot stand in the \(field.name)s \(ScheduleError.quote(word))")
    }
    self.init(field, components)
  }

  /// The numbers that are meant; those of the whole field for `*`.
  var values: ValueSet {
    guard let components else { return ValueSet(field.range) }
    return components.reduce(into: .empty) { $0.formUnion(ValueSet($1.values(field))) }
  }

  var text: String {
    guard let components else { return "*" }
    // Every second is written as the star that it is.
    if field == .second, components == [CalendarComponent(start: 0, stop: nil, step: field.unit)] {
      return "*"
    }
    return components.map { $0.text(field) }.joined(separator: ",")
  }
}
