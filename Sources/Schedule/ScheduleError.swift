/// What is wrong with an expression of time or the name of a time zone, in one phrase.
public struct ScheduleError: Error, Hashable, CustomStringConvertible {
  /// Why there is no schedule.
  public enum Reason: Hashable, Sendable {
    /// The expression cannot be read.
    case malformed
    /// It can be read, but no time fits it from 1970 to 2199.
    case never
    /// Its last time is over.
    case passed
    /// The time zone cannot be had.
    case zone
  }

  public let reason: Reason
  /// The phrase, without the expression and without a full stop: `minute 61 is not one of 0-59`.
  public let description: String

  init(_ reason: Reason, _ description: String) {
    self.reason = reason
    self.description = description
  }

  /// An expression that cannot be read.
  static func malformed(_ description: String) -> ScheduleError { ScheduleError(.malformed, description) }

  /// Quotes what was typed, cut where it is too long to be shown.
  static func quote(_ text: some StringProtocol) -> String {
    text.utf8.count <= 40 ? "'\(text)'" : "'\(text.prefix(32))...'"
  }
}
