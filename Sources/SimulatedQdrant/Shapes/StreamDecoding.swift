import JSON

/// Reads a body by a shape, straight from its text.
struct StreamDecoding {
  var reader: WireReader
  let behaviours: Behaviours
  var log = ViolationLog()

  init(_ bytes: [UInt8], _ behaviours: Behaviours) {
    reader = WireReader(bytes)
    self.behaviours = behaviours
  }

  /// Reads the whole body.
  mutating func document(_ shape: Shape) throws(WireFailure) -> JSONValue {
    let value = try decode(shape)
    try reader.endOfText()
    return value
  }

  mutating func decode(_ shape: Shape) throws(WireFailure) -> JSONValue {
    switch shape {
    case .boolean: return try boolean()
    case .integer(let kind):
      return try number(expecting: kind.name) { [behaviours] in kind.value($0, behaviours) }
    case .float32:
      return try number(expecting: "f32") { .success(BufferedDecoding.float32($0)) }
    case .float64:
      return try number(expecting: "f64") {
        .success(WireNumber.float($0.double).json)
      }
    case .string: return .string(try text(expecting: "a string"))
    case .parsed(let expecting, let parse):
      let text = try text(expecting: expecting)
      switch parse(text) {
      case .success(let canonical): return .string(canonical)
      case .failure(let failure): throw reader.placed(failure)
      }
    case .choice(let choice): return try self.choice(choice)
    case .optional(let inner):
      guard reader.skipBlanks() == UInt8(ascii: "n") else { return try decode(inner) }
      reader.index += 1
      try reader.finish("ull")
      return .null
    case .structure(let structure): return try self.structure(structure)
    case .flattened(let structure, _): return try flattened(shape, structure)
    case .map(let inner, let naming): return try map(inner, naming)
    case .list(let inner): return try list(inner)
    case .set(let inner): return BufferedDecoding.set(try list(inner))
    case .anyObject:
      guard try reader.startOfValue() == UInt8(ascii: "{") else {
        throw mismatch(expecting: "a map")
      }
      return BufferedDecoding.withoutRepeats(try reader.buffered())
    case .anything: return BufferedDecoding.withoutRepeats(try reader.buffered())
    case .untagged, .custom: return try viaBuffer(shape)
    case .depending(let shape): return try decode(shape(behaviours))
    }
  }

  private mutating func flattened(
    _ shape: Shape, _ structure: Structure
  ) throws(WireFailure) -> JSONValue {
    guard try reader.startOfValue() == UInt8(ascii: "{") else {
      throw mismatch(expecting: "struct " + structure.name)
    }
    do throws(WireFailure) { return try viaBuffer(shape) } catch { throw reader.placed(error) }
  }

  private mutating func viaBuffer(_ shape: Shape) throws(WireFailure) -> JSONValue {
    let content = try reader.buffered()
    var inner = BufferedDecoding(behaviours)
    inner.log = log
    let value = try inner.decode(shape, content)
    log = inner.log
    return value
  }

  /// The failure for a value of another type; steps over it as far as the server does.
  mutating func mismatch(expecting: String) -> WireFailure {
    do throws(WireFailure) {
      let found = try unexpected()
      return reader.failure("invalid type: \(found), expected \(expecting)")
    } catch { return reader.placed(error) }
  }

  private mutating func unexpected() throws(WireFailure) -> String {
    switch try reader.startOfValue() {
    case UInt8(ascii: "n"):
      reader.index += 1
      try reader.finish("ull")
      return "null"
    case UInt8(ascii: "t"):
      reader.index += 1
      try reader.finish("rue")
      return "boolean `true`"
    case UInt8(ascii: "f"):
      reader.index += 1
      try reader.finish("alse")
      return "boolean `false`"
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try reader.number().described(behaviours)
    case UInt8(ascii: "\""): return "string " + RustText.debug(try reader.string())
    case UInt8(ascii: "["): return "sequence"
    case UInt8(ascii: "{"): return "map"
    default: throw reader.peekFailure(Syntax.expectedValue)
    }
  }

  private mutating func boolean() throws(WireFailure) -> JSONValue {
    switch try reader.startOfValue() {
    case UInt8(ascii: "t"):
      reader.index += 1
      try reader.finish("rue")
      return true
    case UInt8(ascii: "f"):
      reader.index += 1
      try reader.finish("alse")
      return false
    default: throw mismatch(expecting: "a boolean")
    }
  }

  private mutating func number(
    expecting: String, _ make: (WireNumber) -> Result<JSONValue, WireFailure>
  ) throws(WireFailure) -> JSONValue {
    switch try reader.startOfValue() {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let number = try reader.number()
      switch make(number) {
      case .success(let value): return value
      case .failure(let failure): throw reader.placed(failure)
      }
    default: throw mismatch(expecting: expecting)
    }
  }

  private mutating func text(expecting: String) throws(WireFailure) -> String {
    guard try reader.startOfValue() == UInt8(ascii: "\"") else {
      throw mismatch(expecting: expecting)
    }
    return try reader.string()
  }

  private mutating func choice(_ choice: Choice) throws(WireFailure) -> JSONValue {
    switch try reader.startOfValue() {
    case UInt8(ascii: "\""):
      let text = try reader.string()
      guard let word = choice.canonical(text) else { throw reader.placed(choice.refusal(text)) }
      return .string(word)
    case UInt8(ascii: "{"):
      try reader.enter()
      let text = try self.text(expecting: "variant identifier")
      guard let word = choice.canonical(text) else { throw reader.placed(choice.refusal(text)) }
      try reader.colon()
      guard try reader.startOfValue() == UInt8(ascii: "n") else {
        throw mismatch(expecting: "unit")
      }
      reader.index += 1
      try reader.finish("ull")
      reader.leave()
      guard let next = reader.skipBlanks() else { throw reader.failure(Syntax.endInObject) }
      guard next == UInt8(ascii: "}") else { throw reader.failure(Syntax.expectedValue) }
      reader.index += 1
      return .string(word)
    default: throw reader.peekFailure(Syntax.expectedValue)
    }
  }
}
