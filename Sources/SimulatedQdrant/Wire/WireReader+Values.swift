import JSON

extension WireReader {
  /// Any value, kept with repeated members and with numbers as the server keeps them.
  mutating func buffered() throws(WireFailure) -> JSONValue {
    switch try startOfValue() {
    case UInt8(ascii: "n"):
      index += 1
      try finish("ull")
      return .null
    case UInt8(ascii: "t"):
      index += 1
      try finish("rue")
      return true
    case UInt8(ascii: "f"):
      index += 1
      try finish("alse")
      return false
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number().json
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["): return try bufferedList()
    case UInt8(ascii: "{"): return try bufferedObject()
    default: throw peekFailure(Syntax.expectedValue)
    }
  }

  private mutating func bufferedList() throws(WireFailure) -> JSONValue {
    try enter()
    var elements: [JSONValue] = []
    while try hasNextElement(isFirst: elements.isEmpty) { elements.append(try buffered()) }
    leave()
    try endOfList()
    return .array(elements)
  }

  private mutating func bufferedObject() throws(WireFailure) -> JSONValue {
    try enter()
    var object = JSONObject()
    while try hasNextKey(isFirst: object.isEmpty) {
      let key = try string()
      try colon()
      object.members.append(JSONObject.Member(key: key, value: try buffered()))
    }
    leave()
    try endOfObject()
    return .object(object)
  }

  /// Steps over a value that nobody asked for, however deep.
  mutating func skipValue() throws(WireFailure) {
    var closers: [UInt8] = []
    while true {
      switch try startOfValue() {
      case UInt8(ascii: "n"):
        index += 1
        try finish("ull")
      case UInt8(ascii: "t"):
        index += 1
        try finish("rue")
      case UInt8(ascii: "f"):
        index += 1
        try finish("alse")
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try number()
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: "["):
        index += 1
        if try hasNextElement(isFirst: true) {
          closers.append(UInt8(ascii: "]"))
          continue
        }
        index += 1
      case UInt8(ascii: "{"):
        index += 1
        if try hasNextKey(isFirst: true) {
          closers.append(UInt8(ascii: "}"))
          _ = try string()
          try colon()
          continue
        }
        index += 1
      default: throw peekFailure(Syntax.expectedValue)
      }
      guard try climb(&closers) else { return }
    }
  }

  /// Steps over ends of containers; false when none is open any more.
  private mutating func climb(_ closers: inout [UInt8]) throws(WireFailure) -> Bool {
    while let closer = closers.last {
      if closer == UInt8(ascii: "]") {
        if try hasNextElement(isFirst: false) { return true }
      } else if try hasNextKey(isFirst: false) {
        _ = try string()
        try colon()
        return true
      }
      index += 1
      closers.removeLast()
    }
    return false
  }
}
