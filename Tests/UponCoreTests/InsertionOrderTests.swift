import Testing

@testable import UponCore

@Suite struct InsertionOrderTests {
  /// Few strings are found by looking at each, many by a table: both sides of the change are the same.
  @Test func `each string is found at the index where it came first`() {
    var order = InsertionOrder()
    for number in 0..<100 {
      let key = Array("key \(number)".utf8)
      #expect(order.insert(key) == nil)
      #expect(order.insert(key) == number)
      for earlier in stride(from: 0, through: number, by: 7) {
        #expect(order.insert(Array("key \(earlier)".utf8)) == earlier)
      }
    }
  }
}
