import Platform

/// What one run writes, sent to the sender of its datagram as one datagram when it is complete.
final class DatagramReply: Reply {
  private let address: ReturnAddress
  private let onFailure: (Int32) -> Void
  private var kept = CapturedOutput(limit: 1 << 16)

  init(to address: ReturnAddress, onFailure: @escaping (Int32) -> Void) {
    self.address = address
    self.onFailure = onFailure
  }

  override func write(_ bytes: UnsafeRawBufferPointer) {
    kept.append(bytes)
  }

  /// A command that writes nothing does not answer. A full buffer of the kernel loses an answer as it loses datagrams.
  override func complete() {
    if kept.bytes.isEmpty, !kept.isTruncated { return }
    let code = kept.isTruncated ? EMSGSIZE : address.send(kept.bytes)
    if code != 0 { onFailure(code) }
  }
}
