import EventLoop
import Platform

/// Reads what a command writes into a pipe, until everybody has closed it.
final class OutputReader {
  /// At most this much is read in one turn, so that a flood starves no source.
  private static let turnBudget = 1 << 18
  private static let bufferSize = 1 << 16

  private let take: (UnsafeRawBufferPointer) -> Void
  private let onEnd: () -> Void
  private var descriptor: Descriptor?
  private let number: Int32
  private var watch: DescriptorWatch?

  /// Owns the descriptor, which must not block.
  init(
    _ descriptor: consuming Descriptor, loop: EventLoop, take: @escaping (UnsafeRawBufferPointer) -> Void,
    onEnd: @escaping () -> Void
  ) throws(LoopError) {
    number = descriptor.number
    self.descriptor = consume descriptor
    self.take = take
    self.onEnd = onEnd
    watch = DescriptorWatch(loop: loop, descriptor: number, interest: .read, queue: .data) {
      [unowned self] in
      if read(atMost: Self.turnBudget) {
        close()
        self.onEnd()
      }
    }
    try watch?.enable()
  }

  deinit {
    close()
  }

  var isEnded: Bool { watch == nil }

  /// Leaves what comes in the pipe, whose writer waits when it is full.
  func pause() {
    watch?.disable()
  }

  func resume() {
    try? watch?.enable()
  }

  /// Takes what is in the pipe already, and closes it whoever may still have the other end.
  func finish() {
    // No pipe holds more, and a writer that goes on must not keep us.
    if !isEnded { _ = read(atMost: 1 << 20) }
    close()
  }

  /// Returns whether the end has come.
  private func read(atMost budget: Int) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: Self.bufferSize, alignment: 16) { buffer in
      var left = budget
      while left > 0 {
        let count = Platform.read(number, buffer.baseAddress, min(buffer.count, left))
        guard count > 0 else { return count == 0 || errno != EAGAIN && errno != EINTR }
        take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        left -= count
        // A short read has emptied the pipe, and take may have paused.
        if count < buffer.count || watch?.isEnabled != true { return false }
      }
      return false
    }
  }

  private func close() {
    watch?.disable()
    watch = nil
    descriptor = nil
  }
}
