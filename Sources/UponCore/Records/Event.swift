import EventLoop
import Platform

/// One event: what happened, when, and the fields of its kind, in the order of the record.
///
/// A source keeps one event and fills it again and again; its bytes are borrowed from the source until the delivery
/// ends. What outlives the delivery copies it once with `copy(of:)`.
final class Event {
  enum FieldValue {
    case int(Int64)
    case uint(UInt64)
    case bool(Bool)
    case text(StaticString)
    /// Shown as text, with `<key>_base64` behind it where it is not exact.
    case bytes(UnsafeRawBufferPointer)
  }

  struct Field {
    let key: FieldName
    let value: FieldValue
  }

  /// As many fields as an event has without the groups of a pattern.
  static let most = 24

  /// The index in its kind's table.
  private(set) var index = 0
  /// Numbers delivered events from 1; 0 until it is delivered.
  var seq: UInt64 = 0
  /// How many events this one stands for.
  var count: UInt64 = 1
  /// When it was noticed, on the wall clock.
  private(set) var time = WallTime()
  /// The event's bytes and their line end.
  private(set) var payload: UnsafeRawBufferPointer?
  private var lineEnd = 0
  private(set) var fieldCount = 0
  private var fields: UnsafeMutablePointer<Field>
  private var capacity: Int
  private var ownedBytes: UnsafeMutableRawBufferPointer?
  /// Whom it is about, nil where its source has nobody to tell apart.
  unowned(unsafe) private(set) var subject: (any Subject)?
  /// What a copy keeps of the subject, also when that is over.
  private var kept: (any Subject)?
  /// What the event means for the name that its bytes are; nil where they are data. `begin` leaves it: a source whose
  /// events are about names sets it each time.
  var change: NameChange?
  /// The first fields so many are about the name alone.
  var nameFields = 0
  /// What the event has gathered, where it stands for several with all their bytes.
  private(set) var batch: EventBatch?

  /// Makes an event with room for so many fields: a source of which there may be many knows how many it needs.
  init(capacity: Int = Event.most) {
    self.capacity = capacity
    fields = .allocate(capacity: capacity)
  }

  deinit {
    fields.deallocate()
    ownedBytes?.deallocate()
  }

  /// Starts the event anew, without fields.
  @inline(__always)
  func begin(_ index: Int, at time: WallTime, count: UInt64 = 1, about subject: (any Subject)? = nil) {
    self.index = index
    self.time = time
    self.count = count
    self.subject = subject
    seq = 0
    fieldCount = 0
    payload = nil
  }

  @inline(__always)
  func add(_ key: FieldName, _ value: FieldValue) {
    if fieldCount == capacity { grow(to: capacity + 8) }
    (fields + fieldCount).initialize(to: Field(key: key, value: value))
    fieldCount += 1
  }

  /// Makes room for more fields, which an event that is filled again and again needs once.
  @inline(never)
  private func grow(to capacity: Int) {
    let larger = UnsafeMutablePointer<Field>.allocate(capacity: capacity)
    larger.moveInitialize(from: fields, count: fieldCount)
    fields.deallocate()
    fields = larger
    self.capacity = capacity
  }

  /// Takes away what a rule has added for itself behind the first `count` fields.
  func removeFields(from count: Int) {
    fieldCount = count
  }

  /// Adds the field `data` and keeps the bytes with the line end that stands behind them in memory.
  @inline(__always)
  func add(data: UnsafeRawBufferPointer, lineEnd: Int) {
    add("data", .bytes(data))
    payload = UnsafeRawBufferPointer(start: data.baseAddress, count: data.count + lineEnd)
    self.lineEnd = lineEnd
  }

  /// Gives the event bytes that no field shows, the last of them a line end: for the formats that are only bytes.
  func set(payload bytes: UnsafeRawBufferPointer, lineEnd: Int = 0) {
    payload = bytes
    self.lineEnd = lineEnd
  }

  /// Makes the event that of a batch, from which its bytes are borrowed.
  func stand(for batch: EventBatch) {
    self.batch = batch
    change = nil
    nameFields = 0
  }

  /// Lets go of what it has gathered.
  func forgetBatch() {
    batch = nil
  }

