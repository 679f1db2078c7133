import CSystem
import EventLoop
import Glibc

/// `do COMMAND`, and PROGRAM as an action: runs a command for each event.
///
/// Events that come while all runs are busy wait in line, are dropped, merge or restart, as `busy=` or else their kind
/// says. Order is kept.
final class RunAction: Action {
  let spec: CommandSpec
  unowned(unsafe) let commands: Commands
  /// The command as messages show it.
  let title: String
  private let arguments: Words
  /// The file to execute, found at the first run.
  private var file: Words?
  private let directory: Words?
  private var runs: [Run] = []
  private var line: [Waiting] = []
  private var toldStatus: ExitStatus?
  private var retry: Timer?
  private var retryDelay: Int64 = 0

  private struct Waiting {
    var feed: Feed
    let event: Event
    var holdsFeed: Bool
  }

  init(_ spec: CommandSpec, commands: Commands) throws(SourceFailure) {
    self.spec = spec
    self.commands = commands
    directory = spec.directory.map { Words([$0]) }
    if let directory, let path = directory.strings[0] {
      var status = stat()
      let code = stat(path, &status) == 0 ? 0 : errno
      if code != 0 { throw SourceFailure("dir=\(String(cString: path))", errno: code) }
      if upon_file_type(status.st_mode) != Int32(CSystem.S_IFDIR) {
        throw SourceFailure("dir=\(String(cString: path))", errno: ENOTDIR)
      }
    }
    switch spec.line {
    case .shell(let command):
      arguments = Words([spec.shell, Array("-c".utf8), command])
      title = Word(command).text
      file = Words([spec.shell])
    case .program(let words):
      arguments = Words(words)
      title = Word(Array(words.joined(separator: [UInt8(ascii: " ")]))).text
    }
  }

  /// Whether nothing waits and nothing runs that upon waits for.
  var isIdle: Bool { line.isEmpty && (runs.isEmpty || spec.detaches) }

  override func take(_ event: Event, from feed: Feed, through binding: Binding) {
    if runs.count < spec.jobs, line.isEmpty {
      start(event, feed)
    } else {
      wait(event, feed)
    }
  }

  // MARK: Waiting

  private func wait(_ event: Event, _ feed: Feed) {
    switch spec.busy ?? feed.kind.events[event.index].busy {
    case .skip: return
    case .restart:
      for run in runs { run.stop(.restart) }
      merge(event, feed) { _ in true }
    case .merge:
      merge(event, feed) { $0.feed === feed && $0.event.index == event.index }
    case .queue: enqueue(event, feed, holds: feed.isPausable)
    }
  }

  /// Lets the event stand for the one that waits, if there is one that it may stand for.
  private func merge(_ event: Event, _ feed: Feed, with matches: (Waiting) -> Bool) {
    guard let place = line.firstIndex(where: matches) else { return enqueue(event, feed, holds: false) }
    let count = line[place].event.count
    line[place].event.copy(of: event)
    line[place].event.count += count
    line[place].feed = feed
  }

  private func enqueue(_ event: Event, _ feed: Feed, holds: Bool, first: Bool = false) {
    let kept = Event()
    kept.copy(of: event)
    line.insert(Waiting(feed: feed, event: kept, holdsFeed: holds), at: first ? 0 : line.count)
    if holds { feed.hold(.commands, for: kept) }
  }

  private func startNext() {
    while runs.count < spec.jobs, !line.isEmpty, retry?.deadline == nil {
      let next = line.removeFirst()
      start(next.event, next.feed)
      if next.holdsFeed { next.feed.release(.commands, for: next.event) }
    }
  }

  /// Drops what waits and ends what runs.
  func stop() {
    retry?.cancel()
    let waiting = line
    line = []
    for item in waiting where item.holdsFeed { item.feed.release(.commands, for: item.event) }
    if !spec.detaches { for run in runs { run.stop(.ending) } }
  }

  // MARK: Running

