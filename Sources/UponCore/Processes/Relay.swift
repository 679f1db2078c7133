import EventLoop
import Platform

/// A process that passes on what a detached command writes, when upon does not read it any more: it would otherwise be
/// killed by its next line.
enum Relay {
  /// Starts `cat` from the pipe to a descriptor; without one the pipe is closed.
  static func start(from pipe: consuming Descriptor, to number: Int32, _ services: Services) {
    // Both have it open, and cat waits.
    pipe.setBlocking()
    let words = [Array("cat".utf8)]
    guard let ground = try? services.facility(CommandGround.self), let path = try? Program.find(words) else {
      return
    }
    let arguments = ArgumentVector(words)
    let input = pipe.number
    _ = try? path.withUnsafeBufferPointer { path in
      try ground.environment.withoutEvent { (environment) throws(LoopError) in
        var request = SpawnRequest(
          path: path.baseAddress!, arguments: arguments.strings, environment: environment)
        (request.input, request.output, request.detach) = (input, number, true)
        return try services.children.start(request) { _ in }
      }
    }
  }
}
