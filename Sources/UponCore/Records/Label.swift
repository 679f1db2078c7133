/// What every record of one source and event has in common, written once.
final class Label {
  let name: [UInt8]
  let kind: String
  let event: String
  /// `,"name":"every:1s","kind":"every","event":"tick","count":`
  let json: UnsafeRawBufferPointer
  /// `every:1s` and `tick` with their tabs behind them.
  let tsv: UnsafeRawBufferPointer

  init(name: [UInt8], kind: String, event: String) {
    self.name = name
    self.kind = kind
    self.event = event
    var text = ByteQueue(capacity: 256)
    text.append(",\"name\":\"" as StaticString)
    _ = name.withUnsafeBytes { text.append(jsonText: $0) }
    text.append("\",\"kind\":\"\(kind)\",\"event\":\"\(event)\",\"count\":")
    json = text.bytes.owned()
    text.removeAll()
    name.withUnsafeBytes { text.append(tsvText: $0) }
    text.append("\t\(event)\t")
    tsv = text.bytes.owned()
  }

  deinit {
    json.deallocate()
    tsv.deallocate()
  }
}

extension UnsafeRawBufferPointer {
  /// A copy of the bytes, to be deallocated by its owner.
  func owned() -> UnsafeRawBufferPointer {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: Swift.max(count, 1), alignment: 1)
    copy.copyMemory(from: self)
    return UnsafeRawBufferPointer(rebasing: copy[..<count])
  }
}
