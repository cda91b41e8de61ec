import JSON

/// Settings of vectors as the real server prints them for its developers.
enum RustDebug {
  /// The vectors of a collection.
  static func vectors(_ params: JSONObject, _ behaviours: Behaviours) -> String {
    guard let vectors = params["vectors"]?.object else { return "Multi({})" }
    if vectors["size"]?.number != nil { return "Single(\(vector(.object(vectors), behaviours)))" }
    let entries = vectors.members.map {
      RustText.debug($0.key) + ": " + vector($0.value, behaviours)
    }
    return "Multi({" + entries.joined(separator: ", ") + "})"
  }

  private static func vector(_ value: JSONValue, _ behaviours: Behaviours) -> String {
    let memory = "memory: " + optional(value["memory"]) { camel($0.string ?? "") }
    let fields = [
      "size: " + (value["size"]?.number?.text ?? "0"),
      "distance: " + (value["distance"]?.string ?? ""),
      "hnsw_config: " + optional(value["hnsw_config"]) { graph($0, behaviours) },
      "quantization_config: " + optional(value["quantization_config"]) { quantization($0) },
      "on_disk: " + optional(value["on_disk"]) { $0.text() },
      behaviours.knowsMemory ? memory : nil,
      "datatype: " + optional(value["datatype"]) { camel($0.string ?? "") },
      "multivector_config: "
        + optional(value["multivector_config"]) { _ in
          "MultiVectorConfig { comparator: MaxSim }"
        },
    ]
    return "VectorParams { " + fields.compactMap(\.self).joined(separator: ", ") + " }"
  }

  private static func graph(_ value: JSONValue, _ behaviours: Behaviours) -> String {
    let fields = Shapes.hnsw.fields(behaviours).map { field in
      field.name + ": " + optional(value[field.name]) { $0.string.map(camel) ?? $0.text() }
    }
    return "HnswConfigDiff { " + fields.joined(separator: ", ") + " }"
  }

  private static func quantization(_ value: JSONValue) -> String {
    guard let member = value.object?.members.first else { return "" }
    let kind = camel(member.key)
    let settings = member.value.object?.members ?? []
    let fields = settings.map { setting in
      let text = setting.value.string.map { camel($0) } ?? setting.value.text()
      return ["type", "compression"].contains(setting.key)
        ? "\(setting.key): \(text)" : "\(setting.key): Some(\(text))"
    }
    let inner = "\(kind)QuantizationConfig { " + fields.joined(separator: ", ") + " }"
    return "\(kind)(\(kind)Quantization { \(member.key): \(inner) })"
  }

  private static func optional(_ value: JSONValue?, _ text: (JSONValue) -> String) -> String {
    guard let value, !value.isNull else { return "None" }
    return "Some(\(text(value)))"
  }

  private static func camel(_ word: String) -> String {
    word.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
