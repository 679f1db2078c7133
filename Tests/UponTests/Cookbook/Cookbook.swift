import Foundation

/// The cookbook as its tests read it: its recipes with their literal blocks.
struct Cookbook {
  struct Recipe: Sendable {
    let section: String
    let title: String
    /// What can be typed, one text for each literal block.
    var blocks: [String] = []
    /// All that a reader finds under the heading, without macros.
    var text = ""
  }

  let recipes: [Recipe]

  static let shared: Cookbook? = {
    let page = Shell.repository.appendingPathComponent("man/upon-cookbook.7")
    return (try? String(contentsOf: page, encoding: .utf8)).map(Cookbook.init)
  }()

  init(_ page: String) {
    var recipes: [Recipe] = []
    var section = ""
    var block: String?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix(".Sh ") {
        section = line.dropFirst(4).plain
      } else if line.hasPrefix(".Ss ") {
        recipes.append(Recipe(section: section, title: line.dropFirst(4).plain))
      } else if recipes.last?.section != section {
        continue
      } else if line.hasPrefix(".Bd -literal") {
        block = ""
      } else if line.hasPrefix(".Ed") {
        if let block { recipes[recipes.count - 1].blocks.append(block) }
        block = nil
      } else if block != nil {
        block! += line.plain + "\n"
      }
      if line.hasPrefix(#".\""#) || recipes.isEmpty { continue }
      let words = line.hasPrefix(".") && block == nil ? line.dropFirst(4) : line[...]
      recipes[recipes.count - 1].text += words.plain + "\n"
    }
    self.recipes = recipes
  }
}
