import EventLoop
import Platform

/// Routes the signals of the process to whoever watches them.
final class Signals {
  private struct Watcher {
    unowned let owner: AnyObject
    let number: Int32
    let handler: (SignalInfo) -> Void
  }

  private var queue: SignalQueue?
  private var watchers: [Watcher] = []
  /// Signals that sources have watched: one that comes late must not kill what it was to be told to.
  private var caught: [Int32] = []

  init(loop: EventLoop) throws(LoopError) {
    queue = try SignalQueue(loop: loop) { [unowned self] in route($0) }
  }

  /// Hands every delivery of the signals to the owner until it lets go.
  ///
  /// With `catches` it does nothing afterwards, until the process has ended or become a program.
  func watch(
    _ numbers: [Int32], owner: AnyObject, catches: Bool = false, handler: @escaping (SignalInfo) -> Void
  ) throws(LoopError) {
    if catches { caught += numbers }
    for number in numbers { watchers.append(Watcher(owner: owner, number: number, handler: handler)) }
    try queue?.watch(numbers)
  }

  /// Runs `body`, which waits outside the loop: signals that no source has watched take effect meanwhile.
  func whileWaiting<Result>(_ body: () throws(SourceFailure) -> Result) throws(SourceFailure) -> Result {
    guard let queue else { return try body() }
    return try queue.leaving(watchers.map(\.number).filter { !caught.contains($0) }, body)
  }

  /// Has a watched signal take effect once; returns when a process that it stops goes on.
  func raise(_ number: Int32) {
    queue?.raise(number)
  }

  /// Forgets the owner. The signals stay blocked: one that nobody watches any more must not end the process.
  func forget(owner: AnyObject) {
    watchers.removeAll { $0.owner === owner }
  }

  /// Gives the signal back to the kernel: the next one kills.
  func letKill(_ number: Int32) {
    watchers.removeAll { $0.number == number }
    queue?.release(number, toDefault: true)
  }

  /// Whether someone else watches the signal.
  func isWatched(_ number: Int32, besides owner: AnyObject) -> Bool {
    watchers.contains { $0.number == number && $0.owner !== owner }
  }

  /// Puts the mask back that the process was started with.
  func giveBack() {
    queue?.close(catching: caught)
    queue = nil
  }

  private func route(_ info: SignalInfo) {
    for watcher in watchers where watcher.number == info.number { watcher.handler(info) }
  }
}
