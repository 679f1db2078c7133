import EventLoop
import Foundation
import Testing

@testable import FileEvents

extension FileEventsTests {
  @Suite struct PolledTreeTests {
    @Test func `tells the same events by comparing`() throws {
      let scratch = Scratch()
      #expect(Shell.run("cd '\(scratch.path)'; mkdir -p d/e; echo 1 >d/f; echo 1 >d/e/g") == 0)
      let watched = try Watched("unused", scratch: scratch)
      var told: [String] = []
      let root = scratch.path + "/d"
      let tree = watched.watches.tree(
        path: Array(root.utf8), options: .names, poll: 5 * millisecond,
        handlers: TreeHandlers(onEvent: { event in
          told.append(
            "\(event.kind) " + String(decoding: event.path, as: UTF8.self).dropFirst(root.count + 1))
        }))
      try watched.wait { tree.directoryCount == 2 }
      #expect(told == [])
      #expect(tree.pollingReason == "asked for")
      #expect(Shell.run("cd '\(root)'; echo 22 >f; rm e/g; mkdir h; ln -s x h/i") == 0)
      try watched.wait { told.count >= 5 }
      #expect(Set(told) == ["written f", "delete e/g", "create h", "create h/i", "written h/i"])
      #expect(told.count == 5)
      tree.close()
    }

    @Test func `a file is written when another of the same size and time has taken its name`() throws {
      let scratch = Scratch()
      #expect(Shell.run("cd '\(scratch.path)'; mkdir d; echo 1 >d/f; echo 2 >new; touch -r d/f new") == 0)
      let watched = try Watched("unused", scratch: scratch)
      var told: [String] = []
      let root = scratch.path + "/d"
      let tree = watched.watches.tree(
        path: Array(root.utf8), options: .names, poll: 5 * millisecond,
        handlers: TreeHandlers(onEvent: { event in
          told.append(
            "\(event.kind) " + String(decoding: event.path, as: UTF8.self).dropFirst(root.count + 1))
        }))
      try watched.wait { tree.directoryCount == 1 }
      #expect(Shell.run("cd '\(scratch.path)'; mv new d/f; echo 3 >d/last") == 0)
      try watched.wait { told.contains("written last") }
      #expect(told.sorted() == ["create last", "written f", "written last"])
      tree.close()
    }

    @Test func `polls by itself what the kernel does not tell`() throws {
      let watched = try Watched()
      let tree = watched.watches.tree(
        path: Array("/proc/sys/kernel".utf8), options: .init(), handlers: TreeHandlers(onEvent: { _ in }))
      #expect(tree.pollingReason == "changes on /proc are not told by the kernel")
      tree.close()
      #expect(watched.tree.pollingReason == nil)
    }
  }
}
