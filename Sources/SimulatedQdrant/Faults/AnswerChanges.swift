import JSON

extension SchemaChange {
  /// The answer in its other shape; one that is no JSON object stays as it is.
  func applied(to response: SimulatedResponse) -> SimulatedResponse {
    if case .deepResult(let levels) = self { return SchemaChange.deep(levels, response) }
    return response.withJSON { object in
      let result = object["result"] ?? .null
      switch self {
      case .nullResult: object["result"] = .null
      case .noResult: object["result"] = nil
      case .listResult: object["result"] = .array([result])
      case .textResult: object["result"] = "surprise"
      case .emptyObject: object = JSONObject()
      case .extraMembers: object = SchemaChange.extended(.object(object)).object ?? object
      case .without(let path): object = SchemaChange.without(path[...], in: object)
      case .deepResult: break
      }
    }
  }

  /// Written as text: a value of that depth could not be written, nor freed, without recursion.
  private static func deep(_ levels: Int, _ response: SimulatedResponse) -> SimulatedResponse {
    var changed = response
    changed.body =
      Array("{\"result\":".utf8) + Array(repeating: UInt8(ascii: "["), count: max(0, levels))
      + Array(repeating: UInt8(ascii: "]"), count: max(0, levels))
      + Array(",\"status\":\"ok\",\"time\":0.000012}".utf8)
    return changed
  }

  private static func extended(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(extended))
    case .object(let object):
      var members = object.members.map {
        JSONObject.Member(key: $0.key, value: extended($0.value))
      }
      members.append(JSONObject.Member(key: "never_heard_of", value: [1, .null, "x"]))
      return .object(JSONObject(members))
    default: return value
    }
  }

  private static func without(_ path: ArraySlice<String>, in object: JSONObject) -> JSONObject {
    guard let name = path.first else { return object }
    var changed = object
    let rest = path.dropFirst()
    if rest.isEmpty {
      changed[name] = nil
    } else if let inner = object[name]?.object {
      changed[name] = .object(without(rest, in: inner))
    }
    return changed
  }
}

extension SimulatedResponse {
  /// The collection as a server reports it whose shard cannot: no indexes, no points, and no word
  /// about it (failure-modes 0, finding 5).
  func withoutInfo() -> SimulatedResponse {
    withJSON { object in
      guard var result = object["result"]?.object, result["payload_schema"] != nil else { return }
      result["payload_schema"] = [:]
      for name in ["points_count", "indexed_vectors_count", "segments_count"]
      where result[name] != nil {
        result[name] = 0
      }
      object["result"] = .object(result)
    }
  }

  /// The answer with its JSON changed.
  fileprivate func withJSON(_ change: (inout JSONObject) -> Void) -> SimulatedResponse {
    guard let value = try? JSONParser.parse(body), var object = value.object else { return self }
    change(&object)
    var changed = self
    changed.body = JSONValue.object(object).bytes()
    return changed
  }
}
