import Foundation
import Testing

/// The repository's own rules, held by reading the sources.
@Suite struct TidyTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Swift files below a folder, by their path from the root.
  static func files(below folder: String) throws -> [(path: String, text: String)] {
    let base = root.appending(path: folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      (folder + "/" + path, try String(contentsOf: base.appending(path: path), encoding: .utf8))
    }
  }

  /// Our own modules that each module may import: the table of the architecture.
  static let imports: [String: Set<String>] = [
    "JSON": [], "Diagnostics": ["JSON"], "OptionParsing": ["Diagnostics"],
    "Secrets": ["Diagnostics", "CCrypto"], "ResourceModel": ["Diagnostics", "JSON"],
    "QdrantSchema": ["ResourceModel", "JSON", "Diagnostics"],
    "Policies": ["ResourceModel", "Diagnostics", "JSON"],
    "Manifests": ["ResourceModel", "Diagnostics", "JSON", "CYAML"],
    "Planning": ["ResourceModel", "Diagnostics", "JSON", "CCrypto"],
    "Transport": ["Secrets", "CCurl"],
    "Execution": ["Planning", "ResourceModel", "JSON", "CLinux"],
    "Rendering": ["Execution", "Planning", "ResourceModel", "Diagnostics", "JSON"],
    "QdrantProvider": ["QdrantSchema", "ResourceModel", "Transport", "Secrets", "JSON"],
    "SimulatedQdrant": ["JSON", "CCrypto"],
    "SimulatedStore": ["SimulatedQdrant", "JSON", "CCrypto"],
    "InProcessTransport": ["Transport", "SimulatedQdrant", "JSON"],
    "Rehearsal": [
      "Planning", "Execution", "QdrantProvider", "InProcessTransport", "SimulatedQdrant",
      "Transport", "Secrets", "ResourceModel", "JSON",
    ],
    "ClusterProviders": [
      "QdrantProvider", "Transport", "InProcessTransport", "SimulatedStore", "SimulatedQdrant",
      "Secrets", "ResourceModel", "JSON",
    ],
    "Sandbox": ["SimulatedStore", "SimulatedQdrant", "OptionParsing", "JSON", "CMicroHTTPD"],
    "Commands": [
      "Manifests", "Policies", "Rehearsal", "Rendering", "Execution", "Planning",
      "ClusterProviders", "QdrantProvider", "QdrantSchema", "Transport", "Secrets",
      "OptionParsing", "ResourceModel", "Diagnostics",
      "JSON",
    ],
    "qdrant-plan": ["Commands"], "qdrant-apply": ["Commands"], "qdrant-drift": ["Commands"],
    "qdrant-sandbox": ["Sandbox"],
  ]

  @Test func `Every module imports only what its row allows`() throws {
    let ours = Set(TidyTests.imports.keys).union([
      "CYAML", "CCurl", "CCrypto", "CMicroHTTPD", "CLinux",
    ])
    var seen: Set<String> = []
    for (path, text) in try TidyTests.files(below: "Sources") {
      let module = String(path.split(separator: "/")[1])
      seen.insert(module)
      let allowed = try #require(TidyTests.imports[module], "\(module) has no row")
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at <= 1, at + 1 < words.count,
          line.first?.isLetter == true
        else { continue }
        let name = String(words[at + 1])
        #expect(!ours.contains(name) || allowed.contains(name), "\(path) imports \(name)")
      }
    }
    #expect(seen == Set(TidyTests.imports.keys))
  }

  @Test func `Files stay below 400 lines and lines below 101 characters`() throws {
    for (path, text) in try TidyTests.files(below: "Sources") + TidyTests.files(below: "Tests") {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 401, "\(path) has \(lines.count) lines")
      for (number, line) in lines.enumerated() where line.count > 100 {
        Issue.record("\(path):\(number + 1) has \(line.count) characters")
      }
    }
  }

  /// Functions are told by their braces: the formatter puts the closing one under the first word.
  @Test func `Functions stay below 61 lines`() throws {
    for (path, text) in try TidyTests.files(below: "Sources") {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (start, line) in lines.enumerated() {
        let bare = line.drop { $0 == " " }
        guard bare.contains("func ") || bare.hasPrefix("init") || bare.contains(" init(") else {
          continue
        }
        guard !bare.hasPrefix("//"), let end = closing(from: start, lines) else { continue }
        #expect(end - start < 61, "\(path):\(start + 1) has \(end - start + 1) lines")
      }
    }
  }

  private func closing(from start: Int, _ lines: [Substring]) -> Int? {
    let indent = lines[start].prefix { $0 == " " }
    return lines[(start + 1)...].firstIndex { line in
      line.hasPrefix(indent + "}")
    }
  }

  /// Calls that the rules of the house forbid, with the modules that may make them all the same.
  static let banned: [(call: String, allowed: Set<String>)] = [
    ("fatalError(", []), ("try!", []), ("nonisolated(unsafe)", []), ("Task {", []),
    ("Task.detached", []), ("print(", []), ("TODO", []), ("FIXME", []),
    ("@unchecked Sendable", ["Transport", "Sandbox", "SimulatedStore"]),
    ("ProcessInfo", ["Commands", "Sandbox", "qdrant-sandbox"]),
    ("getenv(", ["Sandbox", "Commands"]),
    ("URLSession", []),
  ]

  @Test func `Nothing that is banned is called`() throws {
    for (path, text) in try TidyTests.files(below: "Sources") {
      let module = String(path.split(separator: "/")[1])
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        let code = line.drop { $0 == " " }
        if code.hasPrefix("//") { continue }
        for (call, allowed) in TidyTests.banned
        where code.contains(call) && !allowed.contains(module) {
          if isPartOfAWord(call, in: code) { continue }
          Issue.record("\(path):\(number + 1) has \(call)")
        }
      }
    }
  }

  /// `addTask {` is no `Task {`, and a case named `print(…)` calls nothing.
  private func isPartOfAWord(_ call: String, in code: Substring) -> Bool {
    guard let place = code.range(of: call) else { return false }
    let before = code[..<place.lowerBound].last
    return before?.isLetter ?? false || before == "." || code.hasPrefix("case print(")
  }

  @Test func `Executables are at most ten lines`() throws {
    for name in ["plan", "apply", "drift", "sandbox"] {
      let url = TidyTests.root.appending(path: "Sources/qdrant-\(name)/main.swift")
      let text = try String(contentsOf: url, encoding: .utf8)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 11)
    }
  }

  /// No committed file names a folder of somebody's machine.
  @Test func `Sources name no path of a machine`() throws {
    let folders = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
    for (path, text) in try TidyTests.files(below: "Sources") + TidyTests.files(below: "Tests") {
      for folder in folders { #expect(!text.contains(folder), "\(path) has \(folder)") }
    }
  }
}
