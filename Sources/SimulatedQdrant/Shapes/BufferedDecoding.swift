import JSON

/// Reads a value by a shape after it was buffered: failures then have no place.
struct BufferedDecoding {
  let behaviours: Behaviours
  var log = ViolationLog()

  init(_ behaviours: Behaviours) { self.behaviours = behaviours }

  mutating func decode(_ shape: Shape, _ value: JSONValue) throws(WireFailure) -> JSONValue {
    switch shape {
    case .boolean:
      guard value.bool != nil else { throw mismatch(value, expecting: "a boolean") }
      return value
    case .integer(let kind):
      return try number(value, expecting: kind.name) { [behaviours] in kind.value($0, behaviours) }
    case .float32:
      return try number(value, expecting: "f32") { .success(BufferedDecoding.float32($0)) }
    case .float64:
      return try number(value, expecting: "f64") { .success(WireNumber.float($0.double).json) }
    case .string: return .string(try text(value, expecting: "a string"))
    case .parsed(let expecting, let parse):
      switch parse(try text(value, expecting: expecting)) {
      case .success(let canonical): return .string(canonical)
      case .failure(let failure): throw failure
      }
    case .choice(let choice): return try self.choice(choice, value)
    case .optional(let inner): return value.isNull ? .null : try decode(inner, value)
    case .structure(let structure): return try self.structure(structure, value)
    case .flattened(let structure, let part):
      return try decode(.structure(structure), value, at: part)
    case .map(let inner, let naming): return try map(inner, naming, value)
    case .list(let inner): return try list(inner, value)
    case .set(let inner): return BufferedDecoding.set(try list(inner, value))
    case .anyObject:
      guard value.object != nil else { throw mismatch(value, expecting: "a map") }
      return BufferedDecoding.withoutRepeats(value)
    case .anything: return BufferedDecoding.withoutRepeats(value)
    case .untagged(let untagged): return try self.untagged(untagged, value)
    case .depending(let shape): return try decode(shape(behaviours), value)
    case .custom(let read): return try read(value, &self)
    }
  }

  private mutating func untagged(
    _ untagged: Untagged, _ value: JSONValue
  ) throws(WireFailure) -> JSONValue {
    for variant in untagged.variants {
      var attempt = self
      do throws(WireFailure) {
        let decoded = try attempt.decode(variant, value)
        self = attempt
        return decoded
      } catch { continue }
    }
    throw untagged.refusal
  }

  private func number(
    _ value: JSONValue, expecting: String, _ make: (WireNumber) -> Result<JSONValue, WireFailure>
  ) throws(WireFailure) -> JSONValue {
    guard let text = value.number?.text, let number = WireNumber(literal: text) else {
      throw mismatch(value, expecting: expecting)
    }
    switch make(number) {
    case .success(let value): return value
    case .failure(let failure): throw failure
    }
  }

  private func text(_ value: JSONValue, expecting: String) throws(WireFailure) -> String {
    guard let text = value.string else { throw mismatch(value, expecting: expecting) }
    return text
  }

  private func choice(_ choice: Choice, _ value: JSONValue) throws(WireFailure) -> JSONValue {
    if let text = value.string {
      guard let word = choice.canonical(text) else { throw choice.refusal(text) }
      return .string(word)
    }
    guard let object = value.object, object.count == 1, let member = object.members.first else {
      throw mismatch(value, expecting: "string or map")
    }
    guard let word = choice.canonical(member.key) else { throw choice.refusal(member.key) }
    guard member.value.isNull else { throw mismatch(member.value, expecting: "unit") }
    return .string(word)
  }

