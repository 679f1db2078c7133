import Platform

/// A range of IP addresses: one address, or all that begin with the same bits.
public struct AddressRange: Sendable, Equatable {
  static let expected = "IP addresses, each with or without /BITS, such as 10.0.0.0/8,::1"

  /// Four or sixteen, in network order.
  private let bytes: [UInt8]
  private let bits: Int

  /// Reads `ADDRESS[/BITS]`; an IPv4 address that is mapped into IPv6 is the IPv4 address.
  init?(_ text: ArraySlice<UInt8>) {
    let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = parts.first else { return nil }
    let string = String(decoding: address, as: UTF8.self)
    var six = in6_addr()
    var four = in_addr()
    let typed: [UInt8]
    if inet_pton(AF_INET, string, &four) == 1 {
      typed = withUnsafeBytes(of: four) { Array($0) }
    } else if inet_pton(AF_INET6, string, &six) == 1 {
      typed = withUnsafeBytes(of: six) { Array($0) }
    } else {
      return nil
    }
    var length = typed.count * 8
    if parts.count == 2 {
      guard let number = Int(decimal: parts[1]), number <= length else { return nil }
      length = number
    }
    let isMapped = typed.count == 16 && typed.starts(with: SocketAddress.mappedPrefix) && length >= 96
    bytes = isMapped ? Array(typed[12...]) : typed
    bits = isMapped ? length - 96 : length
  }

  func contains(_ address: SocketAddress) -> Bool {
    guard let ip = address.ip, ip.count == bytes.count else { return false }
    let (whole, rest) = (bits / 8, bits % 8)
    guard ip[..<whole] == bytes[..<whole] else { return false }
    return rest == 0 || (ip[whole] ^ bytes[whole]) >> (8 - rest) == 0
  }
}

/// Who may connect, or send: the ranges as typed.
public struct AllowedAddresses: Sendable, Equatable {
  static let setting = Setting(
    "allow", .addresses, help: "only these addresses are let in, others are refused")

  let text: [UInt8]
  private let ranges: [AddressRange]

  /// Reads ranges with commas between them; the first that is none is the error.
  init(_ text: [UInt8]) throws(ValueError) {
    self.text = text
    var ranges: [AddressRange] = []
    for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let range = AddressRange(part) else {
        let isAlone = part.count == text.count
        throw ValueError(
          message: (isAlone ? "" : "'\(Word(Array(part)).text)': ") + "expected " + AddressRange.expected)
      }
      ranges.append(range)
    }
    self.ranges = ranges
  }

  func contains(_ address: SocketAddress) -> Bool {
    ranges.contains { $0.contains(address) }
  }
}
