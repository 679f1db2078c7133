import EventLoop
import Platform

/// What a command executes: the file, its arguments, and where.
final class CommandFile {
  /// The command as messages show it.
  let title: String
  private let spec: CommandSpec
  private var isFallingBack = false
  private var arguments: ArgumentVector
  private let directory: ArgumentVector?
  private let user: RunUser?
  /// The environment of another user; nil where it is that of all commands.
  let environment: CommandEnvironment?
  /// Found at the first run.
  private var file: ArgumentVector?

  /// Checks that the folder of `dir=` is there.
  init(_ spec: CommandSpec) throws(SourceFailure) {
    self.spec = spec
    if let name = spec.user {
      let found = try RunUser(name)
      user = found
      environment = CommandEnvironment(of: found)
    } else {
      user = nil
      environment = nil
    }
    directory = spec.directory.map { ArgumentVector([$0]) }
    if let directory, let path = directory.strings[0] {
      var status = stat()
      let code = stat(path, &status) == 0 ? 0 : errno
      if code != 0 { throw SourceFailure("dir=\(Word(spec.directory ?? []).text)", errno: code) }
      if upon_file_type(status.st_mode) != Int32(Platform.S_IFDIR) {
        throw SourceFailure("dir=\(Word(spec.directory ?? []).text)", errno: ENOTDIR)
      }
    }
    switch spec.line {
    case .shell(let command):
      arguments = ArgumentVector([spec.shell, Array("-c".utf8), command])
      title = Word(command).text
      file = ArgumentVector([spec.shell])
    case .program(let words):
      arguments = ArgumentVector(words)
      title = Word(Array(words.joined(separator: [UInt8(ascii: " ")]))).text
    }
  }

  /// The request for one run; it borrows from this object and from the environment.
  func request(_ environment: SpawnRequest.Strings) throws(LoopError) -> SpawnRequest {
    var request = SpawnRequest(
      path: try find().strings[0]!, arguments: arguments.strings, environment: environment)
    request.directory = directory.flatMap { UnsafePointer($0.strings[0]) }
    request.detach = spec.detaches
    request.identity = user?.identity
    return request
  }

  /// What kept it from running, for messages: the folder or the shell, which the command does not name.
  func reason(_ failure: LoopError) -> String {
    if let directory, access(directory.strings[0]!, X_OK) != 0 {
      return "dir=\(Word(spec.directory ?? []).text): \(systemError(failure.code))"
    }
    guard case .shell = spec.line else { return systemError(failure.code) }
    return "\(Word(spec.shell).text): \(systemError(failure.code))"
  }

  /// Runs the program by the shell from now on, as execvp does with what the kernel cannot execute; false where it is
  /// the shell already.
  func fallBackToShell() -> Bool {
    guard case .program(let words) = spec.line, let path = file?.strings[0], !isFallingBack else {
      return false
    }
    isFallingBack = true
    let script = Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
    arguments = ArgumentVector([spec.shell, script] + words.dropFirst())
    file = ArgumentVector([spec.shell])
    return true
  }

  private func find() throws(LoopError) -> ArgumentVector {
    if let file { return file }
    guard case .program(let words) = spec.line else { fatalError("a shell is known from the start") }
    let found = ArgumentVector([try Program.find(words).dropLast().map { UInt8(bitPattern: $0) }])
    file = found
    return found
  }
}

extension Program {
  /// Replaces this process by a program, or by a shell that reads it where the kernel cannot execute it, as execvp does.
  static func become(
    path: [CChar], words: [[UInt8]], environment: SpawnRequest.Strings
  ) throws(LoopError) -> Never {
    do throws(LoopError) {
      let arguments = ArgumentVector(words)
      try withExtendedLifetime(arguments) { () throws(LoopError) in
        try become(path: path, arguments: arguments.strings, environment: environment)
      }
    } catch {
      guard error.code == ENOEXEC else { throw error }
      let script = path.dropLast().map { UInt8(bitPattern: $0) }
      let shell = ArgumentVector([Array("/bin/sh".utf8), script] + words.dropFirst())
      try withExtendedLifetime(shell) { () throws(LoopError) in
        try become(path: shell.strings[0]!, arguments: shell.strings, environment: environment)
      }
    }
  }

  /// The file that the first word stands for, along the PATH that upon was started with.
  static func find(_ words: [[UInt8]]) throws(LoopError) -> [CChar] {
    var name = words[0].map { CChar(bitPattern: $0) }
    name.append(0)
    return try find(name, path: getenv("PATH"))
  }
}
