import EventLoop
import Platform

extension Connection {
  /// Stops offering records until as many releases have come; what waits for a command holds the connection.
  func hold() {
    holds += 1
    guard holds == 1, !isClosed, !isGiven else { return }
    updateSilence()
  }

  func release() {
    holds -= 1
    guard holds == 0, !isClosed, !isGiven else { return }
    updateSilence()
    if !state.contains(.reading) { wake() }
  }

  @inline(__always)
  var canTake: Bool { holds == 0 && stage == .open && group.canTake }

  /// Stops reading: somebody has to be waited for.
  func park() {
    if isClosed { return }
    state.remove(.reading)
    updateWatch()
    // Its own hold wakes it by itself.
    guard holds == 0, stage == .open, !state.contains(.queued) else { return }
    state.insert(.queued)
    group.park(self)
  }

  private func wake() {
    guard !state.contains(.queued) else { return }
    state.insert(.queued)
    group.wake(self)
  }

  /// Offers what has been kept, then reads on.
  func proceed() {
    state.remove(.queued)
    if stage != .open { return }
    if let partial, canTake {
      group.time = .now
      frameKept(partial)
    }
    guard canTake else { return park() }
    if hasEnded { return conclude() }
    if state.contains(.reading) { return }
    state.insert(.reading)
    updateWatch()
  }

  // MARK: Silence

  func updateSilence() {
    let counts = holds == 0 && group.port?.isHeld == false && !hasEnded
    if counts == !state.contains(.hushed) { return }
    if counts {
      state.remove(.hushed)
      silence?.resume()
    } else {
      state.insert(.hushed)
      silence?.pause()
    }
  }

  /// Offers an idle event, but first what may have come together with the deadline.
  func offerIdle(_ ordinal: UInt64) {
    guard canTake, let port = group.port else { return }
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&entry, 1, 0) > 0, state.contains(.reading) {
      _ = read()
      guard canTake, silence?.isOver ?? false else { return }
    }
    port.offer(begin(StreamEvent.idle, at: .now, count: ordinal))
  }
}
