import Foundation

/// A Swift file of the project as the walls see it: where it stands, what it declares and what it names.
struct SourceFile {
  /// Below the folder of the sources: `UponCore/Records/Event.swift`.
  let path: String
  /// The text without comments and without what stands in strings.
  let code: String
  let lineCount: Int
  /// Whether a string begins with the name of a file that only Linux has.
  let opensProc: Bool
  /// The types that other files can name, by the names of those at the outermost level.
  let declared: Set<String>
  /// Every capitalized name in the code.
  let named: Set<String>
  let imports: Set<String>

  init(_ url: URL, below root: URL) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    path = String(url.path.dropFirst(root.path.count + 1))
    lineCount = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
    code = Self.stripped(text)
    opensProc = text.contains("\"/proc/")
    declared = Self.matches(
      of:
        #"(?m)^(?:public |package |open |final |indirect |@\w+ )*(?:class|struct|enum|protocol|typealias) ([A-Z]\w*)"#,
      in: code)
    named = Self.matches(of: #"\b([A-Z]\w*)\b"#, in: code)
    imports = Self.matches(of: #"(?m)^(?:@_exported )? *(?:@_exported )?import (\w+)"#, in: code)
  }

  var name: String { String(path.split(separator: "/").last ?? "") }

  /// The module, and within UponCore the floor.
  var folder: String {
    let parts = path.split(separator: "/")
    return parts[0] == "UponCore" ? String(parts[1]) : String(parts[0])
  }

  /// Every Swift file of the sources.
  static func all() throws -> [SourceFile] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var files: [SourceFile] = []
    for case let url as URL in found! where url.pathExtension == "swift" {
      files.append(try SourceFile(url, below: root))
    }
    return files.sorted { $0.path < $1.path }
  }

  private static func stripped(_ text: String) -> String {
    var code = text
    // Comments to the end of the line; long strings, then short ones, but what is interpolated stays out too.
    for pattern in [#"(?s)\"\"\".*?\"\"\""#, #"(?m)//.*$"#, #""(?:\\.|[^"\\\n])*""#] {
      code = code.replacingOccurrences(of: pattern, with: "", options: .regularExpression)
    }
    return code
  }

  private static func matches(of pattern: String, in text: String) -> Set<String> {
    let expression = try! NSRegularExpression(pattern: pattern)
    var names: Set<String> = []
    for match in expression.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
      if let range = Range(match.range(at: 1), in: text) { names.insert(String(text[range])) }
    }
    return names
  }
}
