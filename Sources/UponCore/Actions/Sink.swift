import EventLoop

/// Where an output writes: without waiting, whatever stands behind it.
protocol Sink: AnyObject {
  /// The descriptor to watch for room.
  var number: Int32 { get }
  /// Whether a failure may pass: the output keeps its queue and tries again.
  var mayRecover: Bool { get }
  func write(_ bytes: UnsafeRawPointer, _ count: Int) -> InheritedDescriptor.Transfer
}

extension InheritedDescriptor: Sink {
  var mayRecover: Bool { false }
}
