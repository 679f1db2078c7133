import CSystem
import EventLoop

/// What the session lends to its sources and actions.
final class Services {
  let loop: EventLoop
  let diagnostics: Diagnostics
  let signals: Signals
  let children: Children
  let process: ProcessState
  /// The event of every timer: one is delivered when the next one fires.
  let timedEvent = Event(capacity: 3)
  private var names: Resolver?
  private var folders: ArrivalWatch?

  init(process: ProcessState, options: Options) throws(SourceFailure) {
    self.process = process
    diagnostics = Diagnostics(verbose: options.verbose)
    do throws(LoopError) {
      loop = try EventLoop(verbose: options.verbose, backend: options.backend)
      // So that opening one more descriptor fails, and nothing is open that cannot be watched.
      if loop.descriptorBound < .max {
        process.descriptorLimit.installHard(upTo: UInt64(loop.descriptorBound))
      }
      signals = try Signals(loop: loop)
      children = Children(loop: loop, dispositions: process.dispositions)
      if children.needsChildSignal || process.isInit { try watchChildren() }
    } catch {
      throw SourceFailure(error.operation, errno: error.code)
    }
  }

  /// SIGCHLD is needed where the kernel has no pidfd, and as process 1, who reaps what others leave behind.
  private func watchChildren() throws(LoopError) {
    try signals.watch(SIGCHLD, owner: self) { [unowned self] _ in
      children.childSignalArrived()
      if process.isInit { children.reapOrphans() }
    }
  }

  /// Looks up names; made with the first.
  func resolver() throws(LoopError) -> Resolver {
    if let names { return names }
    let fresh = try Resolver(loop: loop)
    names = fresh
    return fresh
  }

  /// Tells when a name appears in a folder; made with the first, nil where there is no inotify to be had.
  func arrivals() -> ArrivalWatch? {
    if folders == nil { folders = try? ArrivalWatch(loop: loop) }
    return folders
  }

  /// A descriptor of the caller; one that was closed at the start is not what stands at its number now.
  func descriptor(_ number: Int32, for direction: InheritedDescriptor.Direction) throws(SourceFailure)
    -> InheritedDescriptor
  {
    if process.wasClosed(number) { throw SourceFailure("descriptor \(number) is closed") }
    return try InheritedDescriptor(number, for: direction)
  }
}
