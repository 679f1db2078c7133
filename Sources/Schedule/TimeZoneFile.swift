/// Reads the format of the compiled tz database, TZif in its versions 1 to 4 (RFC 9636).
struct TimeZoneFile {
  /// Why a file is no time zone.
  enum Failure: String, Error {
    case notTimeZone = "is not a time zone file"
    case countsLeapSeconds = "counts leap seconds, which the clock does not"
  }

  /// The numbers of the things in a block of data, in the order of its header.
  private struct Header {
    let version: UInt8
    let universalFlags: Int
    let standardFlags: Int
    let leapSeconds: Int
    let transitions: Int
    let types: Int
    let letters: Int

    /// The bytes of the block behind the header, with times of this width.
    func length(timeWidth: Int) -> Int {
      transitions * (timeWidth + 1) + types * 6 + letters + leapSeconds * (timeWidth + 4) + standardFlags
        + universalFlags
    }
  }

  private let bytes: [UInt8]
  private var position = 0

  /// Decodes a file; throws when it is damaged, and when it counts leap seconds as those below `right/` do: the clock
  /// that schedules go by does not.
  static func decode(_ bytes: [UInt8], name: String) throws(Failure) -> TimeZone {
    var file = TimeZoneFile(bytes: bytes)
    var header = try file.header()
    var timeWidth = 4
    if header.version >= UInt8(ascii: "2") {
      // A block of 32-bit times for old readers comes first.
      try file.skip(header.length(timeWidth: 4))
      header = try file.header()
      timeWidth = 8
    }
    guard header.leapSeconds == 0 else { throw .countsLeapSeconds }
    let (transitions, offsets) = try file.transitions(header, timeWidth: timeWidth)
    var rule: TimeZoneRule?
    if timeWidth == 8, let footer = try file.footer() {
      rule = TimeZoneRule(footer)
      if rule == nil { throw .notTimeZone }
    }
    return TimeZone(name: name, transitions: transitions, offsets: offsets, rule: rule)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func skip(_ count: Int) throws(Failure) {
    guard count <= bytes.count - position else { throw .notTimeZone }
    position += count
  }

  /// Reads a signed number of `width` bytes, the highest first.
  private mutating func number(_ width: Int) throws(Failure) -> Int64 {
    let start = position
    try skip(width)
    var value = Int64(Int8(bitPattern: bytes[start]))
    for byte in bytes[start + 1..<position] { value = value << 8 | Int64(byte) }
    return value
  }

  private mutating func header() throws(Failure) -> Header {
    let start = position
    try skip(20)
    guard bytes[start..<start + 4].elementsEqual("TZif".utf8) else { throw .notTimeZone }
    var counts: [Int] = []
    for _ in 0..<6 {
      let count = try number(4)
      guard (0...100_000).contains(count) else { throw .notTimeZone }
      counts.append(Int(count))
    }
    return Header(
      version: bytes[start + 4], universalFlags: counts[0], standardFlags: counts[1], leapSeconds: counts[2],
      transitions: counts[3], types: counts[4], letters: counts[5])
  }

  private mutating func transitions(
    _ header: Header, timeWidth: Int
  ) throws(Failure) -> (times: [Int64], offsets: [Int32]) {
    var times: [Int64] = []
    for _ in 0..<header.transitions {
      let time = try number(timeWidth)
      if let last = times.last, time <= last { throw .notTimeZone }
      times.append(time)
    }
    let start = position
    try skip(header.transitions)
    let indices = bytes[start..<position]
    var types: [Int32] = []
    for _ in 0..<header.types {
      let offset = try number(4)
      // RFC 9636 asks for less than 26 hours, and `reach` builds on it.
      guard offset.magnitude < 26 * 3600 else { throw .notTimeZone }
      types.append(Int32(offset))
      try skip(2)
    }
    guard let first = types.first else { throw .notTimeZone }
    try skip(header.letters + header.standardFlags + header.universalFlags)
    var offsets = [first]
    for index in indices {
      guard Int(index) < types.count else { throw .notTimeZone }
      offsets.append(types[Int(index)])
    }
    // Files for old readers begin with a transition at the beginning of time.
    let tooEarly = times.count { $0 <= TimeZone.Span.earliest }
    let early = times.filter { $0 < TimeZone.Span.latest }.dropFirst(tooEarly)
    return (Array(early), Array(offsets.dropFirst(tooEarly).prefix(early.count + 1)))
  }

  /// Reads the rule between two line ends that stands behind the data; nil when it is empty.
  private mutating func footer() throws(Failure) -> String? {
    let start = position
    try skip(1)
    guard bytes[start] == UInt8(ascii: "\n"), let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n"))
    else { throw .notTimeZone }
    return end == position ? nil : String(decoding: bytes[position..<end], as: UTF8.self)
  }
}
