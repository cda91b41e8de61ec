/// A body, path or query that cannot be read, in the words that the real server's reader uses.
struct WireFailure: Error, Sendable, Equatable {
  /// A place in a body: both count from 1, the column in bytes.
  struct Position: Sendable, Equatable {
    var line: Int
    var column: Int
  }

  var message: String
  /// Where reading stood; nil until a reader of text has passed the failure on, and for good when
  /// the value was buffered first (an untagged choice at the top).
  var position: Position?

  init(_ message: String, at position: Position? = nil) {
    self.message = message
    self.position = position
  }

  /// The text as a client sees it.
  var text: String {
    guard let position else { return message }
    return "\(message) at line \(position.line) column \(position.column)"
  }
}

/// The complaints of the JSON reader itself.
enum Syntax {
  static let endInList = "EOF while parsing a list"
  static let endInObject = "EOF while parsing an object"
  static let endInString = "EOF while parsing a string"
  static let endInValue = "EOF while parsing a value"
  static let expectedColon = "expected `:`"
  static let expectedListEnd = "expected `,` or `]`"
  static let expectedObjectEnd = "expected `,` or `}`"
  static let expectedIdentifier = "expected ident"
  static let expectedValue = "expected value"
  static let invalidEscape = "invalid escape"
  static let invalidNumber = "invalid number"
  static let numberOutOfRange = "number out of range"
  static let invalidCodePoint = "invalid unicode code point"
  static let controlCharacter = "control character (\\u0000-\\u001F) found while parsing a string"
  static let keyMustBeString = "key must be a string"
  static let loneSurrogate = "lone leading surrogate in hex escape"
  static let trailingComma = "trailing comma"
  static let trailingCharacters = "trailing characters"
  static let endOfHexEscape = "unexpected end of hex escape"
  static let tooDeep = "recursion limit exceeded"
}
