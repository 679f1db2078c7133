import EventLoop
import Platform

/// The standard input of a command, as `send` and `print to=` write it: what the pipe does not take is queued.
final class InputPipe: Receiver {
  private var descriptor: Descriptor?
  private let number: Int32
  private var queue = ByteQueue(capacity: 4096)
  private var watch: DescriptorWatch?
  private var isClosing = false

  /// Owns the write end.
  init(_ descriptor: consuming Descriptor, loop: EventLoop) {
    descriptor.setNonblocking()
    number = descriptor.number
    self.descriptor = consume descriptor
    watch = DescriptorWatch(loop: loop, descriptor: number, interest: .write, queue: .data) {
      [unowned self] in flush()
    }
  }

  deinit {
    watch?.disable()
  }

  var isReceiving: Bool { watch != nil && !isClosing }
  var unsent: Int { queue.count }

  /// Writes what goes at once and queues the rest; false when the command does not read any more, or has left 8 MiB.
  @discardableResult
  func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard watch != nil, !isClosing, queue.count <= Outgoing.limit else { return false }
    queue.append(bytes)
    flush()
    return watch != nil
  }

  /// Closes it when all is written: the command reads the end.
  func close() {
    isClosing = true
    flush()
  }

  func endWriting() { close() }

  /// Drops what is queued and closes it.
  func abandon() {
    watch?.disable()
    watch = nil
    descriptor = nil
    queue.removeAll()
  }

  private func flush() {
    guard let watch else { return }
    while let base = queue.bytes.baseAddress, !queue.isEmpty {
      let count = write(number, base, queue.count)
      if count > 0 {
        queue.consume(count)
      } else if errno == EAGAIN {
        do throws(LoopError) { try watch.enable() } catch { abandon() }
        return
      } else if errno != EINTR {
        return abandon()
      }
    }
    watch.disable()
    if isClosing { abandon() }
  }
}
