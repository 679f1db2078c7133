/// The name that was probably meant by one that does not exist.
package enum Suggestion {
  /// The candidate nearest to a misspelt name, nil if none is near enough; the first of several.
  package static func nearest(_ name: String, _ candidates: [String]) -> String? {
    let typed = Array(name.lowercased().utf8)
    // What may differ grows with the name.
    let allowed = typed.count < 2 ? 0 : typed.count < 6 ? 1 : 2
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased().utf8)
      // Two letters are one letter away from too much; only exchanged ones are a slip.
      if typed.count == 2, typed.sorted() != letters.sorted() { continue }
      let distance = distance(typed, letters)
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// The Damerau-Levenshtein distance: letters added, dropped, replaced, and neighbours exchanged.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in 1...left.count {
      var row = [i]
      for j in 1...right.count {
        var cost = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
        cost = min(cost, last[j] + 1, row[j - 1] + 1)
        if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
          cost = min(cost, beforeLast[j - 2] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}
