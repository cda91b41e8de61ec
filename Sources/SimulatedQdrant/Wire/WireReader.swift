/// Reads JSON text token by token and stands, after a failure, where the real reader stands.
///
/// The places in error texts are those of serde_json's reader of slices; they follow from when it
/// steps over a byte and when it only looks at it, so its steps are repeated here one by one.
struct WireReader {
  let bytes: [UInt8]
  /// Bytes that were stepped over.
  var index = 0
  /// Levels of lists and objects that may still be opened.
  private var levels = 128

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func position(of index: Int) -> WireFailure.Position {
    var line = 1
    var start = 0
    for place in 0..<min(index, bytes.count) where bytes[place] == 0x0A {
      line += 1
      start = place + 1
    }
    return WireFailure.Position(line: line, column: index - start)
  }

  /// A failure where reading stands.
  func failure(_ message: String) -> WireFailure {
    WireFailure(message, at: position(of: index))
  }

  /// A failure at the byte that is looked at.
  func peekFailure(_ message: String) -> WireFailure {
    WireFailure(message, at: position(of: min(bytes.count, index + 1)))
  }

  /// Gives a failure that has no place yet the present one.
  func placed(_ failure: WireFailure) -> WireFailure {
    guard failure.position == nil else { return failure }
    return WireFailure(failure.message, at: position(of: index))
  }

  /// The byte that comes next, if any.
  var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// Steps over blanks and looks at what comes.
  mutating func skipBlanks() -> UInt8? {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x0A, 0x09, 0x0D: index += 1
      default: return bytes[index]
      }
    }
    return nil
  }

  /// Looks at the first byte of a value.
  mutating func startOfValue() throws(WireFailure) -> UInt8 {
    guard let byte = skipBlanks() else { throw peekFailure(Syntax.endInValue) }
    return byte
  }

  /// Steps over the rest of `null`, `true` or `false`, whose first letter was stepped over.
  mutating func finish(_ rest: StaticString) throws(WireFailure) {
    for offset in 0..<rest.utf8CodeUnitCount {
      guard index < bytes.count else { throw failure(Syntax.endInValue) }
      let byte = bytes[index]
      index += 1
      guard byte == rest.utf8Start[offset] else { throw failure(Syntax.expectedIdentifier) }
    }
  }

  mutating func enter() throws(WireFailure) {
    levels -= 1
    guard levels > 0 else { throw peekFailure(Syntax.tooDeep) }
    index += 1
  }

  mutating func leave() { levels += 1 }

  /// Whether another member follows; then reading stands on the quote of its name.
  mutating func hasNextKey(isFirst: Bool) throws(WireFailure) -> Bool {
    var next = skipBlanks()
    switch next {
    case UInt8(ascii: "}"): return false
    case UInt8(ascii: ",") where !isFirst:
      index += 1
      next = skipBlanks()
    case nil: throw peekFailure(Syntax.endInObject)
    default:
      guard isFirst else { throw peekFailure(Syntax.expectedObjectEnd) }
    }
    switch next {
    case UInt8(ascii: "\""): return true
    case UInt8(ascii: "}"): throw peekFailure(Syntax.trailingComma)
    case nil: throw peekFailure(Syntax.endInValue)
    default: throw peekFailure(Syntax.keyMustBeString)
    }
  }

  /// Whether another element follows.
  mutating func hasNextElement(isFirst: Bool) throws(WireFailure) -> Bool {
    switch skipBlanks() {
    case UInt8(ascii: "]"): return false
    case UInt8(ascii: ",") where !isFirst:
      index += 1
      switch skipBlanks() {
      case UInt8(ascii: "]"): throw peekFailure(Syntax.trailingComma)
      case nil: throw peekFailure(Syntax.endInValue)
      default: return true
      }
    case nil: throw peekFailure(Syntax.endInList)
    default:
      guard isFirst else { throw peekFailure(Syntax.expectedListEnd) }
      return true
    }
  }

  mutating func colon() throws(WireFailure) {
    switch skipBlanks() {
    case UInt8(ascii: ":"): index += 1
    case nil: throw peekFailure(Syntax.endInObject)
    default: throw peekFailure(Syntax.expectedColon)
    }
  }

  mutating func endOfObject() throws(WireFailure) {
    switch skipBlanks() {
    case UInt8(ascii: "}"): index += 1
    case UInt8(ascii: ","): throw peekFailure(Syntax.trailingComma)
    case nil: throw peekFailure(Syntax.endInObject)
    default: throw peekFailure(Syntax.trailingCharacters)
    }
  }

  mutating func endOfList() throws(WireFailure) {
    switch skipBlanks() {
    case UInt8(ascii: "]"): index += 1
    case UInt8(ascii: ","):
      index += 1
      if skipBlanks() == UInt8(ascii: "]") { throw peekFailure(Syntax.trailingComma) }
      throw peekFailure(Syntax.trailingCharacters)
    case nil: throw peekFailure(Syntax.endInList)
    default: throw peekFailure(Syntax.trailingCharacters)
    }
  }

  mutating func endOfText() throws(WireFailure) {
    if skipBlanks() != nil { throw peekFailure(Syntax.trailingCharacters) }
  }
}
