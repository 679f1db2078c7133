import FileEvents

/// One record of a file whose position is kept: it is done when nobody holds it any more.
///
/// Whoever copies the event for later, and the run of a command, keep it by its subject.
final class LineTicket: Subject {
  private let file: TailedFile
  private let number: Int
  private var isDropped = false

  init(_ file: TailedFile, number: Int) {
    self.file = file
    self.number = number
  }

  deinit {
    file.isOver(number, isDone: !isDropped)
  }

  var ticket: (any Subject)? { self }

  func wasDropped() {
    isDropped = true
  }

  func reply(onFailure: @escaping (Int32) -> Void) -> Reply? { nil }
}
