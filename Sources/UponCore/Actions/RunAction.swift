import CSystem
import EventLoop

/// `do COMMAND`, and PROGRAM as an action: runs a command for each event.
///
/// Events that come while all runs are busy wait in line, are dropped, or merge, as their kind says. Order is kept.
final class RunAction: Action {
  let spec: CommandSpec
  unowned(unsafe) let commands: Commands
  /// The command as messages show it.
  let title: String
  private let arguments: Words
  /// The file to execute, found at the first run.
  private var file: Words?
  private let jobs = 1
  private var runs: [Run] = []
  private var line: [Waiting] = []
  private var toldStatus: ExitStatus?
  private var retry: Timer?
  private var retryDelay: Int64 = 0

  private struct Waiting {
    let feed: Feed
    let event: Event
    var holdsFeed: Bool
  }

  init(_ spec: CommandSpec, commands: Commands) {
    self.spec = spec
    self.commands = commands
    switch spec.line {
    case .shell(let command):
      arguments = Words([Array("/bin/sh".utf8), Array("-c".utf8), command])
      title = Word(command).text
      file = Words([Array("/bin/sh".utf8)])
    case .program(let words):
      arguments = Words(words)
      title = Word(Array(words.joined(separator: [UInt8(ascii: " ")]))).text
    }
  }

  var isWaiting: Bool { !line.isEmpty }

  override func take(_ event: Event, from feed: Feed, through binding: Binding) {
    if runs.count < jobs, line.isEmpty {
      start(event, feed)
    } else {
      wait(event, feed)
    }
  }

  // MARK: Waiting

  private func wait(_ event: Event, _ feed: Feed) {
    switch feed.kind.events[event.index].busy {
    case .skip: return
    case .merge:
      if let place = line.firstIndex(where: { $0.feed === feed && $0.event.index == event.index }) {
        let count = line[place].event.count
        line[place].event.copy(of: event)
        line[place].event.count += count
      } else {
        enqueue(event, feed, holds: false)
      }
    case .queue: enqueue(event, feed, holds: feed.isPausable)
    }
  }

  private func enqueue(_ event: Event, _ feed: Feed, holds: Bool, first: Bool = false) {
    let kept = Event()
    kept.copy(of: event)
    line.insert(Waiting(feed: feed, event: kept, holdsFeed: holds), at: first ? 0 : line.count)
    if holds { feed.hold(.commands) }
  }

  private func startNext() {
    while runs.count < jobs, !line.isEmpty, retry?.deadline == nil {
      let next = line.removeFirst()
      start(next.event, next.feed)
      if next.holdsFeed { next.feed.release(.commands) }
    }
  }

  /// Drops what waits and ends what runs.
  func stop() {
    retry?.cancel()
    let waiting = line
    line = []
    for item in waiting where item.holdsFeed { item.feed.release(.commands) }
    for run in runs { run.stop() }
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
      let run = Run(feed: feed, holdsFeed: kept != nil, loop: commands.services.loop)
      let file = try findFile()
      let child = try commands.environment.with(event, label) { (environment) throws(LoopError) in
        var request = SpawnRequest(
          path: file.strings[0]!, arguments: arguments.strings, environment: environment)
        request.input = input.descriptor
        request.keep = kept.flatMap { $0 > 2 ? $0 : nil }
        return try commands.services.children.start(request) { [unowned self, unowned run] in ended(run, $0) }
      }
      run.begin(child, input)
      runs.append(run)
      commands.running += 1
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
      commands.ended(status)
      if case .program = spec.line { commands.onEnding(.unrunnable(status.shellStatus)) }
    }
  }

  private func ended(_ run: Run, _ status: ExitStatus) {
    runs.removeAll { $0 === run }
    commands.running -= 1
    run.end()
    switch status {
    case _ where run.isStopped: break
    case .exited(let code): tell(status, "\(run.feed.title): \(title): exit status \(code)")
    case .signaled(let number):
      tell(status, "\(run.feed.title): \(title): killed by signal \(SignalName.name(of: number))")
    }
    commands.ended(run.isStopped ? .exited(0) : status)
    if run.holdsFeed { run.feed.release(.commands) }
    startNext()
  }

  /// Tells a failure once, and again when the status changes.
  private func tell(_ status: ExitStatus, _ text: @autoclosure () -> String) {
    defer { toldStatus = status }
    if !status.isSuccess, status != toldStatus { commands.services.diagnostics.report(text()) }
  }
}
