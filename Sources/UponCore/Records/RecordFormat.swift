/// The form of a record on an output.
public enum RecordFormat: String, Sendable, CaseIterable {
  case json, tsv, data
}
