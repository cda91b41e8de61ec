package import JSON

extension ValueType {
  /// Whether a value is one of this type and within its bounds, as a server would judge it.
  ///
  /// `4.0` is no integer and `"4"` no number, as on servers. Which words a version knows is the
  /// row's business (`valuesSince`).
  package func accepts(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.bool, .bool), (.object, .object), (.any, _): true
    case (.integer(let range), .number(let number)):
      number.unsigned.map(range.contains) ?? false
    case (.number(let range), .number(let number)): range.contains(number.double)
    case (.text(let bytes), .string(let text)): bytes.contains(text.utf8.count)
    case (.oneOf(let words, let synonyms), .string(let word)):
      words.contains { $0.hasSameBytes(as: word) }
        || synonyms.keys.contains { $0.hasSameBytes(as: word) }
    case (.integerOr(_, let range), .number(let number)):
      number.unsigned.map(range.contains) ?? false
    case (.integerOr(let only, _), .string(let word)), (.word(let only), .string(let word)):
      only.hasSameBytes(as: word)
    case (.list(let element), .array(let values)): values.allSatisfy(element.accepts)
    case (.textOrInteger, .string): true
    case (.textOrInteger, .number(let number)): number.unsigned != nil
    case (.duration, .string(let text)): (ValueType.seconds(text) ?? 0) > 0
    default: false
    }
  }

  /// The seconds of a duration as people write them: `30s`, `5m`, `2h`, `7d`; nil when the text is
  /// none, or too long.
  package static func seconds(_ text: String) -> Int? {
    let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty, let amount = Int(String(digits) ?? "") else { return nil }
    let units = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    guard let unit = units[String(text.dropFirst(digits.count))] else { return nil }
    let (product, overflow) = amount.multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }
}
