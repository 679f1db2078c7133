/// One rule that has been added: its actions, and its sources as it sees them.
///
/// Its bindings hold it until the last of its sources is closed.
final class Rule {
  let actions: ContiguousArray<Action>
  /// Sources that are not closed yet.
  var openBindings = 0

  init(actions: [Action]) {
    self.actions = ContiguousArray(actions)
  }

  /// Lets go of the actions: what they have begun goes on to its end.
  func retire() {
    for action in actions { action.retire() }
  }
}
