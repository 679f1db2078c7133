/// The front of a record, up to its count: nearly always that of the last one with the next number.
///
/// `{"seq":7,"time":"2026-11-23T07:00:00.123456Z","name":"every:1s","kind":"every","event":"tick","count":1`
struct RecordFront: ~Copyable {
  private var text = ByteQueue(capacity: 256)
  private var timestamp = Timestamp()
  /// What the text was made for.
  private var label: Label?
  private var time = WallTime()
  private var count: UInt64 = 0
  private var seq: UInt64 = 0
  /// The index of the last digit of `seq`.
  private var lastDigit = 0

  /// Appends the front of the event's record.
  @inline(__always)
  mutating func write(_ event: Event, _ label: Label, to output: inout ByteQueue) {
    if label !== self.label || event.time != time || event.count != count || event.seq != seq &+ 1
      || !text.increment(lastDigit: lastDigit)
    {
      make(event, label)
    }
    seq = event.seq
    output.append(text.bytes)
  }

  @inline(never)
  private mutating func make(_ event: Event, _ label: Label) {
    self.label = label
    time = event.time
    count = event.count
    text.removeAll()
    text.append("{\"seq\":" as StaticString)
    text.append(decimal: event.seq)
    lastDigit = text.count - 1
    text.append(",\"time\":\"" as StaticString)
    timestamp.write(event.time, to: &text)
    text.append(UInt8(ascii: "\""))
    text.append(label.json)
    text.append(decimal: event.count)
  }
}

extension ByteQueue {
  /// Adds one to the decimal number that ends at an index; false where that takes one more digit.
  @inline(__always)
  fileprivate mutating func increment(lastDigit: Int) -> Bool {
    var index = lastDigit
    while self[index] == UInt8(ascii: "9") {
      self[index] = UInt8(ascii: "0")
      index -= 1
    }
    // Before the first digit stands the colon.
    if self[index] == UInt8(ascii: ":") { return false }
    self[index] += 1
    return true
  }
}
