import EventLoop
import Platform

/// What a command reads: the read end of a pipe, or /dev/null.
///
/// As much as the pipe takes is written before the command starts; the rest is pumped. Both ends are closed with the
/// value, the write end earlier when all is written or the pump has taken it.
struct RunInput: ~Copyable {
  let descriptor: Int32
  private let readEnd: Descriptor?
  private var writeEnd: Descriptor?
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
      descriptor = number
      readEnd = nil
      writeEnd = nil
      rest = []
      return
    case .bytes(let bytes): source = bytes
    case .record(let event, let label):
      var text = RecordText()
      text.write(event, label, as: .json, to: &record)
      source = record.bytes
    }
    guard let source else {
      descriptor = null
      readEnd = nil
      writeEnd = nil
      rest = []
      return
    }
    var pipe = try Pipe()
    let reading = pipe.takeReadEnd()
    let writing = pipe.takeWriteEnd()
    // Any pipe takes so much at once. The command reads a blocking end; the write end is upon's own.
    if source.count > Self.alwaysFits { writing.setNonblocking() }
    let written = max(write(writing.number, source.baseAddress, source.count), 0)
    descriptor = reading.number
    readEnd = consume reading
    rest = written == source.count ? [] : Array(source[written...])
    if written == source.count { writeEnd = nil } else { writeEnd = consume writing }
  }

  /// The pump for what did not fit, which takes the write end; nil when all is written.
  mutating func pump(on loop: EventLoop) -> Pump? {
    guard let end = writeEnd.take() else { return nil }
    return Pump(end, rest, loop: loop)
  }
}

/// Writes bytes into a pipe as its reader takes them; a reader that goes away is no error.
final class Pump {
  private var descriptor: Descriptor?
  private let number: Int32
  private let bytes: [UInt8]
  private var position = 0
  private var watch: DescriptorWatch?

  /// Owns the descriptor, which must not block.
  init(_ descriptor: consuming Descriptor, _ bytes: [UInt8], loop: EventLoop) {
    number = descriptor.number
    self.descriptor = consume descriptor
    self.bytes = bytes
    watch = DescriptorWatch(loop: loop, descriptor: number, interest: .write, queue: .data) {
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
        Platform.write(number, $0.baseAddress! + position, $0.count - position)
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
    descriptor = nil
  }
}
