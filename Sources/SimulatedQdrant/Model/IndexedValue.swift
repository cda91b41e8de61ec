import JSON

/// Which values an index of a type takes; others are passed over.
enum IndexedValue {
  static func test(for type: String) -> (JSONValue) -> Bool {
    switch type {
    case "keyword", "text": { $0.string != nil }
    case "integer": { isInteger($0) }
    case "float": { $0.number != nil }
    case "bool": { $0.bool != nil }
    case "geo": { isPlace($0) }
    case "datetime": { $0.string.map { Moment.microseconds($0) != nil } ?? false }
    case "uuid": { $0.string.map { UUIDText.canonical($0) != nil } ?? false }
    default: { _ in false }
    }
  }

  private static func isInteger(_ value: JSONValue) -> Bool {
    value.number.map { Int64($0.text) != nil } ?? false
  }

  /// Whether a value has a longitude and a latitude that exist.
  static func isPlace(_ value: JSONValue) -> Bool {
    guard let longitude = value["lon"]?.double, let latitude = value["lat"]?.double else {
      return false
    }
    return abs(longitude) <= 180 && abs(latitude) <= 90
  }
}

/// Points in time as payloads write them.
enum Moment {
  /// Microseconds since 1970 of a text of RFC 3339 or one of its shorter forms without a zone,
  /// which means UTC; nil for any other text.
  static func microseconds(_ text: String) -> Int64? {
    var reader = Reader(bytes: Array(text.utf8)[...])
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      reader.take("-"), let day = reader.number(2), (1...12).contains(month),
      (1...daysOfMonth(month, in: year)).contains(day)
    else { return nil }
    let days = dayNumber(year, month, day)
    if reader.isAtEnd { return days * 86_400_000_000 }
    guard reader.take("T") || reader.take("t") || reader.take(" "),
      let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), hour < 24,
      minute < 60
    else { return nil }
    var second: Int64 = 0
    var fraction: Int64 = 0
    if reader.take(":") {
      guard let value = reader.number(2), value < 61 else { return nil }
      second = value
      if reader.take(".") {
        guard let value = reader.microseconds() else { return nil }
        fraction = value
      }
    }
    guard let offset = reader.offset(), reader.isAtEnd else { return nil }
    let seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset
    return seconds * 1_000_000 + fraction
  }

  private static func daysOfMonth(_ month: Int64, in year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    switch month {
    case 2: return isLeap ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  /// Days since 1970, by counting from a March so that leap days come last.
  private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
  }

  /// Steps through a text of fixed parts.
  private struct Reader {
    var bytes: ArraySlice<UInt8>

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard bytes.first == UInt8(ascii: character) else { return false }
      bytes.removeFirst()
      return true
    }

    mutating func number(_ count: Int) -> Int64? {
      guard bytes.count >= count else { return nil }
      let digits = bytes.prefix(count)
      guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      bytes = bytes.dropFirst(count)
      return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    mutating func microseconds() -> Int64? {
      let digits = bytes.prefix { (0x30...0x39).contains($0) }
      guard (1...9).contains(digits.count) else { return nil }
      bytes = bytes.dropFirst(digits.count)
      let padded = Array(digits.prefix(6)) + Array(repeating: 0x30, count: max(0, 6 - digits.count))
      return padded.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Seconds east of UTC; none means UTC.
    mutating func offset() -> Int64? {
      if isAtEnd || take("Z") || take("z") { return 0 }
      let isWest = take("-")
      guard isWest || take("+"), let hours = number(2) else { return nil }
      _ = take(":")
      let minutes = isAtEnd ? 0 : number(2) ?? 60
      guard hours < 24, minutes < 60 else { return nil }
      return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
  }
}
