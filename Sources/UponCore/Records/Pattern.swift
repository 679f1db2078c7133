import CPCRE2

/// A PCRE2 pattern on bytes, compiled once, with a limit on what one match may cost.
///
/// It owns its compiled code, match data, context and stack, and frees them; it is confined to one thread.
final class Pattern {
  /// What a match has found.
  enum Outcome {
    case match, none
    /// The match would have cost more than its limit.
    case gaveUp
  }

  /// Steps of backtracking that one match may take: some tens of milliseconds.
  private static let matchLimit: UInt32 = 1_000_000
  /// KiB of memory that one match may take.
  private static let heapLimit: UInt32 = 16 << 10

  private let code: OpaquePointer
  private let data: OpaquePointer
  private let context: OpaquePointer
  private let stack: OpaquePointer?
  /// The groups that have a name, in the order of their numbers.
  private let groups: [Group]

  private struct Group {
    let number: Int
    /// Bytes of the compiled code.
    let name: FieldName
  }

  init(_ bytes: [UInt8]) throws(ValueError) {
    code = try Self.compile(bytes)
    groups = Self.groups(of: code)
    // Without names only whether it matches is asked, so one pair of offsets is enough.
    let created =
      groups.isEmpty ? pcre2_match_data_create_8(1, nil) : pcre2_match_data_create_from_pattern_8(code, nil)
    guard let data = created, let context = pcre2_match_context_create_8(nil) else {
      Memory.exhausted()
    }
    self.data = data
    self.context = context
    pcre2_set_match_limit_8(context, Self.matchLimit)
    pcre2_set_depth_limit_8(context, Self.matchLimit)
    pcre2_set_heap_limit_8(context, Self.heapLimit)
    if pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0 {
      stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
      pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
    } else {
      stack = nil
    }
  }

  deinit {
    pcre2_code_free_8(code)
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    if let stack { pcre2_jit_stack_free_8(stack) }
  }

  /// Looks for the pattern anywhere in the bytes.
  func matches(_ subject: UnsafeRawBufferPointer) -> Outcome {
    // Versions before 10.40 refuse a null subject, even of no length.
    guard let start = subject.baseAddress else {
      return withUnsafeBytes(of: UInt8(0)) { outcome($0.baseAddress!, 0) }
    }
    return outcome(start, subject.count)
  }

  /// Whether it has named groups.
  var hasGroups: Bool { !groups.isEmpty }

  /// Adds the named groups of the last match, which was with these bytes, as fields; those that took no part are left out.
  ///
  /// The names are borrowed from the pattern, the values from the bytes.
  func addGroups(of subject: UnsafeRawBufferPointer, to event: Event) {
    guard let offsets = pcre2_get_ovector_pointer_8(data) else { return }
    let first = event.fieldCount
    for group in groups {
      let (start, end) = (offsets[2 * group.number], offsets[2 * group.number + 1])
      // \K inside of a lookahead may put the end before the start.
      guard start >= 0, end >= start, end <= subject.count else { continue }
      let isKnown = (first..<event.fieldCount).contains {
        event[$0].key.bytes.elementsEqual(group.name.bytes)
      }
      if isKnown { continue }
      let value = UnsafeRawBufferPointer(
        start: start == end ? nil : subject.baseAddress.map { $0 + Int(start) }, count: Int(end - start))
      event.add(group.name, .bytes(value))
    }
  }

  /// The names of the groups of a pattern, in the order of their numbers; empty for one that is wrong.
  static func groupNames(_ bytes: [UInt8]) -> [String] {
    guard let code = try? compile(bytes) else { return [] }
    defer { pcre2_code_free_8(code) }
    return groups(of: code).map { String(decoding: $0.name.bytes, as: UTF8.self) }
  }

  /// Reads the table of names of a compiled pattern, whose entries are a number of two bytes and the name with a NUL.
  private static func groups(of code: OpaquePointer) -> [Group] {
    var count: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    if count == 0 { return [] }
    var size: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
    var table: UnsafePointer<UInt8>?
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table else { return [] }
    let groups = (0..<Int(count)).map { index in
      let entry = table + index * Int(size)
      var length = 0
      while entry[2 + length] != 0 { length += 1 }
      return Group(
        number: Int(entry[0]) << 8 | Int(entry[1]),
        name: FieldName(borrowing: UnsafeBufferPointer(start: entry + 2, count: length)))
    }
    return groups.sorted { $0.number < $1.number }
  }

  private func outcome(_ start: UnsafeRawPointer, _ count: Int) -> Outcome {
    let subject = start.assumingMemoryBound(to: UInt8.self)
    var result = pcre2_match_8(code, subject, count, 0, 0, data, context)
    if result == PCRE2_ERROR_JIT_STACKLIMIT {
      result = pcre2_match_8(code, subject, count, 0, PCRE2_NO_JIT, data, context)
    }
    if result >= 0 { return .match }
    return result == PCRE2_ERROR_NOMATCH ? .none : .gaveUp
  }

  /// What is wrong with a pattern, nil if nothing is.
  static func check(_ bytes: [UInt8]) -> String? {
    do {
      pcre2_code_free_8(try compile(bytes))
      return nil
    } catch {
      return error.message
    }
  }

  private static func compile(_ bytes: [UInt8]) throws(ValueError) -> OpaquePointer {
    var number: Int32 = 0
    var offset = 0
    // Input is bytes: a pattern that switches to UTF would fail on what is not UTF-8.
    guard let code = pcre2_compile_8(bytes, bytes.count, PCRE2_NEVER_UTF, &number, &offset, nil) else {
      throw ValueError(message: "\(message(number)) at offset \(offset)")
    }
    return code
  }

  private static func message(_ number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
      let length = pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
      return String(decoding: buffer[..<max(0, Int(length))], as: UTF8.self)
    }
  }
}
