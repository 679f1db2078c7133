import EventLoop

/// Something of a loop that several sources share, made with the first that needs it: name look-ups, watched folders.
protocol Facility: AnyObject {
  init(loop: EventLoop) throws(LoopError)
}

extension NameWatch: Facility {}

/// The facilities of one session, found by their type.
struct Facilities {
  private var made: [(type: ObjectIdentifier, object: AnyObject)] = []

  /// The facility of that type if it has been made.
  func existing<Wanted: Facility>(_ type: Wanted.Type) -> Wanted? {
    for entry in made where entry.type == ObjectIdentifier(type) {
      return unsafeDowncast(entry.object, to: type)
    }
    return nil
  }

  mutating func add<Made: Facility>(_ facility: Made) {
    made.append((ObjectIdentifier(Made.self), facility))
  }
}
