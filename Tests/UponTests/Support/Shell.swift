import Foundation

/// Runs a script as a user would, with the built `upon` first in the search path.
///
///     let run = try Shell.run("printf 'a\\nb\\n' | upon stdin -o data")
///     #expect(run.text == "a\nb\n")
///     #expect(run.status == .exited(0))
///
/// Every run has a temporary directory of its own as its working directory and `HOME`, the
/// environment named in `Shell.environment`, no descriptors but 0, 1 and 2, every signal at its
/// default, and a process group of its own, which is killed when the time is over.
enum Shell {
  /// Runs `script` to its end and to the end of its output.
  static func run(
    _ script: String, in shell: String = "sh", arguments: [String] = [], input: [UInt8] = [],
    directory: TemporaryDirectory? = nil, environment: [String: String] = [:],
    within limit: Duration? = nil
  ) throws -> Finished {
    let running = try start(
      script, in: shell, arguments: arguments, directory: directory, environment: environment)
    running.send(input)
    running.closeInput()
    return running.finish(within: limit)
  }

  /// Starts `script`; the test sends input, waits for output and ends it.
  static func start(
    _ script: String, in shell: String = "sh", arguments: [String] = [],
    directory: TemporaryDirectory? = nil, environment: [String: String] = [:]
  ) throws -> Running {
    // What a shell takes as its name would be the first argument of anything else.
    let name = shell.hasSuffix("sh") ? [shell] : []
    return try Running(
      [shell, "-c", script] + name + arguments, directory: directory, environment: environment,
      terminal: false)
  }

  /// Starts a program on a terminal of its own, 80 columns wide, as its session's leader.
  static func terminal(
    _ command: [String], directory: TemporaryDirectory? = nil, environment: [String: String] = [:]
  ) throws -> Running {
    try Running(command, directory: directory, environment: environment, terminal: true)
  }

  /// The environment of every run, beside `HOME`.
  static let environment: [String: String] = [
    "PATH": binary.deletingLastPathComponent().path + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    "UPON": binary.path,
    "LC_ALL": "C.UTF-8",
  ]

  /// The binary under test: `$UPON`, else `./upon` of the repository, else its debug build.
  static let binary: URL = {
    if let named = ProcessInfo.processInfo.environment["UPON"], !named.isEmpty {
      return URL(fileURLWithPath: named)
    }
    let built = repository.appendingPathComponent("upon")
    return FileManager.default.isExecutableFile(atPath: built.path)
      ? built : repository.appendingPathComponent(".build/debug/upon")
  }()

  /// The top of the repository.
  static let repository: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder
  }()

  /// The full path of a program, nil where there is none.
  static func find(_ program: String) -> String? {
    if program.contains("/") { return program }
    return environment["PATH"]!.split(separator: ":").map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// How a process ended.
enum Ending: Equatable {
  case exited(Int32)
  case killed(by: Int32)
}

/// What a run left behind.
struct Finished: CustomStringConvertible {
  /// nil when the time was over before it ended.
  let status: Ending?
  let output: [UInt8]
  let errors: [UInt8]
  let duration: Duration

  var text: String { output.text }
  var errorText: String { errors.text }
  /// The lines of the output, without their ends.
  var lines: [String] { text.split(separator: "\n").map(String.init) }

  var description: String {
    """
    \(status.map { "\($0)" } ?? "still running") after \(duration)
    --- standard output
    \(text)
    --- standard error
    \(errorText)
    ---
    """
  }
}

/// What went wrong in the harness itself.
struct HarnessError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A directory that is removed with the last reference to it.
final class TemporaryDirectory {
  let path: String

  init() throws {
    var template = Array("/tmp/upon-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw HarnessError("no temporary directory: \(errno)") }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The bytes of a file in it, nil where there is none.
  func contents(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init)
  }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}

extension [UInt8] {
  /// The bytes as text, with U+FFFD for what is no UTF-8.
  var text: String { String(decoding: self, as: UTF8.self) }
}
