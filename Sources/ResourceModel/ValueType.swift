/// What values a field takes, with the bounds that servers enforce.
package indirect enum ValueType: Sendable, Hashable {
  case bool
  /// A decimal integer.
  case integer(ClosedRange<UInt64>)
  /// An integer or a decimal fraction.
  case number(ClosedRange<Double>)
  /// Text of so many UTF-8 bytes.
  case text(bytes: ClosedRange<Int>)
  /// Exactly one of these words; `synonyms` are other writings that servers take, by their meaning.
  case oneOf([String], synonyms: [String: String])
  /// An integer, or that one word: `max_optimization_threads: auto`.
  case integerOr(String, ClosedRange<UInt64>)
  /// That one word only: `quantization_config: disabled`.
  case word(String)
  /// An object that says something by being there: `binary: {}`; its keys have rows of their own.
  case object
  case list(ValueType)
  /// Text or an unsigned integer: the key of a shard; `"1"` and `1` are two keys.
  case textOrInteger
  /// A number with a unit, at least one second: `30s`, `5m`, `2h`, `7d`.
  case duration
  /// Any JSON: what users keep in `metadata`.
  case any

  /// One of these words.
  package static func oneOf(_ words: [String]) -> ValueType { .oneOf(words, synonyms: [:]) }

  /// Any integer of 64 unsigned bits, which is what servers mean by `usize`.
  package static let anyInteger = ValueType.integer(0...UInt64.max)

  /// An integer of 32 unsigned bits, at least so much.
  package static func integer32(from lower: UInt64) -> ValueType {
    .integer(lower...UInt64(UInt32.max))
  }

  /// An integer of 64 unsigned bits, at least so much.
  package static func integer(from lower: UInt64) -> ValueType { .integer(lower...UInt64.max) }

  /// What is expected, for messages and the reference: `an integer from 1 to 65536`.
  package var expectation: String {
    switch self {
    case .bool: "true or false"
    case .integer(let range): "an integer" + ValueType.bounds(range)
    case .number(let range):
      range.lowerBound == -Double.infinity || range.upperBound == .infinity
        ? "a number" : "a number from \(range.lowerBound) to \(range.upperBound)"
    case .text(let bytes):
      bytes.upperBound == .max ? "text" : "text of at most \(bytes.upperBound) bytes"
    case .oneOf(let words, _):
      words.count == 1 ? words[0] : "one of " + words.joined(separator: ", ")
    case .integerOr(let word, let range): "an integer\(ValueType.bounds(range)) or '\(word)'"
    case .word(let word): "'\(word)'"
    case .object: "a mapping"
    case .list(let element): "a list of \(element.expectation)"
    case .textOrInteger: "text or an integer"
    case .duration: "a duration such as 30s, 5m or 2h"
    case .any: "any value"
    }
  }

  private static func bounds(_ range: ClosedRange<UInt64>) -> String {
    if range.upperBound >= UInt64(UInt32.max) {
      return range.lowerBound == 0 ? "" : " of at least \(range.lowerBound)"
    }
    return " from \(range.lowerBound) to \(range.upperBound)"
  }
}
