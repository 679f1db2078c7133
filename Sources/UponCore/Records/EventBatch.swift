import Platform

/// What one event gathers of several that it stands for: their bytes one behind the other, or their names, each once.
///
/// An event that has been delivered shares its batch with its copies, which read it only.
final class EventBatch {
  /// So many bytes are gathered at most.
  static let limit = 8 << 20

  /// The last event, by which the batch is described.
  private let last = Event()
  private var count: UInt64 = 0
  private var data = ByteQueue(capacity: 256)
  private var dataEnd = 0
  private var names: NameHistory?
  /// Whether it is of datagrams, which bring no line end: each gets one here, or they would run into each other.
  private(set) var isOfDatagrams = false
  /// What is kept until each of its events is done.
  private var tickets: [any Subject] = []

  init() {}

  /// Makes a batch of its first event.
  init(of event: Event) {
    take(event)
  }

  /// How many bytes it holds.
  var size: Int { names?.size ?? data.count }

  /// Whether it is of names, and those of another event may join it.
  var isOfNames: Bool { names != nil }

  /// Whether nothing has been gathered that is worth an event.
  var isEmpty: Bool { count == 0 }

  /// The place of the last event in its kind's table.
  var index: Int { last.index }

  /// Adds an event that has bytes, or all that it has gathered itself.
  func take(_ event: Event) {
    count &+= event.count
    if let other = event.batch { tickets += other.tickets }
    if let ticket = event.ticket { tickets.append(ticket) }
    if let other = event.batch?.names {
      names = names ?? NameHistory()
      names?.add(other)
      keepLast(event)
    } else if event.change != nil {
      names = names ?? NameHistory()
      names?.add(event)
      keepLast(event)
    } else {
      last.copy(of: event)
      last.forgetBatch()
      dataEnd = (event.payload?.count ?? 0) - (event.data?.count ?? 0)
      if let payload = event.payload { data.append(payload) }
      if event.isOfDatagrams { endLine(of: event) }
    }
  }

  private func endLine(of event: Event) {
    isOfDatagrams = true
    if event.payload?.last == UInt8(ascii: "\n") { return }
    data.append(UInt8(ascii: "\n"))
    dataEnd = 1
  }

  /// Remembers that a name has come, without telling it: one that goes again was never there.
  func note(_ event: Event) {
    names = names ?? NameHistory()
    names?.note(event)
  }

  /// Lets any name stand for those that were gathered, which are too many.
  func overflow(at path: [UInt8], end: UInt8, index: Int) {
    names = names ?? NameHistory()
    names?.overflow(at: path, end: end, index: index)
  }

  func removeAll() {
    count = 0
    tickets = []
    last.forgetSubject()
    data.removeAll()
    isOfDatagrams = false
    names?.removeAll()
  }

  /// Takes note that all its events are dropped at the end.
  func wasDropped() {
    for ticket in tickets { ticket.wasDropped() }
  }

  /// Makes `event` the event of the batch, whose bytes stay the batch's; false where nothing is left to tell.
  func describe(in event: Event) -> Bool {
    if let names {
      guard let index = names.gather() else { return false }
      event.begin(as: last, index, count: count)
      event.stand(for: self)
      names.describe(in: event)
      for position in 0..<last.fieldCount { event.add(last[position].key, last[position].value) }
      return true
    }
    guard count > 0 else { return false }
    event.begin(as: last, last.index, count: count)
    event.stand(for: self)
    let shown = UnsafeRawBufferPointer(rebasing: data.bytes.dropLast(dataEnd))
    for position in 0..<last.fieldCount {
      if last[position].key.isSame(as: "data") {
        event.add(last[position].key, .bytes(shown))
      } else {
        event.add(last[position].key, last[position].value)
      }
    }
    event.set(payload: data.bytes, lineEnd: dataEnd)
    return true
  }

  /// Keeps of an event about a name what is not about the name.
  private func keepLast(_ event: Event) {
    last.begin(as: event, event.index, count: event.count)
    guard event.batch == nil else { return }
    for position in event.nameFields..<event.fieldCount {
      if case .bytes = event[position].value { continue }
      last.add(event[position].key, event[position].value)
    }
  }
}
