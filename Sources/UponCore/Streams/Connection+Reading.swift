import Platform

/// What is received: framed where it lies, kept only where it has to wait.
extension Connection {
  func read() -> Int {
    guard canTake else {
      park()
      return 0
    }
    let buffer = group.connections.buffer
    let count = recv(descriptor, buffer, group.readSize, Int32(MSG_DONTWAIT))
    if count > 0 {
      bytesIn &+= UInt64(count)
      silence?.broken()
      group.time = .now
      let before = group.records
      take(UnsafeRawBufferPointer(start: buffer, count: count))
      return group.weigh(count, records: group.records &- before)
    }
    let code = count == 0 ? 0 : errno
    switch code {
    case EAGAIN, EINTR: break
    case 0: ended(.peer)
    case ECONNRESET, EPIPE: ended(.reset)
    case ETIMEDOUT: ended(.timeout)
    default: ended(.error, code: code)
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
    if bytes.isEmpty || !state.isDisjoint(with: [.closed, .closing]) { return }
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
  private func offer(_ place: UnsafeRawPointer, _ record: Framing.Record) {
    guard let port = group.port else { return }
    group.records &+= 1
    let event = begin(group.plan.record, at: group.time)
    event.add(data: UnsafeRawBufferPointer(start: place, count: record.length), lineEnd: record.lineEnd)
    if record.isPart { event.add("partial", .bool(true)) }
    port.offer(event)
  }

  // MARK: The end of input

  func ended(_ end: End, code: Int32 = 0) {
    if isClosed || hasEnded { return }
    ending = end
    state.insert(.ended)
    state.remove(.reading)
    updateSilence()
    if end != .peer {
      state.insert(.gone)
      outgoing?.tellGone()
    }
    if let partial, canTake {
      group.time = .now
      frameKept(partial)
    }
    guard canTake else { return park() }
    conclude(code)
  }

  /// Closes the connection when nothing is left to deliver or to send.
  func conclude(_ code: Int32 = 0) {
    if isClosed || partial != nil && !isLingering { return }
    if canSend, outgoing?.isOwing ?? false { return updateWatch() }
    if isLingering { return finish(.upon) }
    guard canTake else { return park() }
    if ending == .peer, !state.contains(.toldEnd), let port = group.port {
      state.insert(.toldEnd)
      port.offer(begin(StreamEvent.end, at: .now))
      // A consumer may have closed or answered, and others may have to wait for it.
      return conclude(code)
    }
    finish(ending, code: code)
  }
}
