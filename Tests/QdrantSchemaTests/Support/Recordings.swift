import Foundation
import JSON

/// The recordings that are in the repository, as far as evidence is looked up in them.
enum Recordings {
  /// The steps of each scenario of an area of 1.18.3.
  static func scenarios(area: String) throws -> [String: [String]] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Recordings/1.18.3/single")
    let text = try String(contentsOf: folder.appending(path: area + ".jsonl"), encoding: .utf8)
    var found: [String: [String]] = [:]
    for line in text.split(separator: "\n") {
      let document = try JSONParser.parse(String(line))
      guard let name = document["scenario"]?.string else {
        throw BrokenTable(message: "a scenario of \(area) has no name")
      }
      found[name] = document["exchanges"]?.array?.compactMap {
        $0["step"]?.integer.map(String.init)
      }
    }
    return found
  }
}