  private func start(_ event: Event, _ feed: Feed) {
    commands.beforeStart()
    do throws(LoopError) {
      let label = feed.label(event.index)
      let kept = feed.handsOver(event.index) ? feed.plan.inherited : nil
      // Readiness of standard input is told so that the command reads it there.
      let reads = kept == 0 && spec.input == .data ? .inherit : spec.input
      let input = try RunInput(reads, event, label, null: commands.null)
      let run = Run(spec, feed: feed, holdsFeed: kept != nil, loop: commands.services.loop)
      let file = try findFile()
      let child = try commands.environment.with(event, label) { (environment) throws(LoopError) in
        var request = SpawnRequest(
          path: file.strings[0]!, arguments: arguments.strings, environment: environment)
        request.input = input.descriptor
        request.directory = directory.flatMap { UnsafePointer($0.strings[0]) }
        request.descriptorLimit = commands.services.process.descriptorLimit
        request.detach = spec.detaches
        request.holdsGroup = spec.timeout != nil || spec.busy == .restart
        request.keep = kept.flatMap { $0 > 2 ? $0 : nil }
        return try commands.services.children.start(request) { [unowned self, unowned run] in ended(run, $0) }
      }
      run.begin(child, input)
      runs.append(run)
      retryDelay = 0
      if kept != nil { feed.hold(.commands) }
    } catch {
      couldNotStart(event, feed, error)
    }
  }

  private func findFile() throws(LoopError) -> Words {
    if let file { return file }
    guard case .program(let words) = spec.line else { fatalError("a shell is known from the start") }
    let found = Words([try Program.find(words).dropLast().map { UInt8(bitPattern: $0) }])
    file = found
    return found
  }

  /// A shortage passes: the event is kept and tried again. A program that is not there ends upon, as with xargs.
  private func couldNotStart(_ event: Event, _ feed: Feed, _ error: LoopError) {
    switch error.code {
    case EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY:
      if retryDelay == 0 {
        commands.services.diagnostics.report(
          "\(feed.title): \(title): \(systemError(error.code)); trying again")
      }
      retryDelay = min(max(retryDelay * 2, 50_000_000), 1_000_000_000)
      enqueue(event, feed, holds: feed.isPausable, first: true)
      if retry == nil { retry = Timer(loop: commands.services.loop) { [unowned self] _ in startNext() } }
      retry?.arm(at: Clock.monotonic() + retryDelay)
    case let code:
      let status = ExitStatus.exited(code == ENOENT || code == ENOTDIR ? 127 : 126)
      tell(status, "\(feed.title): \(title): \(systemError(code))")
      commands.ended(status, until: spec.until)
      if case .program = spec.line { commands.onEnding(.unrunnable(status.shellStatus)) }
    }
  }

  private func ended(_ run: Run, _ status: ExitStatus) {
    runs.removeAll { $0 === run }
    run.end()
    if run.stopped == nil || run.stopped == .timeout {
      // One that obeys and exits in order has taken too long all the same: the status of timeout(1).
      let status = run.stopped == .timeout && status.isSuccess ? ExitStatus.exited(124) : status
      tell(status, "\(run.feed.title): \(title): \(Self.describe(status, run, spec))")
      commands.ended(status, until: spec.until)
    }
    if run.holdsFeed { run.feed.release(.commands) }
    startNext()
  }

  private static func describe(_ status: ExitStatus, _ run: Run, _ spec: CommandSpec) -> String {
    let reason =
      switch status {
      case .exited(let code): "exit status \(code)"
      case .signaled(let number): "killed by signal \(SignalName.name(of: number))"
      }
    guard run.stopped == .timeout, let timeout = spec.timeout else { return reason }
    return "timed out after \(timeout), \(reason)"
  }

  /// Tells a failure once, and again when the status changes.
  private func tell(_ status: ExitStatus, _ text: @autoclosure () -> String) {
    defer { toldStatus = status }
    if !status.isSuccess, status != toldStatus { commands.services.diagnostics.report(text()) }
  }
}
