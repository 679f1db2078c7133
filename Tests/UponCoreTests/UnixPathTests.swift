import CSystem
import Foundation
import Glibc
import Testing

@testable import UponCore

/// What becomes of a path at which a unix socket is to be served.
@Suite struct UnixPathTests {
  private let folder: String

  init() throws {
    var template = Array("/tmp/upon-path-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  private func serve(_ name: String, mode: Int = 0o600) throws -> (path: UnixPath, socket: Int32) {
    let path = try UnixPath(Array("\(folder)/\(name)".utf8), mode: mode)
    let socket = upon_socket(AF_UNIX, upon_stream_type(), 0)
    try path.bind(socket)
    #expect(listen(socket, 1) == 0)
    try path.publish()
    return (path, socket)
  }

  private func refusal(_ name: String) -> String? {
    do {
      _ = try UnixPath(Array("\(folder)/\(name)".utf8), mode: 0o600)
      return nil
    } catch {
      return error.reason
    }
  }

  private var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
  }

  @Test func `is made with its mode and removed again`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (path, socket) = try serve("s", mode: 0o640)
    var status = stat()
    #expect(lstat("\(folder)/s", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(names == ["s"])
    path.remove()
    #expect(names == [])
    close(socket)
  }

  @Test func `one that is served is refused, one that nobody serves is replaced`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (path, socket) = try serve("s")
    #expect(refusal("s") == "\(folder)/s: is being served by another process")
    close(socket)
    let (next, nextSocket) = try serve("s")
    // The first one does not remove what has taken its place.
    path.remove()
    #expect(names == ["s"])
    next.remove()
    #expect(names == [])
    close(nextSocket)
  }

  @Test func `other files are never touched`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("kept".utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
    #expect(refusal("file") == "\(folder)/file: exists and is not a socket")
    #expect(symlink("file", "\(folder)/link") == 0)
    #expect(refusal("link") == "\(folder)/link: exists and is not a socket")
    #expect(refusal("none/s") == nil)
    #expect(throws: SourceFailure("\(folder)/none/s: No such file or directory")) { _ = try serve("none/s") }
    #expect(names == ["file", "link"])
  }

  @Test func `a path as long as an address holds`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let deep = String(repeating: "d", count: SocketAddress.longestUnixName - folder.utf8.count - 3)
    #expect(mkdir("\(folder)/\(deep)", 0o700) == 0)
    let (path, socket) = try serve("\(deep)/s")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(deep)") == ["s"])
    path.remove()
    close(socket)
  }
}
