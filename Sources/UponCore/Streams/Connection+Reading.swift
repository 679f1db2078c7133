import Platform

/// What is received: framed where it lies, kept only where it has to wait.
extension Connection {
  func read() -> Int {
    guard canTake else {
      park()
      return 0
    }
    let buffer = group.connections.buffer
    switch transport.receive(from: descriptor, into: buffer, group.readSize) {
    case .bytes(let count):
      bytesIn &+= UInt64(count)
      if silence?.broken() ?? false { offerActive() }
      group.time = .now
      let before = group.records
      take(UnsafeRawBufferPointer(start: buffer, count: count))
      return group.weigh(count, records: group.records &- before)
    case .blocked(let direction): note(.readsByOutput, direction == .output)
    case .end: ended(.peer)
    case .failed(let code): ended(End(errno: code))
    }
    return 0
  }

  /// Reads what has come and forgets it: a peer that is still sending gets to read what is owed to it.
  func discard() -> Int {
    switch transport.receive(from: descriptor, into: group.connections.buffer, Connections.bufferSize) {
    case .bytes(let count):
      bytesIn &+= UInt64(count)
      return count
    case .blocked(let direction): note(.readsByOutput, direction == .output)
    case .end:
      end = .peer
      conclude()
    case .failed: vanished()
    }
    return 0
  }

  /// Offers what is complete and keeps the rest.
  @inline(__always)
  private func take(_ bytes: UnsafeRawBufferPointer) {
    if partial == nil {
      var search = Framing.Search()
      let used = frame(bytes, &search)
      if used < bytes.count { keep(UnsafeRawBufferPointer(rebasing: bytes[used...])) }
    } else {
      takeBehindPartial(bytes)
    }
    if !canTake { park() }
  }

  /// Completes the record that has begun, then goes on without a copy.
  @inline(never)
  private func takeBehindPartial(_ bytes: UnsafeRawBufferPointer) {
    guard let partial else { return }
    let first = group.plan.framing.firstEnd(in: bytes) ?? bytes.count
    append(UnsafeRawBufferPointer(rebasing: bytes[..<first]), to: partial)
    frameKept(partial)
    guard first < bytes.count else { return }
    if self.partial != nil { return keep(UnsafeRawBufferPointer(rebasing: bytes[first...])) }
    take(UnsafeRawBufferPointer(rebasing: bytes[first...]))
  }

  /// Offers the records that what is kept completes.
  func frameKept(_ partial: PartialRecord) {
    let used = frame(partial.bytes, &partial.search)
    // A consumer may have closed the connection.
    guard self.partial === partial else { return }
    partial.consume(used)
    group.connections.kept -= used
    if partial.count == 0 {
      self.partial = nil
      group.connections.giveBack(partial)
    }
  }

  private func keep(_ bytes: UnsafeRawBufferPointer) {
    if bytes.isEmpty || stage != .open { return }
    if let partial { return append(bytes, to: partial) }
    partial = group.connections.partial(bytes)
    group.connections.kept += bytes.count
  }

  private func append(_ bytes: UnsafeRawBufferPointer, to partial: PartialRecord) {
    partial.append(bytes)
    group.connections.kept += bytes.count
  }

  func drop() {
    group.connections.kept -= partial?.count ?? 0
    partial = nil
  }

  /// Offers the records that are complete, while they are taken; returns how many bytes that was.
  @inline(__always)
  private func frame(_ bytes: UnsafeRawBufferPointer, _ search: inout Framing.Search) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    let framing = group.plan.framing
    var start = 0
    search.isInside = state.contains(.insideRecord)
    defer { if search.isInside != state.contains(.insideRecord) { note(.insideRecord, search.isInside) } }
    while canTake, let record = framing.next(in: base + start, bytes.count - start, &search, remainder) {
      offer(base + start, record)
      start += record.total
      search.consume(record.total)
    }
    return start
  }

  /// What becomes of bytes without a delimiter.
  private var remainder: Framing.Remainder {
    if hasEnded { return .record }
    return group.connections.kept > Connections.keptLimit ? .part : .waits
  }

  @inline(__always)
  private func offer(_ memory: UnsafeRawPointer, _ record: Framing.Record) {
    guard let port = group.port else { return }
    group.records &+= 1
    let event = begin(group.plan.record, at: group.time)
    event.add(data: UnsafeRawBufferPointer(start: memory, count: record.length), lineEnd: record.lineEnd)
    event.add(record.extent)
    port.offer(event)
  }

  @inline(never)
  private func offerActive() {
    group.port?.offer(begin(StreamEvent.active, at: .now))
  }

  /// Offers what has been kept, whether or not it is held: the source is removed. What is not whole is a part.
  func offerRest() {
    guard stage == .open, let partial, let base = partial.bytes.baseAddress else { return }
    group.time = .now
    let count = partial.count
    var start = 0
    partial.search.isInside = state.contains(.insideRecord)
    while stage == .open,
      let record = group.plan.framing.next(
        in: base + start, count - start, &partial.search, hasEnded ? .record : .part)
    {
      offer(base + start, record)
      start += record.total
      partial.search.consume(record.total)
    }
  }

  // MARK: The end of input

  func ended(_ end: End) {
    if isClosed || hasEnded { return }
    self.end = end
    state.remove(.reading)
    updateSilence()
    if !end.leavesReader {
      state.insert(.gone)
      outgoing?.tellGone()
    }
    if let partial, canTake {
      group.time = .now
      frameKept(partial)
    }
    guard canTake || stage == .closing else { return park() }
    conclude()
  }

  /// Goes on towards the end, as far as nothing is left to deliver or to send.
  func conclude() {
    switch stage {
    case .closed: return
    case .closing: concludeClosing()
    case .open: if let end { conclude(end) }
    }
  }

  /// upon closes it: when nothing is owed any more.
  private func concludeClosing() {
    guard isOwing else { return finish(state.contains(.gone) && !isLingering ? .reset : .upon) }
    if hasEnded { state.remove(.reading) } else { state.insert(.reading) }
    updateWatch()
  }

  /// The peer sends nothing more.
  private func conclude(_ end: End) {
    if partial != nil { return }
    if canSend, outgoing?.isOwing ?? false { return updateWatch() }
    guard canTake else { return park() }
    if end == .peer, !state.contains(.toldEnd), let port = group.port {
      state.insert(.toldEnd)
      port.offer(begin(StreamEvent.end, at: .now))
      // A consumer may have closed or answered, and others may have to wait for it.
      return conclude()
    }
    // It stays until it is closed by request, or the peer goes.
    if end == .peer, group.plan.isHalfOpen, canSend { return updateWatch() }
    finish(end)
  }
}
