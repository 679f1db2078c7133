/// Whom an event is about, where its source has several at once: a connection, the sender of a datagram.
///
/// By its subject gates and merging keep events apart, holds apply to a part of the source alone, and replies find
/// their way back. An event borrows its subject; what outlives the delivery keeps `kept`.
protocol Subject: AnyObject {
  /// Tells it from the others of the session; 0 where one event may stand for another whoever it is about.
  var key: UInt64 { get }
  /// What a copy of the event keeps, also when the subject itself is over.
  var kept: (any Subject)? { get }
  /// Its number among those that the source has taken, from 1; 0 for one that is not counted.
  var ordinal: Int { get }
  /// Whether its records are datagrams, which bring no line end.
  var sendsDatagrams: Bool { get }
  /// Whether it is over, so that nothing more comes of it.
  var isOver: Bool { get }
  /// Whether `hold` and `release` apply to it; otherwise the whole source is held.
  var holdsAlone: Bool { get }
  /// Offers nothing more until as many releases have come.
  func hold()
  func release()
  /// Takes the next place among the answers to it; nil where nobody can be answered.
  ///
  /// `onFailure` is told the error number of an answer that could not be sent.
  func reply(onFailure: @escaping (Int32) -> Void) -> Reply?
  /// What is kept until the event is done: printed, or its run over.
  var ticket: (any Subject)? { get }
  /// Takes note that the event is dropped at the end, and no run comes of it.
  func wasDropped()
  /// What a command takes over with the event, nil where that is nothing.
  var handover: (any Handover)? { get }
}

extension Subject {
  var kept: (any Subject)? { self }
  var key: UInt64 { 0 }
  var ordinal: Int { 0 }
  var sendsDatagrams: Bool { false }
  var isOver: Bool { false }
  var holdsAlone: Bool { false }
  func hold() {}
  func release() {}
  var ticket: (any Subject)? { nil }
  func wasDropped() {}
  var handover: (any Handover)? { nil }
}

/// A descriptor that a command gets as its standard input and output, and that counts as open until the run is over.
protocol Handover: AnyObject {
  var descriptor: Int32 { get }
  /// What the command finds in its environment of it, names and values.
  var variables: [(name: String, value: String)] { get }
  /// Closes the descriptor here: the command that got it has its own.
  func giveAway()
}
