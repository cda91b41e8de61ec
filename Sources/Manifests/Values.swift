import Diagnostics
import JSON
import ResourceModel

/// Single values, by the type that their row has.
extension ManifestDecoder {
  /// The value as the server takes it, or nil after telling what is wrong.
  mutating func decode(_ type: ValueType, _ value: Int32) -> JSONValue? {
    guard reader.tree.kind(value) == .scalar else { return collection(type, value) }
    switch (type, reader.tree.scalar(value)) {
    case (.bool, .bool(let flag)): return .bool(flag)
    case (.integer(let range), .integer): return integer(range, type, value)
    case (.integerOr(_, let range), .integer): return integer(range, type, value)
    case (.number(let range), .integer), (.number(let range), .fraction):
      return number(range, type, value)
    case (.text(let bytes), .text): return text(bytes, type, value)
    case (.oneOf(let words, let synonyms), .text):
      let word = reader.tree.string(value)
      let known = words.contains { $0.hasSameBytes(as: word) }
      if known || synonyms.keys.contains(where: { $0.hasSameBytes(as: word) }) {
        return .string(word)
      }
    case (.integerOr(let word, _), .text), (.word(let word), .text):
      if reader.tree.string(value).hasSameBytes(as: word) { return .string(word) }
    case (.textOrInteger, .text): return .string(reader.tree.string(value))
    case (.textOrInteger, .integer): return integer(0...UInt64.max, type, value)
    case (.duration, .text): return duration(value)
    case (.any, _): return json(value)
    default: break
    }
    report(mismatch(type, value))
    return nil
  }

  /// Lists, and mappings where any value may stand.
  private mutating func collection(_ type: ValueType, _ value: Int32) -> JSONValue? {
    switch (type, reader.tree.kind(value)) {
    case (.any, _): return json(value)
    case (.list(let element), .sequence):
      var values: [JSONValue] = []
      for item in reader.tree.elements(of: value) {
        if isNull(item) {
          report(Messages.missingItem(at: span(item)))
        } else if let decoded = decode(element, item) {
          values.append(decoded)
        }
      }
      return .array(values)
    default:
      report(mismatch(type, value))
      return nil
    }
  }

  private mutating func integer(
    _ range: ClosedRange<UInt64>, _ type: ValueType, _ value: Int32
  ) -> JSONValue? {
    if let small = reader.tree.smallInteger(value), let amount = UInt64(exactly: small),
      range.contains(amount)
    {
      return .number(JSONNumber(small))
    }
    let text = reader.tree.string(value)
    if let amount = UInt64(text), range.contains(amount) { return .number(JSONNumber(text: text)) }
    let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    // Such bounds are left out where the type is told.
    let isHidden = range.upperBound >= UInt64(UInt32.max)
    if isDecimal, isHidden, UInt64(text).map({ $0 > range.upperBound }) ?? true {
      report(Messages.tooLarge(range.upperBound, Messages.quoted(text), at: span(value)))
      return nil
    }
    report(Messages.outOfBounds(type, Messages.quoted(text), at: span(value)))
    return nil
  }

  private mutating func number(
    _ range: ClosedRange<Double>, _ type: ValueType, _ value: Int32
  ) -> JSONValue? {
    let number = reader.tree.number(value)
    if !number.double.isFinite {
      report(Messages.numberOutOfRange(at: span(value)))
      return nil
    }
    if range.contains(number.double) { return .number(number) }
    report(
      Messages.outOfBounds(type, Messages.quoted(reader.tree.string(value)), at: span(value)))
    return nil
  }

  private mutating func text(
    _ bytes: ClosedRange<Int>, _ type: ValueType, _ value: Int32
  ) -> JSONValue? {
    let text = reader.tree.string(value)
    if bytes.contains(text.utf8.count) { return .string(text) }
    report(Messages.outOfBounds(type, "\(text.utf8.count) bytes", at: span(value)))
    return nil
  }

  private mutating func duration(_ value: Int32) -> JSONValue? {
    let text = reader.tree.string(value)
    if let seconds = ValueType.seconds(text), seconds >= 1 { return .string(text) }
    report(Messages.badDuration(Messages.quoted(text), at: span(value)))
    return nil
  }

  /// The JSON that a node means; nil after telling that there is none.
  mutating func json(_ value: Int32) -> JSONValue? {
    var reading = AnyJSON(tree: reader.tree, keys: reader.keys.strings)
    let result = reading.value(value)
    for diagnostic in reading.problems { report(diagnostic) }
    return result
  }

  /// What to say about a value of the wrong type.
  func mismatch(_ type: ValueType, _ value: Int32) -> Diagnostic {
    let place = span(value)
    let kind = reader.tree.kind(value)
    if kind != .scalar { return Messages.listOrMapping(type, found(value), at: place) }
    if case .list = type {
      return Messages.listOrMapping(
        type, found(value), at: place, hint: "write it as a list: [\(items(value))]")
    }
    let text = reader.tree.string(value)
    switch (type, reader.tree.scalar(value)) {
    case (.bool, .text): return Messages.noBoolean(text, quoted: isQuoted(value), at: place)
    case (.integer, .text), (.integerOr, .text), (.number, .text), (.integer, .fraction),
      (.integerOr, .fraction), (.textOrInteger, .fraction):
      return Messages.noNumber(type, text, quoted: isQuoted(value), at: place)
    case (.integer, .notFinite), (.number, .notFinite), (.integerOr, .notFinite):
      return Messages.notFinite(at: place)
    case (.oneOf(let words, let synonyms), .text):
      return Messages.unknownWord(type, text, words + synonyms.keys.sorted(), at: place)
    case (.word(let word), .text):
      return Messages.unknownWord(type, text, [word], at: place)
    case (.duration, _): return Messages.badDuration(found(value), at: place)
    case (.text, _), (.oneOf, _), (.word, _):
      return Messages.wrongType(
        type.expectation, found(value), at: place, hint: "put it in quotes if it is meant as text")
    default: return Messages.wrongType(type.expectation, found(value), at: place)
    }
  }

  private func isQuoted(_ value: Int32) -> Bool {
    !reader.tree.nodes[Int(reader.tree.resolved(value))].isPlain
  }

  /// The words of a text, as the items of a list.
  private func items(_ value: Int32) -> String {
    reader.tree.string(value).prefix(30).split { $0 == " " || $0 == "," }.joined(separator: ", ")
  }

  /// What a value is, in words: `the text 'x'`.
  func found(_ value: Int32) -> String {
    switch reader.tree.kind(value) {
    case .mapping: return "a mapping"
    case .sequence: return "a list"
    case .scalar, .alias:
      let text = Messages.quoted(reader.tree.string(value))
      switch reader.tree.scalar(value) {
      case .null: return "nothing"
      case .bool: return "the Boolean \(text)"
      case .integer, .fraction, .notFinite: return "the number \(text)"
      case .text: return "the text \(text)"
      }
    }
  }
}
