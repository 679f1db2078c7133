import EventLoop
import Platform

/// What the session lends to its sources and actions.
final class Services {
  let loop: EventLoop
  let diagnostics: Diagnostics
  let signals: Signals
  let children: Children
  let process: ProcessState
  private var facilities = Facilities()
  private var watchesChildren = false

  /// Makes the loop; `backend` is libevent's name of the way to wait, nil for the best, and `clock` what it goes by in
  /// place of the system's.
  init(process: ProcessState, verbose: Bool, backend: String?, clock: ManualClock? = nil)
    throws(SourceFailure)
  {
    self.process = process
    diagnostics = Diagnostics(verbose: verbose)
    do throws(LoopError) {
      loop = try EventLoop(verbose: verbose, backend: backend, clock: clock)
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

  /// SIGCHLD is needed where the kernel has no pidfd; as process 1, who reaps what others leave behind; and where a
  /// terminal can stop commands.
  private func watchChildren() throws(LoopError) {
    watchesChildren = true
    try signals.watch([SIGCHLD], owner: self) { [unowned self] _ in
      children.childSignalArrived()
      if process.isInit { children.reapOrphans() }
      children.stopsMayHaveHappened()
    }
  }

  /// Has commands be told that a terminal stops, if there is one; called before the first command.
  func watchStops() throws(SourceFailure) {
    if watchesChildren || !ControllingTerminal.isThere { return }
    do throws(LoopError) { try watchChildren() } catch {
      throw SourceFailure(error.operation, errno: error.code)
    }
  }

  /// Returns what the sources share, making it if it is the first to ask for it.
  func facility<Shared: Facility>(_ type: Shared.Type) throws(LoopError) -> Shared {
    if let made = facilities.existing(type) { return made }
    let made = try Shared(loop: loop)
    facilities.add(made)
    return made
  }

  /// Returns what the sources share if any of them has needed it.
  func existing<Shared: Facility>(_ type: Shared.Type) -> Shared? {
    facilities.existing(type)
  }

  /// A descriptor of the caller; one that was closed at the start is not what stands at its number now.
  func descriptor(_ number: Int32, for direction: InheritedDescriptor.Direction) throws(SourceFailure)
    -> InheritedDescriptor
  {
    if process.wasClosed(number) { throw SourceFailure("descriptor \(number) is closed") }
    // The kernel would say that too many files are open, which is not so.
    if number >= loop.descriptorBound {
      throw SourceFailure(
        "descriptor \(number) cannot be watched by select, which takes those below \(loop.descriptorBound)")
    }
    do {
      return try InheritedDescriptor(number, for: direction)
    } catch {
      throw SourceFailure("descriptor \(number) is \(error.text)")
    }
  }
}

extension InheritedDescriptor.Refusal {
  /// As it reads behind `descriptor 3 is`.
  fileprivate var text: String {
    switch self {
    case .closed: "closed"
    case .notOpen(let direction): "not open for \(direction)"
    case .directory: "a directory"
    }
  }
}
