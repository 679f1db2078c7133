/// The kinds of sources that the grammar is used with.
///
/// The grammar stands below the sources, so that whoever parses says which there are.
public struct Vocabulary: Sendable {
  /// Every kind, in the order of the manual.
  public let kinds: [Kind]

  public init(_ kinds: [Kind]) {
    self.kinds = kinds
  }

  /// The kind of that name, nil if there is none.
  public func kind(_ name: some StringProtocol) -> Kind? {
    kinds.first { $0.name == name }
  }

  /// The settings of every kind and of every action.
  var settings: [Setting] {
    kinds.flatMap(\.ownSettings) + Setting.common + ActionKeyword.allCases.flatMap(\.settings)
  }
}
