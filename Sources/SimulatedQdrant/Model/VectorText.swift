import JSON

/// Vectors as they are stored and shown: 32-bit floats in their shortest form.
enum VectorText {
  /// A number as the server prints a 32-bit float.
  static func number(_ value: Float) -> JSONValue {
    .number(JSONNumber(text: value.isFinite ? value.description : "0.0"))
  }

  /// The components of a dense vector; nil when it is none.
  static func components(_ value: JSONValue) -> [Float]? {
    guard let list = value.array else { return nil }
    var components: [Float] = []
    components.reserveCapacity(list.count)
    for element in list {
      guard let number = element.double else { return nil }
      components.append(Float(number))
    }
    return components
  }

  /// A sparse vector with its values as 32-bit floats.
  static func sparse(_ value: JSONValue) -> JSONValue {
    guard var object = value.object, let values = object["values"].flatMap(components) else {
      return value
    }
    object["values"] = .array(values.map(number))
    return .object(object)
  }

  /// The stored form: cosine vectors are normalised, but for bytes, which stay as they are.
  static func stored(_ components: [Float], distance: String, datatype: String?) -> JSONValue {
    if datatype == "uint8" {
      return .array(components.map { number(Float(UInt8(max(0, min(255, $0))))) })
    }
    guard distance == "Cosine" else { return .array(components.map(number)) }
    let length = components.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    guard length > .ulpOfOne, abs(length - 1) > 1e-6 else {
      return .array(components.map(number))
    }
    return .array(components.map { number($0 / length) })
  }

  /// How near two vectors are, the best first.
  static func score(_ left: [Float], _ right: [Float], distance: String) -> Float {
    switch distance {
    case "Euclid":
      return zip(left, right).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    case "Manhattan":
      return zip(left, right).reduce(Float(0)) { $0 + abs($1.0 - $1.1) }
    default: return zip(left, right).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    }
  }
}
