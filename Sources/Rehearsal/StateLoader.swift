import JSON
import ResourceModel
import SimulatedQdrant

/// Loads what was read of a server into a simulated one: collections, indexes and aliases, and no
/// points.
struct StateLoader {
  private(set) var server: SimulatedServer
  /// What the simulation did not take, by collection, in its words.
  private(set) var refused: [ExactString: String] = [:]

  init(_ observed: ObservedCluster, line: ServerLine) {
    server = SimulatedServer(settings: SimulatedSettings(version: line, environment: [:]))
    for (name, collection) in observed.collections.sorted(by: { $0.key < $1.key }) {
      load(name, collection)
    }
    // What was not read has a name all the same, and an alias may move away from it.
    let unread = Set(observed.aliases.values).filter { observed.collections[$0] == nil }
    for name in unread.sorted() { send("PUT", StateLoader.target(name), [:], for: name) }
    for (alias, collection) in observed.aliases.sorted(by: { $0.key < $1.key }) {
      let creation: JSONObject = [
        "alias_name": .string(alias.string), "collection_name": .string(collection.string),
      ]
      send(
        "POST", "/collections/aliases",
        ["actions": [["create_alias": .object(creation)]]], for: collection)
    }
  }

  private mutating func load(_ name: ExactString, _ collection: ObservedCollection) {
    let target = StateLoader.target(name)
    send("PUT", target, StateLoader.creation(collection.fields), for: name)
    let later = collection.fields.members.filter { $0.key.hasPrefix("read_fan_out") }
    if !later.isEmpty { send("PATCH", target, ["params": .object(JSONObject(later))], for: name) }
    for (field, index) in collection.indexes.sorted(by: { $0.key < $1.key }) {
      send(
        "PUT", target + "/index?wait=true",
        ["field_name": .string(field.string), "field_schema": .object(index)], for: name)
    }
  }

  /// The first refusal of a collection is the one to tell.
  private mutating func send(
    _ method: String, _ target: String, _ body: JSONObject, for name: ExactString
  ) {
    let request = SimulatedRequest(
      method: method, target: target,
      headers: [(name: "content-type", value: "application/json")],
      body: JSONValue.object(body).bytes())
    let response = server.handle(request, now: 1_700_000_000)
    guard response.status != 200, refused[name] == nil else { return }
    refused[name] = String(decoding: response.body.prefix(1_000), as: UTF8.self)
  }

  /// A manifest's form is that of a creation, but for the vector without a name.
  private static func creation(_ fields: JSONObject) -> JSONObject {
    var body = fields
    if let vectors = body["vectors"]?.object, vectors.count == 1, let only = vectors[""] {
      body["vectors"] = only
    }
    return body
  }

  private static func target(_ name: ExactString) -> String {
    "/collections/" + segment(name.string)
  }

  private static func segment(_ name: String) -> String {
    name.utf8.map { byte in
      let isPlain =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
      if isPlain { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }
}
