/// How long nothing may come before it is told, and after how much more it is told again.
public struct IdleSpan: Sendable, Equatable {
  public let first: Interval
  /// nil: a silence is told once.
  public let again: Interval?

  /// As it is typed: `D[,AGAIN]`.
  var text: String { first.description + (again.map { ",\($0)" } ?? "") }
}

extension Setting {
  /// `idle=` of a source of which `what` does not come.
  static func idle(without what: String) -> Setting {
    Setting(
      "idle", .idle, help: "an idle event after D without \(what), and with AGAIN after each further AGAIN")
  }
}

extension EventKind {
  /// The first event behind a silence that was told.
  static let active = EventKind(
    "active", .named, busy: .queue, requires: "idle=", help: "something has come after an idle event")
}