  /// Takes over what is the same for all that happens at a time and about a subject, without fields and bytes.
  func begin(as other: Event, _ index: Int, count: UInt64) {
    begin(index, at: other.time, count: count)
    kept = other.subject?.kept
    subject = kept
  }

  @inline(__always)
  subscript(position: Int) -> Field {
    fields[position]
  }

  /// The event's bytes without their line end.
  var data: UnsafeRawBufferPointer? {
    payload.map { UnsafeRawBufferPointer(start: $0.baseAddress, count: $0.count - lineEnd) }
  }

  /// What is kept until it is done.
  var ticket: (any Subject)? { subject?.ticket }

  /// Takes note that it is dropped at the end, with all that it has gathered.
  func wasDropped() {
    subject?.wasDropped()
    batch?.wasDropped()
  }

  /// Whether its bytes are names.
  var isOfNames: Bool { change != nil || batch?.isOfNames ?? false }

  /// Whether its bytes are a datagram, or several.
  var isOfDatagrams: Bool { batch?.isOfDatagrams ?? subject?.sendsDatagrams ?? false }

  /// Whether an event that stands for it and others has to keep the bytes of each.
  var keepsAll: Bool { change != nil || batch != nil }

  /// Takes over another event with all its bytes; memory of an earlier copy is used again.
  func copy(of other: Event) {
    if other.fieldCount > capacity {
      fieldCount = 0
      grow(to: other.fieldCount)
    }
    kept = other.subject?.kept
    subject = kept
    index = other.index
    seq = other.seq
    count = other.count
    time = other.time
    lineEnd = other.lineEnd
    change = other.change
    nameFields = other.nameFields
    batch = other.batch
    fieldCount = other.fieldCount
    let size = other.bytesNeeded
    if size > (ownedBytes?.count ?? 0) {
      Memory.ensure(size)
      ownedBytes?.deallocate()
      ownedBytes = .allocate(byteCount: max(size, 256), alignment: 1)
    }
    var used = 0
    payload = other.payload.map { keep($0, &used) }
    for position in 0..<fieldCount {
      let field = other.fields[position]
      let key = field.key.isLiteral ? field.key : keep(field.key, &used)
      guard case .bytes(let bytes) = field.value else {
        (fields + position).initialize(to: Field(key: key, value: field.value))
        continue
      }
      let kept: UnsafeRawBufferPointer
      if let payload, let source = other.payload, bytes.baseAddress == source.baseAddress {
        kept = UnsafeRawBufferPointer(start: payload.baseAddress, count: bytes.count)
      } else {
        kept = keep(bytes, &used)
      }
      (fields + position).initialize(to: Field(key: key, value: .bytes(kept)))
    }
  }

  /// Tells what it is about from others, 0 without a subject.
  var key: UInt64 { subject?.key ?? 0 }

  /// Lets go of the subject; what is left are the fields.
  func forgetSubject() {
    subject = nil
    kept = nil
  }

  private var bytesNeeded: Int {
    var size = payload?.count ?? 0
    for position in 0..<fieldCount {
      if case .bytes(let bytes) = fields[position].value { size += bytes.count }
      if !fields[position].key.isLiteral { size += fields[position].key.utf8CodeUnitCount }
    }
    return size
  }

  private func keep(_ name: FieldName, _ used: inout Int) -> FieldName {
    FieldName(borrowing: keep(UnsafeRawBufferPointer(name.bytes), &used).assumingMemoryBound(to: UInt8.self))
  }

  private func keep(_ bytes: UnsafeRawBufferPointer, _ used: inout Int) -> UnsafeRawBufferPointer {
    guard let owned = ownedBytes?.baseAddress, let source = bytes.baseAddress else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    memcpy(owned + used, source, bytes.count)
    defer { used += bytes.count }
    return UnsafeRawBufferPointer(start: owned + used, count: bytes.count)
  }
}

/// A moment on the wall clock, to the microsecond.
struct WallTime: Equatable {
  var seconds: Int64 = 0
  var microseconds: Int32 = 0

  /// Reads the clock (`clock_gettime` with `CLOCK_REALTIME`).
  static var now: WallTime {
    let (seconds, nanoseconds) = Clock.realtime()
    return WallTime(seconds: seconds, microseconds: nanoseconds / 1000)
  }
}