  private mutating func structure(
    _ structure: Structure, _ value: JSONValue
  ) throws(WireFailure) -> JSONValue {
    var builder = StructureBuilder(structure, behaviours)
    if let elements = value.array {
      for (index, field) in builder.fields.enumerated() {
        guard index < elements.count else {
          guard case .defaulted = field.absence else { throw builder.tooShort(index) }
          continue
        }
        builder.values[index] = try decode(field.shape, elements[index], at: field.name)
      }
      guard elements.count <= builder.fields.count else {
        throw WireFailure("invalid length \(elements.count), expected fewer elements in sequence")
      }
      return try builder.finish(&log)
    }
    guard let object = value.object else {
      throw mismatch(value, expecting: "struct \(structure.name)")
    }
    for member in object.members {
      guard let index = builder.index(of: member.key) else { continue }
      try builder.announce(index)
      let field = builder.fields[index]
      builder.values[index] = try decode(field.shape, member.value, at: field.name)
    }
    return try builder.finish(&log)
  }

  /// Reads a value that stands under a name.
  mutating func decode(
    _ shape: Shape, _ value: JSONValue, at name: String
  ) throws(WireFailure) -> JSONValue {
    log.path.append(name)
    let decoded = try decode(shape, value)
    log.path.removeLast()
    return decoded
  }

  private mutating func map(
    _ inner: Shape, _ naming: MapNaming, _ value: JSONValue
  ) throws(WireFailure) -> JSONValue {
    guard let object = value.object else { throw mismatch(value, expecting: "a map") }
    var entries = SortedEntries()
    var starts: [Int] = []
    if case .flattened = naming { log.path.append("config") }
    for member in object.members {
      starts.append(log.violations.count)
      entries.add(member.key, try decode(inner, member.value, at: ""))
    }
    log.nameEntries(starts, naming: naming)
    if case .flattened = naming { log.path.removeLast() }
    return entries.value
  }

  private mutating func list(
    _ inner: Shape, _ value: JSONValue
  ) throws(WireFailure) -> JSONValue {
    guard let elements = value.array else { throw mismatch(value, expecting: "a sequence") }
    var decoded: [JSONValue] = []
    decoded.reserveCapacity(elements.count)
    var starts: [Int] = []
    for element in elements {
      starts.append(log.violations.count)
      decoded.append(try decode(inner, element, at: ""))
    }
    log.nameEntries(starts, naming: .indexed)
    return .array(decoded)
  }

  /// The failure for a value of another type.
  func mismatch(_ value: JSONValue, expecting: String) -> WireFailure {
    let found =
      switch value {
      case .null: "null"
      case .bool(let value): "boolean `\(value)`"
      case .number(let value): WireNumber(literal: value.text)?.described(behaviours) ?? "number"
      case .string(let value): "string " + RustText.debug(value)
      case .array: "sequence"
      case .object: "map"
      }
    return WireFailure("invalid type: \(found), expected \(expecting)")
  }
}

extension BufferedDecoding {
  /// A number in the form of a 32-bit float.
  static func float32(_ number: WireNumber) -> JSONValue {
    let single = Float(number.double)
    guard single.isFinite else { return number.json }
    return .number(JSONNumber(text: WireNumber.text(of: single)))
  }

  /// The elements of a list of strings, sorted, each once.
  static func set(_ list: JSONValue) -> JSONValue {
    let names = Set((list.array ?? []).compactMap(\.string).map { ExactString($0) })
    return .array(names.sorted().map { .string($0.string) })
  }

  /// The value with one member a name in every object: the first place, the last value.
  static func withoutRepeats(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(withoutRepeats))
    case .object(let object):
      var result = JSONObject()
      var places: [ExactString: Int] = [:]
      for member in object.members {
        let inner = withoutRepeats(member.value)
        if let place = places[ExactString(member.key)] {
          result.members[place].value = inner
        } else {
          places[ExactString(member.key)] = result.count
          result.members.append(JSONObject.Member(key: member.key, value: inner))
        }
      }
      return .object(result)
    default: return value
    }
  }
}

extension IntegerKind {
  /// The number when it is one of this kind.
  func value(_ number: WireNumber, _ behaviours: Behaviours) -> Result<JSONValue, WireFailure> {
    guard case .float = number else {
      if contains(number) { return .success(number.json) }
      return .failure(
        WireFailure("invalid value: \(number.described(behaviours)), expected \(name)"))
    }
    return .failure(WireFailure("invalid type: \(number.described(behaviours)), expected \(name)"))
  }
}
