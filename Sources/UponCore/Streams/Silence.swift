import EventLoop

/// Tells when nothing has come for a span, and where that is asked for again after each further one.
///
/// The timer is re-armed lazily: bytes only note the time. While upon itself has paused the source no time counts.
final class Silence {
  private let span: IdleSpan
  private let onSpan: (_ ordinal: UInt64) -> Void
  private var timer: Timer?
  /// When the last byte came, or the source was armed.
  private var since: Int64
  private var pausedAt: Int64?
  /// Spans told in this silence.
  private var told: UInt64 = 0

  init(_ span: IdleSpan, loop: EventLoop, onSpan: @escaping (_ ordinal: UInt64) -> Void) {
    self.span = span
    self.onSpan = onSpan
    since = Clock.monotonic()
    timer = Timer(loop: loop) { [unowned self] now in check(now) }
    timer?.arm(at: next)
  }

  /// Whether the span that is being told has really passed.
  var isOver: Bool { pausedAt == nil && Clock.monotonic() >= next }

  /// Takes note that something has come; returns whether the silence that it ends was told.
  @discardableResult
  func broken() -> Bool {
    since = Clock.monotonic()
    if told == 0 { return false }
    told = 0
    if pausedAt == nil { timer?.arm(at: next) }
    return true
  }

  func pause() {
    pausedAt = Clock.monotonic()
    timer?.cancel()
  }

  func resume() {
    if let pausedAt { since += Clock.monotonic() - pausedAt }
    pausedAt = nil
    timer?.arm(at: next)
  }

  func cancel() {
    timer?.cancel()
  }

  private var next: Int64 {
    let first = span.first.after(since)
    if told == 0 { return first }
    guard let again = span.again else { return .max }
    let (further, overflow) = again.nanoseconds.multipliedReportingOverflow(by: Int64(clamping: told))
    return overflow ? .max : Interval(nanoseconds: further).after(first)
  }

  private func check(_ now: Int64) {
    if now >= next {
      onSpan(told + 1)
      // The readiness that the deadline found may have broken the silence.
      if now >= next { told += 1 }
    }
    if pausedAt == nil { timer?.arm(at: next) }
  }
}
