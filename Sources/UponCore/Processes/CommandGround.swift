import EventLoop

/// What all sources that run commands share: the environment, and nothing to read.
final class CommandGround: Facility {
  let environment = CommandEnvironment()
  let null = NullDevice()

  init(loop: EventLoop) throws(LoopError) {}
}
