/// Names the queue that a registration waits in once it is ready.
///
/// Libevent calls them priorities; what is urgent is looked for again after at most eight calls for data.
public enum LoopQueue: Int32, Sendable {
  /// Signals, children, control, output and due timers.
  case urgent = 0
  /// Everything that reads data, and what takes its next turn.
  case data = 1
}
