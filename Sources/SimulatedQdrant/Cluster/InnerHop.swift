import JSON

/// What becomes of a collection's description when one peer asks another for it: numbers, empty
/// objects and short forms change (recorded on 1.18.3, cluster/answers-over-the-inner-hop).
enum InnerHop {
  static func passed(_ shown: JSONValue) -> JSONValue {
    guard var object = shown.object else { return shown }
    object.withObject(at: "config") { config in
      guard let metadata = config["metadata"]?.object else { return }
      config["metadata"] = metadata.isEmpty ? Optional.none : number(.object(metadata))
    }
    object.withObject(at: "payload_schema") { schema in
      for place in schema.members.indices {
        var entry = schema.members[place].value.object ?? JSONObject()
        guard let language = entry["params"]?["stopwords"]?.string else { continue }
        entry.withObject(at: "params") { $0["stopwords"] = ["languages": [.string(language)]] }
        schema.members[place].value = .object(entry)
      }
    }
    return .object(object)
  }

  /// Integers travel as signed ones, larger ones as floating-point numbers.
  private static func number(_ value: JSONValue) -> JSONValue {
    switch value {
    case .number(let number):
      guard number.isIntegerLiteral, Int64(number.text) == nil else { return value }
      return .double(number.double)
    case .array(let elements): return .array(elements.map { self.number($0) })
    case .object(let object):
      return .object(
        JSONObject(
          object.members.map { JSONObject.Member(key: $0.key, value: self.number($0.value)) }))
    default: return value
    }
  }
}
