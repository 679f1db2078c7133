import EventLoop
import FileEvents

extension Kind {
  /// `path:PATH`: what changes in a file or directory.
  static let path = Kind(
    "path", address: "PATH", help: "a file or directory changes, or comes to be there",
    events: PathPlan.events, settings: PathPlan.settings, fields: PathEvent.fields,
    read: { (address, word) throws(UsageError) in
      try CheckedAddress(path: address, word) { (settings) throws(UsageError) in
        try PathPlan(address, settings)
      }
    })
}

/// Offers what FileEvents tells of one path.
final class PathSource: Source {
  let adaptsToRules = false
  private let plan: PathPlan
  private let isRecursive: Bool
  private unowned(unsafe) let port: Port
  private let services: Services
  private var tree: (any WatchedTree)?
  private var names: NameOffer
  private var isReady = false

  init(_ plan: PathPlan, isRecursive: Bool, _ port: Port, _ services: Services) {
    self.plan = plan
    self.isRecursive = isRecursive
    self.port = port
    self.services = services
    names = NameOffer(end: plan.details.end)
  }

  func arm() throws(SourceFailure) {
    let watches = try services.fileWatches()
    let kinds = PathEvent.kinds(for: port)
    let tree = watches.tree(
      path: plan.path, options: plan.details.options(isRecursive: isRecursive, kinds: kinds),
      poll: plan.details.poll,
      handlers: TreeHandlers(
        onEvent: { [unowned self] event in names.offer(event, to: port) },
        onReady: { [unowned self] in ready() },
        onTrouble: { [unowned self] trouble in told(trouble) }))
    self.tree = tree
    if let failure {
      disarm()
      throw failure
    }
  }

  /// Trouble with the path itself is told before `arm` returns.
  private var failure: SourceFailure?

  func started() {
    guard let tree else { return }
    if let reason = tree.pollingReason { services.diagnostics.life("\(port.title): polled: \(reason)") }
    guard case .absent(let nearest) = tree.presence else { return }
    let index = nearest.isEmpty ? "the working directory" : "'\(Word(nearest).text)'"
    services.diagnostics.report("\(port.title): is not there yet; \(index) is watched for it")
  }

  func disarm() {
    tree?.close()
  }

  func pause() {
    tree?.pause()
  }

  /// What came meanwhile is one batch.
  func resume() {
    names.gather()
    tree?.resume()
    names.offerGathered(to: port)
  }

  var directories: Int? { tree?.directoryCount }

  func trigger(_ event: Event, _ offer: () -> Void) {
    offer()
  }

  private func ready() {
    isReady = true
    services.diagnostics.life("\(port.title): \(tree?.directoryCount ?? 0) directories are watched")
  }

  private func told(_ trouble: FileTrouble) {
    if case .unwatched = trouble { return services.diagnostics.report("\(port.title): \(trouble)") }
    if isReady { return services.diagnostics.report("\(port.title): \(trouble)") }
    let failure = SourceFailure(trouble.description)
    if tree == nil { self.failure = failure } else { port.fail(failure) }
  }
}
