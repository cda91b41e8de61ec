import JSON
import ResourceModel
import SimulatedQdrant

/// Loads what was read of a server into a simulated one.
enum StateLoader {
  /// A server with those collections, indexes and aliases, and no points.
  static func server(with observed: ObservedCluster) -> SimulatedServer {
    var server = SimulatedServer(
      settings: SimulatedSettings(version: .v1_18_3, environment: [:]))
    func send(_ method: String, _ target: String, _ body: JSONObject) {
      let request = SimulatedRequest(
        method: method, target: target,
        headers: [(name: "content-type", value: "application/json")],
        body: JSONValue.object(body).bytes())
      _ = server.handle(request, now: 1_700_000_000)
    }
    for (name, collection) in observed.collections.sorted(by: { $0.key < $1.key }) {
      let target = "/collections/" + segment(name.string)
      send("PUT", target, creation(collection.fields))
      let later = collection.fields.members.filter { $0.key.hasPrefix("read_fan_out") }
      if !later.isEmpty { send("PATCH", target, ["params": .object(JSONObject(later))]) }
      for (field, index) in collection.indexes.sorted(by: { $0.key < $1.key }) {
        send(
          "PUT", target + "/index?wait=true",
          ["field_name": .string(field.string), "field_schema": .object(index)])
      }
    }
    for (alias, collection) in observed.aliases.sorted(by: { $0.key < $1.key })
    where observed.collections[collection] != nil {
      send(
        "POST", "/collections/aliases",
        [
          "actions": [
            [
              "create_alias": [
                "alias_name": .string(alias.string), "collection_name": .string(collection.string),
              ]
            ]
          ]
        ])
    }
    return server
  }

  /// A manifest's form is that of a creation, but for the vector without a name.
  private static func creation(_ fields: JSONObject) -> JSONObject {
    var body = fields
    if let vectors = body["vectors"]?.object, vectors.count == 1, let only = vectors[""] {
      body["vectors"] = only
    }
    return body
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
