import FoundationEssentials
import JSON

/// A recorded scenario: what was asked of a real server, and what it answered.
struct Recording: Sendable {
  /// A request with its answer, or something that was done to the server or seen of it.
  struct Step: Sendable {
    var number: Int
    var document: JSONValue
    /// Whether chance decided the answer, so that only its status and shape can be compared.
    var isUnstable: Bool

    var observation: String? { document["observation"]?.string }
  }

  var name: String
  var environment: [String: String]
  var roles: JSONObject
  var steps: [Step]

  init(_ document: JSONValue, area: String, unstable: JSONValue) {
    name = document["scenario"]?.string ?? "?"
    environment = Recording.texts(document["env"])
    roles = document["roles"]?.object ?? JSONObject()
    let chance = Set((unstable[area + "/" + name]?.array ?? []).compactMap(\.integer))
    steps = (document["exchanges"]?.array ?? []).map { step in
      let number = step["step"]?.integer ?? -1
      return Step(number: number, document: step, isUnstable: chance.contains(number))
    }
  }

  /// The members of an object whose values are texts.
  static func texts(_ object: JSONValue?) -> [String: String] {
    var result: [String: String] = [:]
    for member in object?.object?.members ?? [] { result[member.key] = member.value.string }
    return result
  }

  /// All scenarios of an area.
  static func load(area: String) throws -> [Recording] {
    let unstable = try parse(Data(contentsOf: folder.appending(path: "unstable.json")))
    let file = folder.appending(path: "single").appending(path: area + ".jsonl")
    let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
    return try lines.map { Recording(try parse(Data($0)), area: area, unstable: unstable) }
  }

  private static func parse(_ data: Data) throws -> JSONValue {
    try JSONParser.parse(Array(data), limits: JSONParser.Limits(depth: 400))
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Recordings/1.18.3")
}
