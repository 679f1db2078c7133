/// One rule that has been added: its actions, and its sources as it sees them.
final class Rule {
  let actions: ContiguousArray<Action>
  var bindings: [Binding] = []

  init(actions: [Action]) {
    self.actions = ContiguousArray(actions)
  }
}
