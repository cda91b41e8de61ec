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
    /// Whether chance decided all of it.
    var isFree = false

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

  /// All scenarios of an area that were recorded on three peers.
  static func loadCluster(area: String) throws -> [Recording] {
    let chance = try parse(Data(contentsOf: folder.appending(path: "three-peers-unstable.json")))
    return try load("three-peers", area, chance["status_and_shape"] ?? [:]).map { recording in
      var recording = recording
      let free = (chance["free"]?[area + "/" + recording.name]?.array ?? []).compactMap(\.integer)
      for place in recording.steps.indices {
        recording.steps[place].isFree = free.contains(recording.steps[place].number)
      }
      return recording
    }
  }

  /// All scenarios of an area.
  static func load(area: String) throws -> [Recording] {
    let unstable = try parse(Data(contentsOf: folder.appending(path: "unstable.json")))
    return try load("single", area, unstable)
  }

  private static func load(
    _ topology: String, _ area: String, _ unstable: JSONValue
  ) throws -> [Recording] {
    let file = folder.appending(path: topology).appending(path: area + ".jsonl")
    let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
    return try lines.map { Recording(try parse(Data($0)), area: area, unstable: unstable) }
  }

  private static func parse(_ data: Data) throws -> JSONValue {
    try JSONParser.parse(Array(data), limits: JSONParser.Limits(depth: 400))
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Recordings/1.18.3")
}
