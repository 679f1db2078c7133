import Platform

/// A script that runs. Foundation's processes need a run loop, and now and then wait for ever without one.
final class Running {
  let pid: pid_t
  private var ending: Int32?

  init(_ script: String) {
    var arguments: [UnsafeMutablePointer<CChar>?] = ["bash", "-c", script].map { (word: String) in
      strdup(word)
    }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    let path = strdup("/bin/bash")
    defer { free(path) }
    var error: Int32 = 0
    pid = arguments.withUnsafeBufferPointer { arguments in
      var request = upon_spawn_request()
      request.path = UnsafePointer(path)
      request.arguments = arguments.baseAddress
      request.environment = upon_environment().map { UnsafePointer($0) }
      request.standard = (0, 1, 2)
      request.keep = -1
      request.flags = Int32(UPON_SPAWN_DETACH.rawValue)
      return upon_spawn(&request, nil, &error)
    }
    precondition(pid > 0, "spawn: \(error)")
  }

  var isRunning: Bool {
    if ending != nil { return false }
    var result: Int32 = 0
    if waitpid(pid, &result, WNOHANG) == pid { ending = result }
    return ending == nil
  }

  /// The exit status, or a number above 255 for a signal.
  var status: Int32 { ending.map { $0 & 0x7F == 0 ? $0 >> 8 : 256 + $0 } ?? -1 }
}
