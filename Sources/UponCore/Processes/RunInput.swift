import EventLoop
import Platform

/// What a command reads: the read end of a pipe, or /dev/null.
///
/// As much as the pipe takes is written before the command starts; the rest is pumped. Both ends are closed with the
/// value, the write end earlier when all is written or the pump has taken it.
struct RunInput: ~Copyable {
  let descriptor: Int32
  private let ownsDescriptor: Bool
  private let writeEnd: Int32
  private let rest: [UInt8]
  /// The smallest size of a new pipe.
  private static let alwaysFits = 4096

  /// Where the input comes from.
  enum Source {
    /// Something that is open already.
    case descriptor(Int32)
    case bytes(UnsafeRawBufferPointer?)
    /// The event as one JSON line.
    case record(Event, Label)
  }

  init(_ input: Source, null: Int32) throws(LoopError) {
    let source: UnsafeRawBufferPointer?
    var record = ByteQueue(capacity: 16)
    switch input {
    case .descriptor(let number):
      (descriptor, ownsDescriptor, writeEnd, rest) = (number, false, -1, [])
      return
    case .bytes(let bytes): source = bytes
    case .record(let event, let label):
      var text = RecordText()
      text.write(event, label, as: .json, to: &record)
      source = record.bytes
    }
    guard let source else {
      (descriptor, ownsDescriptor, writeEnd, rest) = (null, false, -1, [])
      return
    }
    var ends: (Int32, Int32) = (-1, -1)
    let made = withUnsafeMutableBytes(of: &ends) {
      pipe2($0.baseAddress?.assumingMemoryBound(to: Int32.self), Int32(O_CLOEXEC))
    }
    guard made == 0 else { throw LoopError(code: errno, operation: "make a pipe") }
    // Any pipe takes so much at once. The command reads a blocking end; the write end is upon's own.
    if source.count > Self.alwaysFits { _ = upon_fcntl_set(ends.1, F_SETFL, O_NONBLOCK) }
    let written = max(write(ends.1, source.baseAddress, source.count), 0)
    descriptor = ends.0
    ownsDescriptor = true
    if written == source.count {
      close(ends.1)
      writeEnd = -1
      rest = []
    } else {
      writeEnd = ends.1
      rest = Array(source[written...])
    }
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
    if writeEnd >= 0 { close(writeEnd) }
  }

  /// The pump for what did not fit; nil when all is written. It writes to a descriptor of its own.
  borrowing func pump(on loop: EventLoop) -> Pump? {
    guard writeEnd >= 0 else { return nil }
    let own = upon_fcntl_set(writeEnd, F_DUPFD_CLOEXEC, 3)
    return own >= 0 ? Pump(own, rest, loop: loop) : nil
  }
}

/// Writes bytes into a pipe as its reader takes them; a reader that goes away is no error.
final class Pump {
  private let descriptor: Int32
  private let bytes: [UInt8]
  private var position = 0
  private var watch: DescriptorWatch?

  /// Owns the descriptor, which must not block.
  init(_ descriptor: Int32, _ bytes: [UInt8], loop: EventLoop) {
    self.descriptor = descriptor
    self.bytes = bytes
    watch = DescriptorWatch(loop: loop, descriptor: descriptor, interest: .write, queue: .data) {
      [unowned self] in write()
    }
    do throws(LoopError) { try watch?.enable() } catch { finish() }
  }

  deinit {
    finish()
  }

  private func write() {
    while position < bytes.count {
      let written = bytes.withUnsafeBytes {
        Platform.write(descriptor, $0.baseAddress! + position, $0.count - position)
      }
      if written > 0 {
        position += written
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        break
      }
    }
    finish()
  }

  private func finish() {
    guard let watch else { return }
    watch.disable()
    self.watch = nil
    close(descriptor)
  }
}
