import FoundationEssentials
import JSON

@testable import SimulatedQdrant

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

    /// What was asked, for a report.
    var target: String {
      guard let request = document["request"] else { return "" }
      return " (\(request["method"]?.string ?? "") \(request["path"]?.string ?? ""))"
    }
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
  static func loadCluster(area: String, line: ServerLine = .v1_18_3) throws -> [Recording] {
    let chance = try parse(Data(contentsOf: folder.appending(path: "three-peers-unstable.json")))
    let documents = try documents(line, "three-peers", area)
    return documents.map { document in
      var recording = Recording(
        document, area: area, unstable: chance["status_and_shape"] ?? [:])
      let free = (chance["free"]?[area + "/" + recording.name]?.array ?? []).compactMap(\.integer)
      for place in recording.steps.indices {
        recording.steps[place].isFree = free.contains(recording.steps[place].number)
      }
      return recording
    }
  }

  /// All scenarios of an area, as a server of a line answered them.
  static func load(area: String, line: ServerLine = .v1_18_3) throws -> [Recording] {
    let everywhere = try chance(of: .v1_18_3)
    let own = try line == .v1_18_3 ? [:] : chance(of: line)
    return try documents(line, "single", area).map { document in
      let document = line < .v1_18_3 ? withSortedLists(document) : document
      var recording = Recording(document, area: area, unstable: everywhere)
      let steps = Recording(document, area: area, unstable: own).steps
      for (place, step) in steps.enumerated() where step.isUnstable {
        recording.steps[place].isUnstable = true
      }
      return recording
    }
  }

  /// Before 1.18 a server lists its collections in the order of chance: put into that of names.
  private static func withSortedLists(_ document: JSONValue) -> JSONValue {
    guard var object = document.object else { return document }
    let list = ["response", "body", "result", "collections"]
    object["exchanges"] = .array(
      (document["exchanges"]?.array ?? []).map { step in
        guard step["request"]?["method"] == "GET", isList(step["request"]?["path"]),
          var answered = step.object,
          let names = list.reduce(Optional(step), { $0?[$1] })?.array
        else { return step }
        let sorted = names.sorted {
          ($0["name"]?.string ?? "").precedes($1["name"]?.string ?? "")
        }
        answered.set(.array(sorted), at: list)
        return .object(answered)
      })
    return .object(object)
  }

  private static func isList(_ path: JSONValue?) -> Bool {
    path == "/collections" || path == "/collections/"
  }

  /// The steps that chance decided on a line; none where nothing is said.
  private static func chance(of line: ServerLine) throws -> JSONValue {
    let file = folder.appending(path: line.rawValue + "/unstable.json")
    return FileManager.default.fileExists(atPath: file.path)
      ? try parse(Data(contentsOf: file)) : [:]
  }

  /// The scenarios of an area: those of the neighbour on the way to 1.18.3 with what differs.
  private static func documents(
    _ line: ServerLine, _ topology: String, _ area: String
  ) throws -> [JSONValue] {
    let path = "\(line.rawValue)/\(topology)/\(area).jsonl"
    let file = folder.appending(path: path)
    let isThere = FileManager.default.fileExists(atPath: file.path)
    let own = try isThere ? lines(of: file) : []
    guard let neighbour = line.recordedLike else { return own }
    let names = own.map { $0["scenario"]?.string ?? "" }
    let changes = Dictionary(zip(names, own), uniquingKeysWith: { $1 })
    return try documents(neighbour, topology, area).map { document in
      guard let change = changes[document["scenario"]?.string ?? ""] else { return document }
      return merged(document, change)
    }
  }

  /// A scenario with the members of steps that another line has differently; null: has none.
  private static func merged(_ document: JSONValue, _ change: JSONValue) -> JSONValue {
    guard var object = document.object else { return document }
    let changed = change["exchanges"]?.array ?? []
    let steps = (document["exchanges"]?.array ?? []).map { step -> JSONValue in
      guard let own = changed.first(where: { $0["step"] == step["step"] }),
        var merged = step.object
      else { return step }
      for member in own.object?.members ?? [] {
        merged[member.key] = member.value.isNull ? Optional.none : member.value
      }
      return .object(merged)
    }
    object["exchanges"] = .array(steps)
    return .object(object)
  }

  private static func lines(of file: URL) throws -> [JSONValue] {
    try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map { try parse(Data($0)) }
  }

  private static func parse(_ data: Data) throws -> JSONValue {
    try JSONParser.parse(Array(data), limits: JSONParser.Limits(depth: 400))
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Recordings")
}

extension ServerLine {
  /// The line whose recordings say what those of this one do not.
  fileprivate var recordedLike: ServerLine? {
    switch self {
    case .v1_13_6: .v1_14_1
    case .v1_14_1: .v1_15_5
    case .v1_15_5: .v1_16_3
    case .v1_16_3: .v1_17_1
    case .v1_17_1, .v1_19_0: .v1_18_3
    case .v1_18_3: nil
    }
  }
}
