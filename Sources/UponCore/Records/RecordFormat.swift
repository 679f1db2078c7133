/// The form of a record on an output.
public enum RecordFormat: String, Sendable, CaseIterable {
  case json, tsv, data
  /// For people.
  case text

  /// Whether it can be asked for single fields.
  var hasFields: Bool { self == .json || self == .tsv }
}
