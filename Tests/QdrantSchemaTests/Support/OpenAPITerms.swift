import JSON
import ResourceModel

extension ValueType {
  /// What an OpenAPI file calls it.
  var openAPITypes: Set<String> {
    switch self {
    case .bool: ["boolean"]
    case .integer: ["integer"]
    case .number: ["number"]
    case .text, .oneOf, .duration: ["string"]
    case .integerOr: ["integer", "string"]
    case .word: ["object", "string"]
    case .object: ["object"]
    case .list: ["array"]
    case .textOrInteger: ["integer", "string"]
    case .any: ["any"]
    }
  }

  /// The words that a version takes.
  func openAPIValues(_ row: FieldSpec, _ version: ServerVersion) -> Set<String> {
    switch self {
    case .oneOf(let words, _):
      return Set(words.filter { word in row.valuesSince[word].map { $0 <= version } ?? true })
    case .integerOr(let word, _): return [word]
    case .word:
      guard case .removes(let value) = row.unset, let word = value.string else { return [] }
      return [word]
    default: return []
    }
  }

  /// `1…65536`; empty for what has no bounds.
  var bounds: String {
    switch self {
    case .integer(let range), .integerOr(_, let range):
      "\(range.lowerBound)…\(range.upperBound)"
    case .number(let range): "\(range.lowerBound)…\(range.upperBound)"
    default: ""
    }
  }
}

extension FieldFact {
  /// The bounds that the file gives, those of the integer's width where it gives none.
  func bounds(of type: ValueType) -> String {
    switch type {
    case .integer, .integerOr:
      let widths: [String: UInt64] = [
        "uint8": UInt64(UInt8.max), "uint32": UInt64(UInt32.max), "uint": .max, "uint64": .max,
      ]
      let upper = maximum.flatMap { UInt64(exactly: $0) } ?? format.flatMap { widths[$0] }
      let lower = minimum.flatMap { UInt64(exactly: $0) }
      return "\(lower.map { "\($0)" } ?? "?")…\(upper.map { "\($0)" } ?? "?")"
    case .number:
      return "\(minimum ?? -Double.infinity)…\(maximum ?? Double.infinity)"
    default: return ""
    }
  }
}
