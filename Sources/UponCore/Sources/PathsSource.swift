import EventLoop
import FileEvents

extension Kind {
  /// `paths:FILE`: the files that a list names.
  static let paths = Kind(
    "paths", address: "FILE", help: "one of the files changes that a list names; FILE may be -",
    events: PathsPlan.events, settings: PathsPlan.settings, fields: PathEvent.fields,
    read: { (address, word) throws(UsageError) in
      try CheckedAddress(path: address, word) { (settings) throws(UsageError) in PathsPlan(address, settings)
      }
    })
}

/// A list of names to watch.
struct PathsPlan: InheritingPlan {
  static let settings = PathSettings.common

  static let events =
    PathEvent.common + [
      EventKind(
        "new", .named, busy: .merge,
        help: "a name that is not in the list appears in the directory of one that is")
    ]

  /// The file that has the list, as typed.
  let list: [UInt8]
  let details: PathSettings

  init(_ list: [UInt8], _ settings: SettingValues) {
    self.list = list
    details = PathSettings(settings)
  }

  var inheriting: (any InheritingPlan)? { descriptorOfCaller == nil ? nil : self }
  /// Standard input, where the list is `-`.
  var descriptorOfCaller: Int32? { list == [UInt8(ascii: "-")] ? 0 : nil }

  var available: EventSet { PathEvent.ofNames.union(EventSet(PathEvent.new)) }
  var gathers: EventSet { available }
  var needsPath: Bool { true }

  var standardBatch: (quiet: Interval, limit: Interval)? { PathPlan.standardBatch }

  var overflow: (event: Int, path: [UInt8], end: UInt8)? { (PathEvent.overflow, list, details.end) }

  func source(for port: Port, on services: Services) -> any Source {
    PathsSource(self, port, services)
  }
}

/// Offers what happens to the names of a list.
final class PathsSource: Source {
  let adaptsToRules = false
  private let plan: PathsPlan
  private unowned(unsafe) let port: Port
  private let services: Services
  private var trees: [any WatchedTree] = []
  private var names: NameOffer
  private var unready = 0
  private var failure: SourceFailure?
  private var isArmed = false
  private var list = NameList()

  init(_ plan: PathsPlan, _ port: Port, _ services: Services) {
    self.plan = plan
    self.port = port
    self.services = services
    names = NameOffer(end: plan.details.end)
  }

  // MARK: Life

  func arm() throws(SourceFailure) {
    list = NameList(try readList(), end: plan.details.end)
    if list.count == 0 { throw SourceFailure("the list is empty") }
    if list.missing.count == list.count {
      throw SourceFailure("nothing in the list can be watched: '\(Word(list.missing[0]).text)' is not there")
    }
    let watches = try services.fileWatches()
    var kinds = PathEvent.kinds(for: port)
    if port.takes(PathEvent.new) { kinds.insert(.create) }
    let options = plan.details.options(isRecursive: false, kinds: kinds)
    for folder in list.folders where failure == nil {
      watch(folder.path, options, watches) { [unowned self] event in happened(event, in: folder) }
    }
    for link in list.links where failure == nil {
      watch(link, options, watches) { [unowned self] event in
        if event.path.elementsEqual(link) { names.offer(event, to: port) }
      }
    }
    if let failure {
      disarm()
      throw failure
    }
    isArmed = true
  }

  private func watch(
    _ path: [UInt8], _ options: TreeOptions, _ watches: FileWatches,
    _ onEvent: @escaping (borrowing FileEvent) -> Void
  ) {
    unready += 1
    trees.append(
      watches.tree(
        path: path, options: options, poll: plan.details.poll,
        handlers: TreeHandlers(
          onEvent: onEvent, onReady: { [unowned self] in ready() },
          onTrouble: { [unowned self] trouble in told(trouble) })))
  }

  private func readList() throws(SourceFailure) -> [UInt8] {
    if let number = plan.descriptorOfCaller {
      let descriptor = try services.descriptor(number, for: .reading)
      return try services.signals.whileWaiting { () throws(SourceFailure) in try ListFile.read(descriptor) }
    }
    return try ListFile.read(plan.list)
  }

  func started() {
    if let reason = trees.lazy.compactMap(\.pollingReason).first {
      services.diagnostics.life("\(port.title): polled: \(reason)")
    }
    guard let first = list.missing.first else { return }
    services.diagnostics.report(
      "\(port.title): \(list.missing.count) of \(list.count) names are not there yet, "
        + "'\(Word(first).text)' for one")
  }

  func disarm() {
    for tree in trees { tree.close() }
  }

  func pause() {
    for tree in trees { tree.pause() }
  }

  /// What came meanwhile is one batch.
  func resume() {
    names.gather()
    for tree in trees { tree.resume() }
    names.offerGathered(to: port)
  }

  var directories: Int? { trees.reduce(0) { $0 + $1.directoryCount } }

  private func ready() {
    unready -= 1
    if unready == 0, isArmed { services.diagnostics.life("\(port.title): \(list.count) names are watched") }
  }

  private func told(_ trouble: FileTrouble) {
    if case .unwatched = trouble {
    } else if !isArmed || unready > 0 {
      let failure = SourceFailure(trouble.description)
      if isArmed { port.fail(failure) } else { self.failure = self.failure ?? failure }
      return
    }
    services.diagnostics.report("\(port.title): \(trouble)")
  }

  // MARK: Events

  private func happened(_ event: borrowing FileEvent, in folder: NameList.Folder) {
    guard let name = folder.name(in: event.path) else { return happened(event, to: folder) }
    let typed = folder.typed(name)
    let type = event.type
    if event.kind == .move, let path = event.source, let source = folder.name(in: path) {
      let from = folder.typed(source)
      switch (typed, from) {
      case (let typed?, let from?):
        from.withUnsafeBytes { offer(typed, PathEvent.move, .new, type, from: $0) }
      case (nil, let from?): offer(from, PathEvent.delete, .gone, type)
      // A listed name that takes another's place is told as written.
      case (_, nil): break
      }
    } else if let typed {
      offer(typed, PathEvent.index(of: event.kind), PathEvent.change(of: event.kind), event.type)
    }
    let kind = event.kind
    if typed == nil, kind == .create || kind == .move, !list.isFolder(event.path) {
      names.offer(event.path.withoutCurrentFolder(folder.path), PathEvent.new, .new, event.type, to: port)
    }
  }

  /// What happens to a directory happens to the names in it.
  private func happened(_ event: borrowing FileEvent, to folder: NameList.Folder) {
    switch event.kind {
    case .overflow: names.offer(event, to: port)
    case .delete:
      for word in folder.words { offer(word, PathEvent.delete, .gone, nil) }
    case .written, .move, .create, .modify, .attrib: break
    }
  }

  private func offer(
    _ typed: [UInt8], _ index: Int, _ change: NameChange, _ type: FileType?,
    from: UnsafeRawBufferPointer? = nil
  ) {
    typed.withUnsafeBytes { names.offer($0, index, change, type, from: from, to: port) }
  }
}
