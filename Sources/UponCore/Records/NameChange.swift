/// What an event means for the name that its bytes are.
enum NameChange: Sendable {
  /// The name was not there before.
  case new
  case changed
  case gone
  /// It stands for every name below it: any of them may have changed.
  case all
}
