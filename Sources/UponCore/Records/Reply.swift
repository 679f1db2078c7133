/// The way of what a command writes back to whoever its event came from.
class Reply {
  /// Ends the run whose output goes back.
  final var onGone: () -> Void = {}
  /// Holds back what the run writes, and lets it go on.
  final var onFlow: (Flow) -> Void = { _ in }
  /// Whether nothing can be sent any more.
  final var isGone = false
  /// Whether nothing more comes.
  private(set) final var isComplete = false

  enum Flow {
    case full, room
  }

  /// Takes what the command has written.
  func write(_ bytes: UnsafeRawBufferPointer) {}

  /// Takes note that nothing more comes.
  final func finish() {
    guard !isComplete else { return }
    isComplete = true
    onFlow = { _ in }
    if !isGone { complete() }
  }

  /// Sends what has been kept until it was complete.
  func complete() {}
}
