import Testing

@testable import UponCore

@Suite struct PlacesTests {
  /// Few strings are found by looking at each, many by a table: both sides of the change are the same.
  @Test func findsEachStringAtThePlaceWhereItCameFirst() {
    var places = Places()
    for number in 0..<100 {
      let key = Array("key \(number)".utf8)
      #expect(places.insert(key) == nil)
      #expect(places.insert(key) == number)
      for earlier in stride(from: 0, through: number, by: 7) {
        #expect(places.insert(Array("key \(earlier)".utf8)) == earlier)
      }
    }
  }
}
