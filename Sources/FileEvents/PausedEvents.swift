/// Gathers for each path what happened to it last, until it is too much to keep.
final class PausedEvents {
  private struct State {
    var kind = FileEvent.Kind.overflow
    var type: FileType?
    var isFromScan = false
    /// The path that a move started from.
    var source: Int32 = -1
    /// Whether the name is gone by a move that is told with another path.
    var isSource = false
    var next: Int32 = -1
  }

  /// What may be kept: bytes of paths.
  private static let limit = 8 << 20

  private let states = NameTable<State>(blank: State())
  private var first: Int32 = -1
  private var last: Int32 = -1
  private var bytes = 0
  private(set) var hasOverflown = false

  func add(_ event: borrowing FileEvent) {
    if event.kind == .overflow { return overflow() }
    guard !hasOverflown else { return }
    let index = put(event.path, event.kind, event.type, isFromScan: event.isFromScan)
    if let source = event.source {
      let from = put(source, .delete, event.type, isFromScan: false)
      states[from].isSource = true
      states[index].source = from
    }
    if bytes > Self.limit { overflow() }
  }

  private func put(
    _ path: UnsafeRawBufferPointer, _ kind: FileEvent.Kind, _ type: FileType?, isFromScan: Bool
  ) -> Int32 {
    var index = states.find(0, path)
    if index < 0 {
      index = states.insert(0, path, State())
      if last >= 0 { states[last].next = index } else { first = index }
      last = index
      bytes += path.count
    } else if states[index].kind == .written && kind != .delete && kind != .move {
      // What was complete stays worth telling, whatever was done to it since.
      return index
    }
    // A move that is not the last word is told as what is gone, and this.
    if case let source = states[index].source, source >= 0 { states[source].isSource = false }
    states[index].source = -1
    states[index].isSource = false
    states[index].kind = kind
    states[index].type = type
    states[index].isFromScan = isFromScan
    return index
  }

  /// Tells all, in the order in which each path came first.
  func tell(_ handler: (borrowing FileEvent) -> Void) {
    var index = first
    while index >= 0 {
      let position = index
      let state = states[position]
      index = state.next
      guard !state.isSource else { continue }
      handler(
        FileEvent(
          kind: state.kind, path: states.name(position),
          source: state.source < 0 ? nil : states.name(state.source),
          type: state.type, isFromScan: state.isFromScan))
    }
  }

  private func overflow() {
    hasOverflown = true
    states.removeAll()
    (first, last, bytes) = (-1, -1, 0)
  }
}
