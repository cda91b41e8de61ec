import JSON

/// The path of a payload field: names, indices and "every element", as `a."b c"[].d[0]`.
struct FieldPath: Sendable, Hashable {
  /// One step.
  enum Step: Sendable, Hashable {
    case key(ExactString)
    case index(Int)
    case every
  }

  var steps: [Step]

  /// Reads a path; nil when the server would refuse it.
  init?(_ text: String) {
    steps = []
    var rest = text.unicodeScalars[...]
    guard let first = FieldPath.key(&rest) else { return nil }
    steps.append(.key(first))
    while let scalar = rest.first {
      rest.removeFirst()
      switch scalar {
      case "[":
        guard let step = FieldPath.bracket(&rest) else { return nil }
        steps.append(step)
      case ".":
        guard let key = FieldPath.key(&rest) else { return nil }
        steps.append(.key(key))
      default: return nil
      }
    }
  }

  private static func bracket(_ rest: inout Substring.UnicodeScalarView) -> Step? {
    guard let end = rest.firstIndex(of: "]") else { return nil }
    let inside = String(rest[..<end])
    rest = rest[rest.index(after: end)...]
    if inside.isEmpty { return .every }
    guard inside.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = Int(inside) else {
      return nil
    }
    return .index(index)
  }

  private static func key(_ rest: inout Substring.UnicodeScalarView) -> ExactString? {
    if rest.first == "\"" {
      rest.removeFirst()
      guard let end = rest.firstIndex(of: "\"") else { return nil }
      let name = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      return ExactString(name)
    }
    let end = rest.firstIndex { !isPlain($0) } ?? rest.endIndex
    guard end > rest.startIndex else { return nil }
    let name = String(rest[..<end])
    rest = rest[end...]
    return ExactString(name)
  }

  /// Whether a name may hold this without quotes.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic
      || scalar.properties.numericType != nil
  }

  /// The canonical text: quotes only where they are needed.
  var text: String {
    var output = ""
    for step in steps {
      switch step {
      case .key(let key):
        if !output.isEmpty { output += "." }
        let plain = !key.string.isEmpty && key.string.unicodeScalars.allSatisfy(FieldPath.isPlain)
        output += plain ? key.string : "\"\(key.string)\""
      case .index(let index): output += "[\(index)]"
      case .every: output += "[]"
      }
    }
    return output
  }

  /// The values that stand there in a payload; a list at the end counts as its elements.
  func values(in payload: JSONObject) -> [JSONValue] {
    var found: [JSONValue] = [.object(payload)]
    for step in steps {
      found = found.flatMap { value -> [JSONValue] in
        switch step {
        case .key(let key): value.object?[key.string].map { [$0] } ?? []
        case .index(let index):
          value.array.flatMap { $0.indices.contains(index) ? [$0[index]] : nil } ?? []
        case .every: value.array ?? []
        }
      }
    }
    return found.flatMap { $0.array ?? [$0] }
  }
}
