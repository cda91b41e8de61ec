import JSON
import ResourceModel

/// What a rule demands of one value, by the names of its parameters.
enum Demand: Sendable {
  case atLeast(String)
  case atMost(String)
  case within(String, String)
  /// Exactly that value.
  case equals(JSONValue)
  /// One of the words of a list.
  case oneOf(String)

  /// The demand for a sentence: `at least 2`.
  func words(_ settings: PolicySettings) -> String {
    func text(_ name: String) -> String { settings.value(name)?.text() ?? "?" }
    switch self {
    case .atLeast(let least): return "at least \(text(least))"
    case .atMost(let most): return "at most \(text(most))"
    case .within(let least, let most): return "from \(text(least)) to \(text(most))"
    case .equals(let value): return value.string ?? value.text()
    case .oneOf(let list): return "one of " + settings.texts(list).joined(separator: ", ")
    }
  }

  /// Whether a value satisfies it; a word in place of a number (`auto`) is no number to bound.
  func isSatisfied(by value: JSONValue, _ settings: PolicySettings) -> Bool {
    switch self {
    case .equals(let wanted): return value == wanted
    case .oneOf(let list):
      return value.string.map { word in
        settings.texts(list).contains { $0.hasSameBytes(as: word) }
      } ?? false
    case .atLeast(let least):
      return value.double.map { $0 >= settings.number(least) } ?? true
    case .atMost(let most):
      return value.double.map { $0 <= settings.number(most) } ?? true
    case .within(let least, let most):
      return value.double.map {
        $0 >= settings.number(least) && $0 <= settings.number(most)
      } ?? true
    }
  }

  /// The value nearest to one (nil: none) that satisfies it; nil when there is no single one.
  func nearest(to value: JSONValue?, _ settings: PolicySettings) -> JSONValue? {
    switch self {
    case .equals(let wanted): return wanted
    case .atLeast(let least): return settings.value(least)
    case .atMost(let most): return settings.value(most)
    case .within(let least, let most):
      let isAbove = value?.double.map { $0 > settings.number(most) } ?? false
      return settings.value(isAbove ? most : least)
    case .oneOf(let list):
      let words = settings.texts(list)
      return words.count == 1 ? .string(words[0]) : nil
    }
  }
}
