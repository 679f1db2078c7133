/// Circles of files: sets in which each names each other, directly or by others of the set.
enum Circles {
  /// The largest of them: the largest strongly connected component (Tarjan).
  static func largest(of files: [SourceFile]) -> [SourceFile] {
    var homes: [String: [Int]] = [:]
    for (index, file) in files.enumerated() {
      for name in file.declared { homes[name, default: []].append(index) }
    }
    let edges = files.enumerated().map { index, file in
      Set(file.named.flatMap { homes[$0] ?? [] }).subtracting([index])
    }
    var search = Search(edges: edges)
    for index in files.indices where search.order[index] == nil { search.visit(index) }
    return (search.components.max { $0.count < $1.count } ?? []).map { files[$0] }
  }

  private struct Search {
    let edges: [Set<Int>]
    var order: [Int: Int] = [:]
    var low: [Int: Int] = [:]
    var stack: [Int] = []
    var components: [[Int]] = []

    mutating func visit(_ node: Int) {
      order[node] = order.count
      low[node] = order[node]
      stack.append(node)
      for next in edges[node].sorted() {
        if order[next] == nil {
          visit(next)
          low[node] = min(low[node]!, low[next]!)
        } else if stack.contains(next) {
          low[node] = min(low[node]!, order[next]!)
        }
      }
      guard low[node] == order[node], let place = stack.firstIndex(of: node) else { return }
      components.append(Array(stack[place...]))
      stack.removeSubrange(place...)
    }
  }
}
